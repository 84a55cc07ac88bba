import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Level } from "empathy-scorer";
import { createGenerator } from "kit";
import { studentQuantile } from "mixed-models";
import { temporaryFolder } from "test-support/temporary";
import {
  estimateDifferences,
  estimateLevels,
  predictionWeight,
} from "../../apps/annotate/estimate";
import { makePlan } from "../../apps/annotate/plan";
import { raterAgreement, raterVariance } from "../../apps/annotate/rater-agreement";
import { readRatings } from "../../apps/annotate/read-ratings";
import { estimateMean } from "../../apps/annotate/stratified-mean";
import { layOutStudy } from "../../apps/cli/annotate-print";
import { makePopulation, truthOf } from "./made-population";

const { replies } = makePopulation();
const { plan } = makePlan(replies, { scorer: "made", budget: 70, raters: 2, overlap: 12, seed: 4 });
const HEADER = "plan,rater,reply,er,ip,ex";
const [FIRST = "", SECOND = ""] = plan.pages[0]?.replies ?? [];

function write(name: string, rows: readonly string[], header = HEADER): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, `${[header, ...rows].join("\n")}\n`);
  return path;
}

const row = (rater: string, reply: string, levels = "0,1,2", id = plan.id) =>
  `${id},${rater},${reply},${levels}`;

/** What a rater without error writes. */
function pageOf(at: number, rater: string): string[] {
  const places = new Map(plan.replies.map(({ id, place }) => [id, place]));
  return (plan.pages[at]?.replies ?? []).map((id) => {
    const { er, ip, ex } = truthOf(places.get(id) ?? "");
    return row(rater, id, `${er},${ip},${ex}`);
  });
}

describe("readRatings", () => {
  const [ana, ben] = [write("ana.csv", pageOf(0, "ana")), write("ben.csv", pageOf(1, "ben"))];

  it("joins files in any order to the same", async () => {
    const joined = await readRatings([ana, ben], plan);
    assert.deepEqual(await readRatings([ben, ana], plan), joined);
    assert.deepEqual([joined.raters, joined.ratings.length], [["ana", "ben"], 70]);
  });

  it("counts the same file once, and says how many rows repeat", async () => {
    const joined = await readRatings([ana, ben, ana], plan);
    assert.deepEqual([joined.ratings.length, joined.repeated], [70, pageOf(0, "ana").length]);
  });

  it("takes a name in two forms of Unicode for one rater", async () => {
    const [composed, decomposed] = ["Zo\u00eb", "Zoe\u0308"];
    const path = write("zoe.csv", [row(composed, FIRST), row(decomposed, SECOND)]);
    assert.deepEqual((await readRatings([path], plan)).raters, [composed]);
    const twice = write("twice.csv", [row(composed, FIRST), row(decomposed, FIRST, "2,2,2")]);
    await assert.rejects(readRatings([twice], plan), /:3: Zo\u00eb gives 'r\d+' other levels than/);
  });

  it("takes a part of a file, and a part of a row", async () => {
    const path = write("part.csv", [row("ana", FIRST, "1,,2")]);
    const { ratings } = await readRatings([path], plan);
    const levels = { er: 1, ip: null, ex: 2 };
    assert.deepEqual(ratings, [{ rater: "ana", reply: FIRST, levels, fits: null }]);
  });

  it("takes what a spreadsheet made of the file: a mark, semicolons, other columns", async () => {
    const path = write(
      "sheet.csv",
      [row("expert", FIRST).replaceAll(",", ";").concat(";sure")],
      `\ufeff${HEADER.replaceAll(",", ";")};note`,
    );
    assert.equal((await readRatings([path], plan)).ratings.length, 1);
  });

  it("takes tabs, and a header in capitals", async () => {
    for (const delimiter of [",", ";", "\t"]) {
      const path = write(
        "sheet.csv",
        [row("expert", FIRST).replaceAll(",", delimiter)],
        HEADER.replaceAll(",", delimiter).toUpperCase(),
      );
      const { ratings } = await readRatings([path], plan);
      assert.deepEqual([ratings.length, ratings[0]?.rater], [1, "expert"]);
    }
  });

  const faults: readonly (readonly [string, readonly string[], RegExp])[] = [
    [
      "a file of another plan",
      [row("a", FIRST, "0,0,0", "p0")],
      /:2: belongs to the plan 'p0', not/,
    ],
    ["an unknown reply", [row("a", "r999")], /:2: the plan has no reply 'r999'; restore/],
    ["a level that is none", [row("a", FIRST, "0,3,0")], /:2: 'ip' is '3'; write 0, 1 or 2/],
    ["a word for a level", [row("a", FIRST, "0,0,low")], /:2: 'ex' is 'low'; write 0, 1 or 2/],
    ["a row without a rater", [row(" ", FIRST)], /:2: has no rater; write a name/],
    ["no rows", [], /f\.csv: holds no rows; ask the rater to send it again/],
    ["a short row", [`${plan.id},a,${FIRST},1`], /:2: has 4 cells where the header has 6; ask/],
    [
      "another level by the same rater",
      [row("a", FIRST), row("a", SECOND), row("a", FIRST, "2,1,2")],
      /:4: a gives 'r\d+' other levels than at .*f\.csv:2; keep the later file/,
    ],
  ];
  for (const [what, rows, message] of faults) {
    it(`refuses ${what}, in one line`, async () => {
      await assert.rejects(readRatings([write("f.csv", rows)], plan), (error: Error) => {
        assert.match(error.message, message);
        assert.ok(error.name === "UserError" && !error.message.includes("\n"));
        return true;
      });
    });
  }

  it("refuses a file that lacks a column, and one that is not there", async () => {
    const path = write("f.csv", ["x"], "plan,rater,reply,er,ip");
    await assert.rejects(
      readRatings([path], plan),
      /a raters' file should have a column 'ex', but this one has/,
    );
    await assert.rejects(readRatings(["/nowhere/f.csv"], plan), /f\.csv: no such file/);
  });
});

