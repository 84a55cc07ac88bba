import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createGenerator } from "kit";
import { temporaryFolder } from "test-support/temporary";
import { planPower } from "../../../apps/claims/plan-power";
import {
  cautionOn,
  designOf,
  type PowerDesign,
  powerOf,
  refuseOverread,
} from "../../../apps/claims/power";
import { simulateVerdicts } from "../../../apps/claims/simulate-verdicts";
import type { UnitErrors, VarianceParts } from "../../../apps/claims/variance-parts";
import { readClaims } from "../../../src/claims/claim";
import { layOutMean, predictMean } from "../../../src/claims/predicted-mean";
import { readClaimResults } from "../../../src/claims/results-tables";
import {
  type UnitEstimate,
  type UnitEstimates,
  weighTwice,
} from "../../../src/claims/unit-estimates";
import { projectPath } from "../../../src/project";
import { readStudy } from "../../../src/study/study";
import type { Family } from "../../../src/systems/system";

const MARGIN = 0.05;
const NONE: UnitErrors = { variance: [0, 0], covariance: [0, 0], across: 0 };

interface Made {
  readonly families: readonly Family[];
  readonly collections: number;
  readonly each: number;
  readonly collectionSd: number;
  readonly unitSd: number;
  /** Variance of a unit's own error, and of people's, which all share. */
  readonly own: number;
  readonly people: number;
}

/** Units in collections of one size, with their covariances, and the same as variance parts. */
function made({ families, collections, each, collectionSd, unitSd, own, people }: Made) {
  const units = families.flatMap((family) =>
    Array.from({ length: collections * each }, (_, at): UnitEstimate => {
      const collection = `${family} ${at % collections}`;
      return { unit: `${family} unit ${at}`, family, collection, systems: [], estimate: 0, se: 0 };
    }),
  );
  const matrix = (diagonal: number, shared: number) =>
    units.map((one) => units.map((other) => (one === other ? diagonal : 0) + shared));
  // People's error cancels where two families are compared on the same turns.
  const given: UnitEstimates = {
    units,
    values: units.map(() => 0),
    covariance: matrix(own, people),
    ownCovariance: matrix(own, 0),
    peopleCovariance: matrix(0, people),
    varianceOf: (weights) => weighTwice(matrix(own, people), weights),
    peopleVarianceOf: (weights) => weighTwice(matrix(0, people), weights),
  };
  const errors = (variance: number, shared: number): UnitErrors => ({
    variance: families.map(() => variance + shared),
    covariance: families.map(() => shared),
    across: families.length > 1 ? shared : 0,
  });
  const parts: VarianceParts = {
    families,
    instrument: "readings",
    isRead: true,
    counts: {
      models: families.map(() => collections * each),
      collections: families.map(() => collections),
      prompts: 900,
      readings: 300,
    },
    between: families.map(() => ({ collection: collectionSd ** 2, unit: unitSd ** 2 })),
    errors: {
      all: { readings: errors(own, people), prompts: NONE },
      own: { readings: errors(own, 0), prompts: NONE },
      people: { readings: errors(0, people), prompts: NONE },
    },
    estimate: 0.1,
  };
  return { given, parts };
}

const BASE: Made = {
  families: ["llm"],
  collections: 5,
  each: 2,
  collectionSd: 0.04,
  unitSd: 0.05,
  own: 0.002,
  people: 0.0008,
};

