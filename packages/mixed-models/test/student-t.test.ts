import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { studentQuantile, upperQuantile } from "mixed-models";
import { projectPath } from "test-support/project";
import { findRoot } from "../src/numerics/find-root";
import { betaBelow, logBeta } from "../src/numerics/incomplete-beta";
import { upperTail } from "../src/numerics/normal";
import { fisherTail, studentTail, studentTwoSided } from "../src/numerics/student-t";

interface Golden {
  readonly tails: readonly { readonly t: number; readonly df: number; readonly p: number }[];
  readonly quantiles: readonly { readonly p: number; readonly df: number; readonly t: number }[];
  readonly fs: readonly {
    readonly f: number;
    readonly above: number;
    readonly below: number;
    readonly p: number;
  }[];
  readonly betas: readonly { readonly a: number; readonly b: number; readonly log: number }[];
}

// From student-t.R.
const golden: Golden = JSON.parse(
  readFileSync(projectPath("packages", "mixed-models", "test", "student-t.golden.json"), "utf8"),
);

function close(found: number, expected: number, tolerance: number, where: string): void {
  const distance = Math.abs(found - expected);
  assert.ok(
    distance <= tolerance * Math.abs(expected) || distance < 1e-300,
    `${where}: ${found}, not ${expected}`,
  );
}

describe("studentTail", () => {
  it("agrees with R's pt, far into the tail too", () => {
    for (const { t, df, p } of golden.tails) close(studentTail(t, df), p, 3e-12, `${t}, ${df}`);
  });

  it("is that of the normal distribution for infinitely many degrees of freedom", () => {
    assert.equal(studentTail(1.3, Number.POSITIVE_INFINITY), upperTail(1.3));
    close(studentTail(1.3, 1e12), upperTail(1.3), 1e-11, "1e12");
  });

  it("adds up to 1 on both sides, and doubles for a two-sided test", () => {
    close(studentTail(-1.7, 4.2) + studentTail(1.7, 4.2), 1, 1e-15, "sum");
    close(studentTwoSided(-1.7, 4.2), 2 * studentTail(1.7, 4.2), 1e-15, "two-sided");
    assert.equal(studentTwoSided(Number.POSITIVE_INFINITY, 3), 0);
  });
});

describe("studentQuantile", () => {
  // Far out with few degrees of freedom qt is right to 7 digits only, and pt says that ours is the better value.
  it("agrees with R's qt, and inverts the tail", () => {
    for (const { p, df, t } of golden.quantiles) {
      if (p === 0.5) assert.ok(Math.abs(studentQuantile(p, df)) < 1e-15);
      else close(studentQuantile(p, df), t, df < 1 ? 1e-6 : 1e-11, `${p}, ${df}`);
      close(studentTail(studentQuantile(p, df), df), p, 1e-12, `${p}, ${df}`);
    }
  });

  it("is that of the normal distribution for infinitely many degrees of freedom", () => {
    assert.equal(studentQuantile(0.025, Number.POSITIVE_INFINITY), upperQuantile(0.025));
  });
});

describe("fisherTail", () => {
  it("agrees with R's pf", () => {
    for (const { f, above, below, p } of golden.fs) {
      close(fisherTail(f, above, below), p, 1e-11, `${f}, ${above}, ${below}`);
    }
  });

  it("is the two-sided t probability for one degree of freedom above", () => {
    close(fisherTail(2.3 ** 2, 1, 6.5), studentTwoSided(2.3, 6.5), 1e-13, "t");
  });
});

describe("betaBelow", () => {
  it("agrees with R's lbeta in its constant", () => {
    for (const { a, b, log } of golden.betas) {
      assert.ok(Math.abs(logBeta(a, b) - log) < 1e-12 * Math.max(1, Math.abs(log)), `${a}, ${b}`);
    }
  });

  it("is 1 less its mirror image", () => {
    for (const x of [0.01, 0.3, 0.77]) {
      const sum = betaBelow(x, 1 - x, 2.3, 0.7) + betaBelow(1 - x, x, 0.7, 2.3);
      close(sum, 1, 1e-14, `${x}`);
    }
  });
});

describe("findRoot", () => {
  it("finds roots of flat, steep and bent functions", () => {
    close(
      findRoot((x) => x ** 9 - 1e-9, 0, 4),
      0.1,
      1e-9,
      "flat",
    );
    close(
      findRoot((x) => Math.exp(50 * x) - 7, -3, 3),
      Math.log(7) / 50,
      1e-9,
      "steep",
    );
    assert.equal(
      findRoot((x) => x, 0, 3),
      0,
    );
  });

  it("refuses ends of one sign", () => {
    assert.throws(() => findRoot((x) => 1 + x * x, -1, 1), RangeError);
  });
});
