// What is misspelt, or no choice, is refused: passed over it would give a plausible answer to another question.
import assert from "node:assert/strict";
import { fitMixed, predictFit, profileInterval, UserError } from "mixed-models";
import {
  cohenKappa,
  gwetAc,
  intraclassCorrelation,
  krippendorffAlpha,
} from "mixed-models/agreement";
import { bootstrapFit } from "mixed-models/node";

const table = {
  y: [1, 3, 2, 5, 4, 7, 6, 8, 5, 9, 3, 6],
  x: [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3],
  g: ["a", "a", "a", "a", "b", "b", "b", "b", "c", "c", "c", "c"],
};
const formula = "y ~ x + (1 | g)";
const ratings = [
  [1, 2],
  [2, 2],
  [3, 1],
];
const loose = <Options>(options: object) => options as Options;

function refuses(message: RegExp, ask: () => unknown): void {
  assert.throws(ask, (error: unknown) => {
    assert.ok(error instanceof UserError, `${error}`);
    assert.match(error.message, message);
    return true;
  });
}

describe("an option that is misspelt, or is no choice", () => {
  it("is refused by fitMixed, with the nearest or all known names", () => {
    for (const [options, message] of [
      [{ methd: "ML" }, /^unknown option 'methd'; did you mean 'method'\?$/],
      [{ coding: "sum" }, /^unknown option 'coding'; known are family, method/],
      [{ family: "poisson" }, /^unknown family 'poisson'; choose one of gaussian, binomial/],
      [{ family: "Binomial" }, /^unknown family 'Binomial'/],
      [{ method: "ml" }, /^unknown method 'ml'; choose one of REML, ML$/],
      [{ standardErrors: "robust" }, /^unknown standardErrors 'robust'/],
    ] as const) {
      refuses(message, () => fitMixed(formula, table, loose(options)));
    }
  });

  it("is refused after a fit", async () => {
    const fit = fitMixed(formula, table);
    refuses(/^level should be between 0 and 1/, () => profileInterval(fit, "x", 95));
    refuses(
      /^no coefficient is named 'z'; did you mean|^no coefficient is named 'z'; there are/,
      () => profileInterval(fit, "z"),
    );
    refuses(/^unknown scale 'logit'/, () => predictFit(fit, loose({ scale: "logit" })));
    refuses(/^unknown newLevels 'allow'/, () => predictFit(fit, loose({ newLevels: "allow" })));
    refuses(/^rows should be an array of objects/, () =>
      predictFit(fit, loose({ rows: { x: [1], g: ["a"] } })),
    );
    for (const workers of [0, 1.5]) {
      await assert.rejects(bootstrapFit(fit, { replicates: 4, seed: 1, workers }), {
        message: `workers should be a whole number from 1; it is ${workers}`,
      });
    }
    await assert.rejects(bootstrapFit(fit, { replicates: 4, seed: 1, level: 95 }), /level should/);
  });

  it("is refused by coefficients of agreement", () => {
    refuses(/^unknown level 'Ordinal'; choose one of nominal, ordinal, interval$/, () =>
      krippendorffAlpha(ratings, "Ordinal" as never),
    );
    refuses(/^unknown weighting 'squared'/, () => cohenKappa([1, 2], [2, 2], "squared" as never));
    refuses(/^unknown weighting 'squared'/, () => gwetAc(ratings, "squared" as never));
  });
});

describe("intraclassCorrelation", () => {
  it("takes as many numbers in each row, and no missing one for zero", () => {
    for (const row of [[1], [1, Number.NaN], [null, 1] as never]) {
      refuses(/^intraclassCorrelation: row 2 should hold 2 numbers/, () =>
        intraclassCorrelation([[1, 2], row]),
      );
    }
  });
});
