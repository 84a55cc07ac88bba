// Posterior modes beside lme4's deviance with the same prior; see prior.R.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "kit";
import { compareFits, fitMixed, fitToText, profileInterval, type Table } from "mixed-models";
import { groupInfluence } from "mixed-models/diagnostics";
import { projectPath } from "test-support/project";
import { temporaryFolder } from "test-support/temporary";
import { fitToJson, restoreFit } from "../src/node";

const GOLDEN = projectPath(join("packages", "mixed-models", "test", "prior.golden.json"));
const { data, cases } = JSON.parse(readFileSync(GOLDEN, "utf8")) as {
  readonly data: Table;
  readonly cases: readonly {
    readonly kind: "cauchy" | "normal";
    readonly scale: number;
    readonly interceptScale: number;
    readonly theta: number;
    readonly beta: readonly number[];
    readonly logLik: number;
  }[];
};
const FORMULA = "y ~ kind + x + (1 | g)";
const fitWith = (prior: "cauchy" | "normal") =>
  fitMixed(FORMULA, data, { family: "binomial", prior });

describe("priors of fixed effects", () => {
  for (const { theta, beta, logLik, ...prior } of cases) {
    it(`give the mode that R finds: ${JSON.stringify(prior)}`, () => {
      const fit = fitMixed(FORMULA, data, { family: "binomial", prior });
      assert.ok(fit.converged);
      for (const [at, value] of [...beta, theta].entries()) {
        const own = fit.coefficients[at]?.estimate ?? fit.theta[0] ?? 0;
        assert.ok(Math.abs(own - value) < 2e-4 * (1 + Math.abs(value)), `${own}, not ${value}`);
      }
      assert.ok(Math.abs(fit.logLik - logLik) < 1e-3, `${fit.logLik}, not ${logLik}`);
    });
  }

  it("answer separation, which names them", () => {
    const plain = fitMixed(FORMULA, data, { family: "binomial" });
    const [warning] = plain.warnings;
    assert.match(warning?.message ?? "", /^Separation: kindc predicts .* \(prior: "cauchy"/);
    const fit = fitWith("cauchy");
    assert.deepEqual(fit.warnings, []);
    assert.ok((fit.coefficients[2]?.se ?? Infinity) < 5);
    assert.match(fitToText(fit), /Posterior mode: .*cauchy/i);
  });

  it("are of coefficients, whatever the unit of a covariate", () => {
    const columns = data as Readonly<Record<string, readonly number[]>>;
    const moved = { ...columns, x: (columns.x ?? []).map((x) => 1000 * x) } as unknown as Table;
    const [one, other] = [
      fitWith("cauchy"),
      fitMixed(FORMULA, moved, { family: "binomial", prior: "cauchy" }),
    ];
    assert.ok(
      Math.abs(
        (other.coefficients[3]?.estimate ?? 0) * 1000 - (one.coefficients[3]?.estimate ?? 0),
      ) < 1e-6,
    );
  });

  it("are of graded models, too, whose thresholds have none", () => {
    const rows = Array.from({ length: 90 }, (_, row) => {
      const kind = row % 3 === 0 ? "high" : "low";
      return { y: kind === "high" ? 2 : (row * 7) % 3, kind, g: row % 6 };
    });
    const [plain, fit] = [{}, { prior: "cauchy" as const }].map((options) => {
      return fitMixed("y ~ kind + (1 | g)", rows, { family: "cumulative", ...options });
    });
    assert.ok(Math.abs(plain?.coefficients[0]?.estimate ?? 0) > 8);
    assert.ok(Math.abs(fit?.coefficients[0]?.estimate ?? 0) < 6);
    assert.ok(fit?.converged);
  });

  it("go with a kept fit", () => {
    const fit = fitWith("normal");
    const path = join(temporaryFolder(), "fit.json");
    writeFileSync(path, JSON.stringify(fitToJson(fit)));
    const kept = restoreFit(path, data);
    assert.ok(Math.abs((kept.coefficients[2]?.se ?? 0) - (fit.coefficients[2]?.se ?? 1)) < 1e-6);
  });

  it("are refused where likelihoods are compared or rows are left out by one step", () => {
    const fit = fitWith("cauchy");
    const smaller = fitMixed("y ~ x + (1 | g)", data, { family: "binomial", prior: "cauchy" });
    assert.throws(
      () => compareFits(fit, smaller),
      /a fit with a prior has no likelihood-ratio test: the prior moves/,
    );
    assert.throws(() => profileInterval(fit, "x"), /a fit with a prior has no profile interval/);
    assert.throws(
      () => groupInfluence(fit, "g"),
      /has no influence by one step: .*; ask for refit/,
    );
    assert.equal(groupInfluence(fit, "g", { refit: true }).levels.length, 12);
  });

  for (const [options, message] of [
    [{ prior: "cauchy" }, "prior is for the binomial and cumulative families; leave it out"],
    [
      { family: "binomial", prior: { kind: "normal", scale: 0 } },
      "the prior's scale should be a number above 0, such as 2.5; it is 0",
    ],
    [
      { family: "binomial", prior: "cauchy", standardErrors: "conditional" },
      "standard errors of a fit with a prior are the Hessian's; leave conditional out",
    ],
  ] as const) {
    it(`are refused as ${JSON.stringify(options)}`, () => {
      assert.throws(() => fitMixed(FORMULA, data, options), new UserError(message));
    });
  }
});