describe("estimateMean", () => {
  const stratum = { system: "a", noise: 0 };

  it("adds each stratum's mean error to the classifier's mean, by hand", () => {
    const known = { variance: 0.4, df: 20 };
    const low = { ...stratum, size: 300, predicted: 0, errors: [0, 0, 1, 1], pooled: known };
    const high = { ...stratum, size: 100, predicted: 2, errors: [0, -2], pooled: known };
    const found = estimateMean([low, high]);
    assert.equal(found.classifier, 0.5);
    assert.equal(found.mean, 0.5 + 0.75 * 0.5 - 0.25);
    // Squares 1 on 3 df, 2 on 1 df; twenty readings at .4 beside each leave the second, which is larger, alone.
    const [one, two] = [(1 + 8) / 23, 2];
    const parts = [(0.75 ** 2 * one * (1 - 4 / 300)) / 4, (0.25 ** 2 * two * (1 - 2 / 100)) / 2];
    const variance = (parts[0] ?? 0) + (parts[1] ?? 0);
    const df = variance ** 2 / ((parts[0] ?? 0) ** 2 / 23 + (parts[1] ?? 0) ** 2 / 21);
    assert.ok(Math.abs((found.se ?? 0) - Math.sqrt(variance)) < 1e-12);
    assert.ok(Math.abs((found.df ?? 0) - df) < 1e-9);
    const half = studentQuantile(0.025, df) * Math.sqrt(variance);
    assert.ok(Math.abs((found.upper ?? 0) - (found.mean ?? 0) - half) < 1e-12);
  });

  it("draws a variance towards the pooled one as thirty readings more would, however many that rests on", () => {
    for (const [known, lent] of [
      [29, 29],
      [30, 30],
      [500, 30],
    ] as const) {
      const pooled = { variance: 0.4, df: known };
      const { se, df } = estimateMean([
        { ...stratum, size: 300, predicted: 0, errors: [0, 0, 1, 1], pooled },
      ]);
      // Four readings with squares of 1 in all.
      const within = (1 + lent * 0.4) / (3 + lent);
      assert.ok(Math.abs((df ?? 0) - (3 + lent)) < 1e-9, `${df}`);
      assert.ok(Math.abs((se ?? 0) - Math.sqrt((within * (1 - 4 / 300)) / 4)) < 1e-12);
    }
  });

  it("gives no interval of no width where no error was seen", () => {
    const { lower, upper } = estimateMean([{ ...stratum, size: 99, predicted: 0, errors: [0, 0] }]);
    assert.ok((lower ?? 0) < 0 && (upper ?? 0) > 0);
  });

  it("counts a family's systems alike, whatever their sizes", () => {
    const one = { system: "a", size: 1000, predicted: 2, errors: [0, 0], noise: 0 };
    const other = { system: "b", size: 10, predicted: 0, errors: [1, 1], noise: 0 };
    const { classifier, mean } = estimateMean([one, other]);
    assert.deepEqual([classifier, mean], [1, 1.5]);
  });

  it("leaves no variance where every reply was read, but the raters'", () => {
    const whole = { system: "a", size: 4, predicted: 1, errors: [0, 1, 0, 1], noise: 0 };
    assert.equal(estimateMean([whole]).se, 0);
    assert.equal(estimateMean([{ ...whole, noise: 0.16 }]).se, Math.sqrt(0.16 / 4));
  });

  it("lends a stratum that nobody has read its neighbour's error, and says so", () => {
    const none = { system: "a", size: 50, predicted: 0, errors: [], noise: 0 };
    const read = { system: "a", size: 50, predicted: 2, errors: [-1, 0], noise: 0 };
    const { mean, borrowed } = estimateMean([none, read]);
    assert.deepEqual([mean, borrowed], [0.5, 1]);
  });

  it("gives no mean where fewer than two replies are read", () => {
    const one = { system: "a", size: 50, predicted: 1.5, errors: [1], noise: 0 };
    const { classifier, mean, lower } = estimateMean([one]);
    assert.deepEqual([classifier, mean, lower], [1.5, null, null]);
  });
});