describe("powerOf", () => {
  const replicates = 600;
  for (const [name, options, effect] of [
    ["against people", BASE, 0.1],
    ["of two families", { ...BASE, families: ["llm", "ecs"] }, 0.1],
    [
      "that nothing differs",
      { ...BASE, collections: 12, each: 1, unitSd: 0.03, own: 0.001, people: 0.0002 },
      0,
    ],
  ] as const) {
    it(`says how often the rule itself comes to a verdict ${name}, within the error of ${replicates} draws`, () => {
      const { given, parts } = made(options);
      const { families, collectionSd, unitSd } = options;
      const same = (sd: number) => Object.fromEntries(families.map((family) => [family, sd]));
      const found = simulateVerdicts({
        units: given,
        families,
        difference: effect,
        collectionSd: same(collectionSd),
        unitSd: same(unitSd),
        marginInPoints: 100 * MARGIN,
        replicates,
        seed: 11,
      });
      const { powers } = powerOf(parts, designOf(parts), { margin: MARGIN, effects: [effect] });
      const [power] = powers;
      for (const [ruling, expected] of [
        ["holds", power?.holds],
        ["no difference that matters", power?.none],
      ] as const) {
        const share = found.get(ruling) ?? 0;
        // Three standard errors of the draws, and a point for those of `powerOf`.
        const error = 3 * Math.sqrt(((expected ?? 0) * (1 - (expected ?? 0))) / replicates) + 0.01;
        assert.ok(
          Math.abs(share - (expected ?? -1)) < error,
          `${ruling}: ${share} and ${expected}`,
        );
      }
      assert.ok(((effect === 0 ? power?.none : power?.holds) as number) > 0.15);
    }).timeout(20_000);
  }

  const { parts } = made(BASE);
  const at = (design: Partial<PowerDesign>, effect = 0.1, of: VarianceParts = parts) => {
    const { powers, ...rest } = powerOf(
      of,
      { ...designOf(of), ...design },
      { margin: MARGIN, effects: [effect] },
    );
    return { ...rest, ...(powers[0] as (typeof powers)[number]) };
  };

  it("grows with models, collections and readings, and never beyond a half at the margin", () => {
    const few = at({ models: [10], collections: [5] }).holds as number;
    assert.ok(few < (at({ models: [20], collections: [5] }).holds as number));
    assert.ok(few < (at({ models: [10], collections: [10] }).holds as number));
    assert.ok(few < (at({ readings: 900 }).holds as number));
    assert.ok(
      (at({ models: [400], collections: [400], readings: 900 }, MARGIN).holds ?? 1) < 0.501,
    );
  });

  it("leaves what differs between models where everything is read of endless prompts", () => {
    const { reach, theseReach } = at({
      models: [10],
      collections: [10],
      readings: 1e12,
      prompts: 1e12,
    });
    assert.ok(theseReach < 1e-5);
    // The average of t times s, by the mean of a chi distribution of 9 degrees of freedom.
    const expected = (2.2622 * 0.9727 * Math.hypot(0.04, 0.05)) / Math.sqrt(10);
    assert.ok(Math.abs((reach as number) / expected - 1) < 0.03, `${reach} and ${expected}`);
  });

  it("says of a negative difference how often the opposite is found", () => {
    assert.equal(at({}, -0.1).holds, at({}, 0.1).holds);
    assert.equal(at({}, -0.1).these, at({}, 0.1).these);
  });

  it("says nothing of models like these where there are few, or one a side, whatever is read", () => {
    const few = at({ models: [4], collections: [4] });
    assert.match(few.obstacle ?? "", /^a design of fewer than 5 models or 3 collections on a side/);
    assert.deepEqual([few.holds, few.none, few.reach], [null, null, null]);
    assert.ok(few.these > 0.5);
    const alone = {
      ...parts,
      between: [null],
      counts: { ...parts.counts, models: [1], collections: [1] },
    };
    const one = at({ readings: 1e9, prompts: 1e9 }, 0.1, alone);
    assert.match(
      one.obstacle ?? "",
      /^one model on a side says nothing of models like it, however/,
    );
    assert.equal(one.holds, null);
    assert.equal(cautionOn(alone), null);
  });

  it("warns where a few models tell how far they differ", () => {
    const few = { ...parts, counts: { ...parts.counts, models: [3], collections: [3] } };
    assert.match(
      cautionOn(few) ?? "",
      /^how far models differ is estimated from 3 of them, and may/,
    );
    assert.equal(cautionOn(parts), null);
  });
});

