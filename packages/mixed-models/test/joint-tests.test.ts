// Joint tests beside lmerTest, pbkrtest and car, and Kenward and Roger's adjustment beside pbkrtest, emmeans and the textbook's
// matrices; after-fit.R writes after-fit.golden.json.
import assert from "node:assert/strict";
import { UserError } from "kit";
import {
  contrastMeans,
  fitMixed,
  fitToText,
  type MixedFit,
  marginalMeans,
  satterthwaite,
  type Table,
} from "mixed-models";
import { jointTests, kenwardRoger } from "mixed-models/hypotheses";
import { afterFit, assertClose, type Numbers } from "./after-fit";
import { textbookAdjustment } from "./textbook-kenward-roger";

const fits = new Map<string, MixedFit>();

function fitOf(name: string): MixedFit {
  const known = fits.get(name);
  if (known) return known;
  const model = afterFit.fits.find((one) => one.name === name);
  assert.ok(model);
  const { formula, data, contrasts } = model;
  const fit = fitMixed(formula, afterFit.data[data] as Table, { contrasts });
  fits.set(name, fit);
  return fit;
}

/** Relative; of p five times as much, because a tail magnifies its statistic's own. */
const EXACT = 2e-6;

describe("kenwardRoger", () => {
  for (const { name, formula, coefficients, covariance } of afterFit.fits) {
    it(`has pbkrtest's covariance matrix, and lmerTest's t, df and p: ${name}, ${formula}`, () => {
      const fit = kenwardRoger(fitOf(name));
      assertClose(fit.coefficients, coefficients, EXACT, name);
      const cells = [...fit.covariance].map((cell) => ({ cell }));
      assertClose(cells, { cell: covariance }, EXACT, `${name}, covariance`);
    });
  }

  for (const { fit: name, over, adjust, means, contrasts } of afterFit.adjusted) {
    it(`goes into means and contrasts as in emmeans: ${name}, ${over}`, () => {
      const found = marginalMeans(kenwardRoger(fitOf(name)), { over: [over] });
      assertClose(found.means, means, EXACT, name);
      const compared = contrastMeans(found, { method: "pairwise", adjust });
      assertClose(compared.contrasts, contrasts, 1e-5, name);
    });
  }

  it("is the textbook's, by matrices as large as the data, also with prior weights", () => {
    const table = afterFit.data.sleep as Table;
    for (const formula of [
      "Reaction ~ Days + (Days | Subject)",
      "Reaction ~ Days * Group + (1 | Subject) + (0 + w | Days)",
    ]) {
      const fit = fitMixed(formula, table, { weights: "w" });
      const expected = textbookAdjustment(
        fit,
        (table as unknown as { readonly w: readonly number[] }).w,
      );
      const found = kenwardRoger(fit);
      const cells = [...found.covariance].map((cell) => ({ cell }));
      assertClose(cells, { cell: [...expected.covariance] }, 1e-9, formula);
      assertClose(found.coefficients, { df: expected.df }, 1e-9, formula);
    }
  });

  it("does not depend on the unit or the zero of a covariate", () => {
    const sleep = afterFit.data.sleep as unknown as Record<string, readonly number[]>;
    const moved = { ...sleep, Days: sleep.Days?.map((day) => -1e5 * day + 3e5) };
    const [own, other] = [sleep, moved].map((table) => {
      const fit = fitMixed("Reaction ~ Days + (Days | Subject)", table as unknown as Table);
      return kenwardRoger(fit).coefficients[1];
    });
    assertClose([other ?? {}], { df: own?.df ?? 0, z: -(own?.z ?? 0) }, 1e-6, "Days");
  });

  it("is named in prints, and leaves the fit that it is given as it was", () => {
    const fit = fitOf("slopes");
    const before = fit.coefficients[0]?.se;
    assert.match(
      fitToText(kenwardRoger(fit)),
      /Student's t with Kenward-Roger's degrees of freedom/,
    );
    assert.equal(fit.coefficients[0]?.se, before);
    const twice = kenwardRoger(kenwardRoger(fit));
    assert.equal(twice.coefficients[0]?.se, kenwardRoger(satterthwaite(fit)).coefficients[0]?.se);
  });

  it("refuses fits by ML and of other families, and its own fit for Satterthwaite's", () => {
    const table = afterFit.data.example as Table;
    const ml = fitMixed("size ~ family + (1 | dialogue)", table, { method: "ML" });
    assert.throws(
      () => kenwardRoger(ml),
      refusal(/are for linear models by REML; this one is fitted by ML/),
    );
    const yes = fitMixed("er ~ family + (1 | dialogue)", table, { family: "binomial" });
    assert.throws(() => kenwardRoger(yes), refusal(/this one is binomial, whose tests are normal/));
    assert.throws(
      () => satterthwaite(kenwardRoger(fitOf("slopes"))),
      refusal(/give satterthwaite the fit/),
    );
  });

  it("refuses what needs more memory than the fit may take", () => {
    const table = Object.fromEntries(
      ["y", "a", "b"].map((name, column) => [
        name,
        Array.from({ length: 3000 }, (_, row) =>
          column === 0 ? ((row * 7919) % 1009) / 100 : `l${(row * (column === 1 ? 1 : 7)) % 900}`,
        ),
      ]),
    ) as unknown as Table;
    const fit = fitMixed("y ~ 1 + (1 | a) + (1 | b)", table, { memory: 0.04 });
    assert.throws(
      () => kenwardRoger(fit),
      refusal(/products of 1,800 random effects need 0.0 GiB/),
    );
  });
});