describe("estimateLevels", () => {
  it("has no bias over many draws, and intervals that hold the truth", () => {
    const systems = [...new Set(replies.map(({ system }) => system))];
    const truth = new Map(
      systems.map((name) => {
        const own = replies.filter(({ system }) => system === name);
        return [name, own.reduce((sum, { place }) => sum + truthOf(place).er, 0) / own.length];
      }),
    );
    const draws = 300;
    let held = 0;
    const bias = new Map(systems.map((name) => [name, 0]));
    for (let seed = 0; seed < draws; seed++) {
      const options = { scorer: "m", budget: 54, raters: 1, overlap: 0, seed };
      const drawn = makePlan(replies, options).plan;
      const ratings = drawn.replies.map(({ id, place }) => ({
        rater: "a",
        reply: id,
        levels: truthOf(place),
      }));
      for (const found of estimateLevels(drawn, { ratings, raters: ["a"], repeated: 0 })) {
        const aim = truth.get(found.name);
        if (found.metric !== "er" || found.measure !== "level" || aim === undefined) continue;
        const { mean, lower, upper } = found;
        bias.set(found.name, (bias.get(found.name) ?? 0) + ((mean ?? 9) - aim) / draws);
        held += Number((lower ?? 9) <= aim && aim <= (upper ?? 0));
      }
    }
    // The standard error of a mean is about .1, of the mean of 300 about .006.
    for (const [name, value] of bias) assert.ok(Math.abs(value) < 0.02, `${name}: ${value}`);
    const coverage = held / draws / systems.length;
    assert.ok(coverage > 0.92 && coverage < 0.99, `${coverage}`);
  });

  it("cuts what lies beyond the scale at its ends, and says so", () => {
    const first = plan.strata[plan.replies[0]?.stratum ?? 0]?.system;
    const own = plan.replies.filter(({ stratum }) => plan.strata[stratum]?.system === first);
    assert.ok(own.length > 2);
    for (const [level, end] of [
      [2, "upper"],
      [0, "lower"],
    ] as const) {
      const levels = { er: level, ip: level, ex: level };
      const ratings = own.slice(0, 3).map(({ id }) => ({ rater: "a", reply: id, levels }));
      const found = estimateLevels(plan, { ratings, raters: ["a"], repeated: 0 });
      const [er] = found.filter(({ name, metric }) => name === first && metric === "er");
      assert.deepEqual([er?.[end], er?.cut], [level, true]);
      for (const { mean, lower, upper } of found) {
        for (const value of [mean, lower, upper]) assert.ok((value ?? 0) >= 0 && (value ?? 0) <= 2);
      }
    }
    const said = { plan: "p", raters: ["a"], estimatedFrom: ["a"], agreement: [] };
    const ratings = own.slice(0, 3).map(({ id }) => ({
      rater: "a",
      reply: id,
      levels: { er: 2, ip: 2, ex: 2 } as const,
    }));
    const estimates = estimateLevels(plan, { ratings, raters: ["a"], repeated: 0 });
    const text = layOutStudy({
      ...said,
      read: 3,
      planned: 70,
      repeated: 0,
      estimates,
      differences: [],
    });
    assert.match(text, / to 2\.000 \*\n/);
    assert.match(text, /\n\*: the mean or a limit lay beyond the scale and is cut at its end\.\n/);
    const rated = plan.replies.map(({ id, place }) => ({
      rater: "a",
      reply: id,
      levels: truthOf(place),
    }));
    const whole = estimateLevels(plan, { ratings: rated, raters: ["a"], repeated: 0 });
    assert.ok(whole.some(({ cut }) => !cut));
  });

  it("takes the mean of those who read a reply, and is exact where all is read without error", () => {
    const all = makePlan(replies, { scorer: "m", budget: 120, raters: 1, overlap: 0, seed: 1 });
    const rate = (rater: string, shift: 0 | 1) =>
      all.plan.replies.map(({ id, place }) => {
        const { er } = truthOf(place);
        const given: Level = er === 1 && shift ? 2 : er;
        return { rater, reply: id, levels: { er: given, ip: null, ex: null } };
      });
    const ratings = [...rate("a", 0), ...rate("b", 1)];
    const joined = { ratings, raters: ["a", "b"], repeated: 0 };
    const found = estimateLevels(all.plan, joined);
    const [own] = found.filter(({ name, metric }) => name === "secret-owl" && metric === "er");
    const levels = replies.flatMap((one) =>
      one.system === "secret-owl" ? [truthOf(one.place).er] : [],
    );
    const expected =
      levels.reduce<number>((sum, er) => sum + (er === 1 ? 1.5 : er), 0) / levels.length;
    assert.ok(Math.abs((own?.mean ?? 0) - expected) < 1e-8);
    assert.ok((own?.se ?? 0) > 0);
    assert.ok(found.filter(({ metric }) => metric === "ip").every(({ mean }) => mean === null));
  });
});