describe("predictMean's influence of readings", () => {
  // So many prompts are answered, of which some are read; the head's chance goes with the truth.
  function draw(prompts: number, readings: number, seed: number) {
    const { uniform } = createGenerator(seed, prompts + readings);
    const rows = Array.from({ length: prompts }, (_, dialogue) => {
      const predicted = uniform();
      return {
        dialogue,
        strata: [],
        isRead: dialogue < readings,
        predicted,
        truth: uniform() < predicted ? 1 : 0,
      };
    });
    const of = (part: "all" | "readings") => {
      const layout = layOutMean(rows) as NonNullable<ReturnType<typeof layOutMean>>;
      const read = Float64Array.from(rows, ({ truth }) => truth);
      const predicted = Float64Array.from(rows, (row) => row.predicted);
      const mean = predictMean(layout, read, predicted, prompts, part);
      const influence = mean.readInfluence.map(
        (one, d) => one + 0.8 * (mean.shiftInfluence?.[d] ?? 0),
      );
      return {
        value: mean.read + 0.8 * mean.shift,
        variance: influence.reduce((sum, one) => sum + one * one, 0),
      };
    };
    const [all, readings_] = [of("all"), of("readings")];
    return {
      value: all.value,
      ofReadings: readings_.variance,
      ofPrompts: all.variance - readings_.variance,
    };
  }

  it("tells from one design what another's variance is", () => {
    const pilots = Array.from({ length: 100 }, (_, seed) => draw(200, 100, seed));
    const average = (values: readonly number[]) =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    const ofReadings = average(pilots.map((one) => one.ofReadings)) * (100 / 400);
    const ofPrompts = average(pilots.map((one) => one.ofPrompts)) * (200 / 500);
    const values = Array.from({ length: 2000 }, (_, seed) => draw(500, 400, 1000 + seed).value);
    const mean = average(values);
    const variance = average(values.map((value) => (value - mean) ** 2));
    // 2,000 draws: three standard errors of a variance are a tenth of it.
    const expected = ofReadings + ofPrompts;
    assert.ok(Math.abs(expected / variance - 1) < 0.1, `${expected} and ${variance}`);
    assert.ok(ofPrompts > 0.2 * ofReadings);
  }).timeout(10_000);
});

describe("planPower", () => {
  const published = readStudy(projectPath());

  it("takes the published variances where a study has not been run, and then has its intervals", () => {
    const root = join(temporaryFolder(), "mine");
    mkdirSync(root, { recursive: true });
    const claims = ["er-above-ecs", "ip-negative", "ip-above-ecs"];
    writeFileSync(join(root, "study.json"), JSON.stringify({ systems: ["human"], claims }));
    const plan = planPower(readStudy(root), { models: [7, 14] });
    assert.deepEqual([plan.study, plan.from], ["mine", "published"]);
    const results = readClaimResults(published);
    assert.deepEqual(
      plan.claims.map(({ claim }) => claim.id),
      claims,
    );
    for (const { claim, designs, obstacle } of plan.claims) {
      const row = results.find(({ set, claim: id }) => set === "main" && id === claim.id);
      if (claim.id === "ip-above-ecs") {
        assert.match(obstacle ?? "", /^cannot be measured: /);
        continue;
      }
      const [present, ...planned] = designs;
      const { these, these_upper, units, others } = row ?? assert.fail(claim.id);
      const half = (these_upper as number) - (these as number);
      assert.ok(Math.abs((present?.theseReach ?? 0) - half) < 2e-4, `${claim.id} ${half}`);
      assert.deepEqual(
        present?.design.models,
        [units, others].filter((one) => one !== null),
      );
      // The design at hand is not planned once more.
      assert.deepEqual(
        planned.map(({ design }) => design.models[0]),
        [14],
      );
    }
  }).timeout(30_000);

  it("refuses what has not been run and the published study does not ask", () => {
    const root = join(temporaryFolder(), "mine");
    mkdirSync(root, { recursive: true });
    const [claim] = readClaims(published);
    const claims = [{ ...claim, id: "mine-alone" }];
    writeFileSync(join(root, "claims.json"), JSON.stringify({ claims }));
    writeFileSync(join(root, "study.json"), JSON.stringify({ systems: ["human", "gpt-4"] }));
    assert.throws(
      () => planPower(readStudy(root)),
      /^UserError: study 'mine' has not been run, and the published study does not ask claim 'mine-alone', .*; run `npm run reproduce -- --study mine`, or choose other claims with --claims$/,
    );
  });

  it("refuses an unknown claim, and more readings than replies", () => {
    assert.throws(
      () => planPower(published, { claims: ["er-above-humen"] }),
      /--claims: no claim is called 'er-above-humen'; did you mean 'er-above-human'\?/,
    );
    const { counts } = made(BASE).parts;
    assert.throws(
      () => refuseOverread({ ...counts, prompts: 300, readings: 400 }, "er-above-human"),
      /^UserError: er-above-human: 400 readings a system need as many replies, and it has 300 prompts; give fewer/,
    );
    refuseOverread({ ...counts, prompts: 300, readings: 300 }, "er-above-human");
  });
});