describe("jointTests beside lmerTest's anova", () => {
  for (const { name, tests } of afterFit.fits) {
    for (const { type, satterthwaite: byMoments, kenwardRoger: adjusted } of tests ?? []) {
      it(`has its F, degrees of freedom and p: ${name}, type ${type}`, () => {
        const fit = fitOf(name);
        for (const [tested, expected] of [
          [satterthwaite(fit), byMoments],
          [kenwardRoger(fit), adjusted],
        ] as const) {
          assertTests(jointTests(tested, { type }), expected, EXACT);
        }
      });
    }
  }

  it("does not depend on the coding of type III", () => {
    const table = afterFit.data.example as Table;
    const [treated, summed] = (["treatment", "sum"] as const).map((contrasts) =>
      jointTests(
        fitMixed("er ~ family * sentiment * size + (1 | dialogue)", table, {
          contrasts,
          family: "binomial",
        }),
      ),
    );
    assert.equal(treated?.tests.length, 7);
    for (const [at, { statistic }] of treated?.tests.entries() ?? []) {
      assertClose([summed?.tests[at] ?? {}], { statistic }, 1e-5, `term ${at}`);
    }
  });

  it("averages over a nested factor as over a crossed one, where lmerTest takes its first level", () => {
    const table = afterFit.data.few as Table;
    const [nested, crossed] = ["a / b", "a * b"].map((terms) => {
      const fit = satterthwaite(fitMixed(`y ~ ${terms} + x + (1 | g)`, table));
      return jointTests(fit).tests.find(({ term }) => term === "a");
    });
    assert.equal(crossed?.df, 2);
    assertClose([nested ?? {}], { statistic: crossed?.statistic ?? 0 }, 1e-8, "a");
  });

  it("refuses type III where a covariate was dropped, and unknown types", () => {
    const sleep = afterFit.data.sleep as unknown as Record<string, readonly number[]>;
    const table = { ...sleep, Hours: sleep.Days?.map((day) => 24 * day) } as unknown as Table;
    const fit = satterthwaite(fitMixed("Reaction ~ Group * Days + Hours + (1 | Subject)", table));
    assert.throws(
      () => jointTests(fit),
      refusal(/take Hours out of the formula, or ask for type II/),
    );
    assert.equal(jointTests(fit, { type: 2 }).tests.length, 3);
    assert.throws(
      () => jointTests(fit, { type: 1 as 2 }),
      refusal(/unknown type '1'; choose one of 2, 3/),
    );
  });
});

describe("jointTests beside car's Anova", () => {
  const table = afterFit.data.example as Table;
  // lme4's search ends so far from the optimum, and clmm's Hessian is one of differences.
  const within = { binomial: 5e-5, cumulative: 1e-3 };
  for (const family of ["binomial", "cumulative"] as const) {
    it(`has its chi-square of types II and III: ${family}`, () => {
      const response = family === "binomial" ? "er" : "grade";
      const groups = family === "binomial" ? "(1 | system) + (1 | dialogue)" : "(1 | system)";
      const fit = fitMixed(`${response} ~ family * sentiment + size + ${groups}`, table, {
        family,
      });
      for (const { type, ...expected } of afterFit.wald[family]) {
        const found = jointTests(fit, { type });
        assert.equal(found.statistic, "chi-square");
        assertTests(found, expected, within[family]);
      }
    });
  }
});

function assertTests(
  found: ReturnType<typeof jointTests>,
  { term, ...numbers }: Numbers & { readonly term: string | readonly string[] },
  within: number,
): void {
  assert.deepEqual(
    found.tests.map((one) => one.term),
    [term].flat(),
  );
  assertClose(found.tests, numbers, within, `type ${found.type}`);
}

function refusal(message: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof UserError && message.test(error.message);
}
