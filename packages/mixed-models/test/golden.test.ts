// R's fits of the simulated models without R: golden/simulated.json holds them, and how they were made.
import assert from "node:assert/strict";
import { CROSSED, CUMULATIVE, compareModel, UNCROSSED } from "./parity/compare";
import { checksum, readGolden } from "./parity/golden";
import { listIds, tableOf } from "./parity/parity";
import { type Model, type Reference, readModels } from "./parity/reference";
import { SIMULATED_NAMES } from "./parity/simulate";

const golden = readGolden();

function modelOf(id: string): Model {
  return readModels().find((model) => model.id === id) as Model;
}

describe("golden/simulated.json", () => {
  it("belongs to the data that are simulated here", () => {
    const found = Object.fromEntries(SIMULATED_NAMES.map((name) => [name, checksum(name)]));
    assert.deepEqual(found, golden.checksums);
  });

  it("has every simulated model, and the bounds that are applied", () => {
    assert.deepEqual(
      golden.models.map(({ id }) => id),
      listIds(true),
    );
    assert.deepEqual(golden.tolerance, {
      uncrossed: UNCROSSED,
      crossed: CROSSED,
      cumulative: CUMULATIVE,
    });
  });
});

describe("fitMixed against lme4, glmmTMB and clmm, on simulated data", () => {
  for (const reference of golden.models) {
    it(`agrees on ${reference.id}`, () => {
      const model = modelOf(reference.id);
      assert.deepEqual(compareModel(model, reference, tableOf(model.data)).faults, []);
    });
  }
});

describe("compareModel", () => {
  const reference = golden.models.find(({ id }) => id === "sim-slopes") as Reference;
  const model = modelOf("sim-slopes");
  const [first, ...others] = reference.coefficients;
  const [sd, ...otherSds] = reference.sds;
  const [corr] = reference.correlations;
  const [mode, ...otherModes] = reference.modes;
  assert.ok(first && sd && corr && mode);
  const off: Record<string, Partial<Reference>> = {
    "logLik below by": { logLik: reference.logLik + 1.1e-5 },
    "logLik above by": { logLik: reference.logLik - 1.1e-5 },
    coefficient: {
      coefficients: [{ ...first, estimate: first.estimate + 1.1e-4 * first.se }, ...others],
    },
    se: { coefficients: [{ ...first, se: first.se * 1.00013 }, ...others] },
    sd: { sds: [[sd[0], sd[1], sd[2] * 1.00011], ...otherSds] },
    correlation: { correlations: [[corr[0], corr[1], corr[2], corr[3] - 1.1e-4]] },
    mode: { modes: [[mode[0], mode[1], mode[2], mode[3] + 1.1e-4], ...otherModes] },
  };

  for (const [kind, change] of Object.entries(off)) {
    it(`finds a fault just beyond the bound: ${kind}`, () => {
      const { faults } = compareModel(model, { ...reference, ...change }, tableOf(model.data));
      assert.equal(faults.length, 1);
      assert.match(faults[0] as string, new RegExp(`^${kind} .*exceeds`));
    });
  }

  it("finds a fault where the reference has a coefficient, a level or rows that the fit lacks", () => {
    const coefficients = [...reference.coefficients, { name: "z", estimate: 0, se: 1 }];
    const modes: Reference["modes"] = [["g", "x", "g99", 0]];
    for (const change of [{ coefficients }, { modes }, { nobs: reference.nobs + 1 }]) {
      const { faults } = compareModel(model, { ...reference, ...change }, tableOf(model.data));
      assert.notDeepEqual(faults, []);
    }
  });
});