describe("estimateDifferences", () => {
  it("is exact where all is read without error: shares, levels, fit, one less another", () => {
    const all = makePlan(replies, { scorer: "m", budget: 120, raters: 1, overlap: 0, seed: 1 });
    const ratings = all.plan.replies.map(({ id, place }) => {
      const levels = truthOf(place);
      return { rater: "a", reply: id, levels, fits: levels.er !== 1 };
    });
    const joined = { ratings, raters: ["a"], repeated: 0 };
    const share = (system: string, shows: (er: Level) => number) => {
      const own = replies.filter((one) => one.system === system);
      return own.reduce((sum, { place }) => sum + shows(truthOf(place).er), 0) / own.length;
    };
    const values = {
      any: (er: Level) => Math.min(1, er),
      fits: (er: Level) => Number(er !== 1),
      level: (er: Level) => er,
    };
    for (const { name, measure, metric, kind, mean } of estimateLevels(all.plan, joined)) {
      if (kind !== "system" || !(metric === "er" || measure === "fits")) continue;
      const aim = share(name, values[measure]);
      assert.ok(Math.abs((mean ?? 9) - aim) < 1e-8, `${name} ${measure}`);
    }
    const found = estimateDifferences(all.plan, joined).filter(({ kind }) => kind === "system");
    assert.ok(found.length > 0);
    for (const { name, less, measure, metric, difference, lower, upper } of found) {
      if (!(metric === "er" || measure === "fits")) continue;
      const aim = share(name, values[measure]) - share(less, values[measure]);
      assert.ok(Math.abs((difference ?? 9) - aim) < 1e-8, `${name} less ${less}, ${measure}`);
      assert.ok(lower !== null && upper !== null && lower <= aim + 1e-8 && aim - 1e-8 <= upper);
    }
  });
});

describe("predictionWeight", () => {
  const read = (...pairs: readonly (readonly [number, number])[]) =>
    pairs.map(([level, predicted]) => ({ level, predicted }));

  it("is the slope within strata, whatever lies between them", () => {
    const strata = [read([0, 0], [1, 2]), read([1, 0], [2, 2])];
    assert.equal(predictionWeight(strata), 0.5);
  });

  it("lies between 0 and 1, and is 1 where nothing varies", () => {
    assert.equal(predictionWeight([read([2, 0], [0, 2])]), 0);
    assert.equal(predictionWeight([read([0, 0], [2, 1])]), 1);
    assert.equal(predictionWeight([read([0, 1], [2, 1]), []]), 1);
  });
});

describe("raterAgreement", () => {
  const random = createGenerator(1);
  const shared = Array.from({ length: 60 }, (_, at) => ({ reply: `r${at}`, er: at % 3 }));
  const toLevel = (level: number): Level => (level >= 2 ? 2 : level >= 1 ? 1 : 0);
  const ratings = shared.flatMap(({ reply, er }) => {
    const high = random.uniform() < 0.5 ? 1 : 0;
    return [
      { rater: "a", reply, levels: { er: toLevel(er), ip: toLevel(0), ex: null } },
      { rater: "b", reply, levels: { er: toLevel(er + high), ip: toLevel(high), ex: null } },
    ];
  });
  const [er, ip, ex] = raterAgreement({ ratings, raters: ["a", "b"], repeated: 0 });

  it("gives alpha with an interval around it, and who is more lenient", () => {
    assert.ok(er?.interval && er.alpha !== null);
    assert.ok(er.interval.lower < er.alpha && er.alpha < er.interval.upper && er.alpha > 0.5);
    const [a, b] = er.leniency;
    assert.ok((b?.lower ?? 0) > 0 && Math.abs((a?.difference ?? 0) + (b?.difference ?? 9)) < 1e-12);
    assert.ok((ip?.alpha ?? 9) < er.alpha);
  });

  it("says that nothing is known where nothing is shared, and is empty of one rater", () => {
    assert.deepEqual([ex?.shared, ex?.alpha, ex?.interval], [0, null, null]);
    const one = ratings.filter(({ rater }) => rater === "a");
    assert.deepEqual(raterAgreement({ ratings: one, raters: ["a"], repeated: 0 }), []);
    assert.equal(
      raterVariance([
        [1, null],
        [null, 2],
      ]),
      0,
    );
  });
});
