import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { byMetric } from "empathy-scorer";
import { temporaryFolder } from "test-support/temporary";
import { allocate } from "../../apps/annotate/allocate";
import { drawSample } from "../../apps/annotate/draw-sample";
import { expectErrors, readExpectedErrors } from "../../apps/annotate/expected-errors";
import { makePlan } from "../../apps/annotate/plan";
import { type Plan, readPlan } from "../../apps/annotate/plan-file";
import { stratify } from "../../apps/annotate/strata";
import { writeStudy } from "../../apps/annotate/write-study";
import { makePopulation, writeMadeStudy } from "./made-population";

const OPTIONS = { scorer: "made", budget: 60, raters: 3, overlap: 9, seed: 5 };
const { replies } = makePopulation();
const planOf = (options = {}) => makePlan(replies, { ...OPTIONS, ...options }).plan;

function varianceOf(costs: readonly number[], counts: readonly number[]): number {
  return costs.reduce((sum, cost, at) => sum + cost / (counts[at] ?? 0), 0);
}

describe("allocate", () => {
  it("is Neyman's allocation where that is in whole numbers", () => {
    const strata = [1, 4, 25].map((cost) => ({ size: 1000, cost }));
    assert.deepEqual(allocate(strata, 80), [10, 20, 50]);
  });

  it("leaves no exchange of one draw that would lower the variance", () => {
    const costs = [0.3, 7, 1.9, 0.02, 4];
    const sizes = [50, 12, 400, 90, 7];
    const counts = allocate(
      costs.map((cost, at) => ({ cost, size: sizes[at] ?? 0 })),
      60,
    );
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      60,
    );
    for (const from of counts.keys()) {
      for (const to of counts.keys()) {
        const moved = counts.map((count, at) => count - Number(at === from) + Number(at === to));
        const allowed = moved.every((count, at) => count >= 2 && count <= (sizes[at] ?? 0));
        if (allowed) assert.ok(varianceOf(costs, moved) >= varianceOf(costs, counts) - 1e-12);
      }
    }
  });

  it("draws two of a stratum at least, and no more than there are", () => {
    const strata = [
      { size: 1, cost: 9 },
      { size: 50, cost: 0 },
      { size: 3, cost: 100 },
    ] as const;
    assert.deepEqual(allocate(strata, 6), [1, 2, 3]);
    assert.deepEqual(allocate(strata, 1000), [1, 50, 3]);
  });

  it("says what is needed where the draws do not suffice", () => {
    const strata = [
      { size: 9, cost: 1 },
      { size: 9, cost: 1 },
    ];
    assert.throws(
      () => allocate(strata, 3),
      /2 strata .* need 4 replies, two of each; 3 are asked/,
    );
  });
});

describe("stratify", () => {
  it("expects the variance of people's levels, and that of the bias where predicted levels are mixed", () => {
    const error = (bias: number, variance: number) => ({ bias, variance });
    const errors = [error(1, 0.25), error(0, 0.1), error(-1, 0.5)] as const;
    const reply = (er: 0 | 2, ip: 0 | 1) => {
      return { system: "a", family: "f", place: "", predicted: { er, ip, ex: 0 } } as const;
    };
    const made = [reply(0, 0), reply(2, 0), reply(0, 1), reply(0, 1)];
    const [mixed, alike] = stratify(
      made,
      "ip",
      byMetric(() => errors),
    );
    // The mean variance is .375; biases of 1 and -1 have a variance of 1 beside it.
    assert.equal(mixed?.variance.er, 0.375 + 1);
    assert.equal(mixed?.variance.ip, 0.25);
    assert.equal(alike?.variance.er, 0.25);
    assert.deepEqual([mixed?.predicted.er, mixed?.share, mixed?.members], [1, 0.5, [0, 1]]);
  });
});

describe("expectErrors", () => {
  it("gives bias and variance of people's levels at each predicted level", () => {
    const [none, weak] = expectErrors([
      [3000, 0, 0],
      [0, 0, 0],
      [1000, 0, 0],
    ]);
    assert.ok(Math.abs(none.bias - 0.5) < 1e-12 && Math.abs(none.variance - 0.75) < 1e-12);
    // Never predicted: as people's levels are spread over all.
    assert.ok(Math.abs(weak.bias + 0.5) < 1e-12 && Math.abs(weak.variance - 0.75) < 1e-12);
  });

  it("finds EPITOME's confusions, with most to be learnt of interpretation", () => {
    const errors = readExpectedErrors();
    assert.ok(errors.ip[2].variance > errors.er[2].variance);
    assert.ok(errors.ex[0].variance < errors.ip[0].variance);
  });
});

describe("drawSample", () => {
  const members = [0, 1, 2].map((stratum) =>
    Array.from({ length: 30 }, (_, at) => 30 * stratum + at),
  );
  const drawn = drawSample(members, [12, 18, 6], { raters: 3, overlap: 6, seed: 2 });

  it("draws each reply once, as many of each stratum as was said", () => {
    assert.equal(new Set(drawn.replies.map(({ member }) => member)).size, 36);
    for (const [stratum, count] of [12, 18, 6].entries()) {
      const own = drawn.replies.filter((reply) => reply.stratum === stratum);
      assert.equal(own.length, count);
      assert.ok(own.every(({ member }) => members[stratum]?.includes(member)));
    }
  });

  it("gives every rater the shared replies, and each other reply to one, of every stratum alike", () => {
    const readers = drawn.replies.map((_, at) => drawn.pages.filter((page) => page.includes(at)));
    assert.equal(readers.filter(({ length }) => length === 3).length, 6);
    assert.equal(readers.filter(({ length }) => length === 1).length, 30);
    for (const page of drawn.pages) {
      for (const [stratum, count] of [12, 18, 6].entries()) {
        const own = page.filter((at) => drawn.replies[at]?.stratum === stratum).length;
        assert.ok(
          Math.abs(own - count / 3 - ((2 * count) / 36 / 3) * 2) <= 2.5,
          `${own} of ${count}`,
        );
      }
    }
  });

  it("draws every reply equally often over many seeds", () => {
    const times = new Array<number>(30).fill(0);
    for (let seed = 0; seed < 600; seed++) {
      const own = drawSample(members.slice(0, 1), [10], { raters: 1, overlap: 0, seed });
      for (const { member } of own.replies) times[member] = (times[member] ?? 0) + 1;
    }
    // 200 are expected, with a standard deviation of 11.5.
    assert.ok(Math.min(...times) > 150 && Math.max(...times) < 250, times.join());
  });
});

describe("makePlan", () => {
  it("counts a shared reply once a rater against the budget", () => {
    const plan = planOf();
    assert.equal(plan.replies.length, 60 - 2 * 9);
    assert.equal(
      plan.pages.reduce((sum, page) => sum + page.replies.length, 0),
      60,
    );
  });

  it("is the same for the same seed, and another for another", () => {
    assert.deepEqual(planOf(), planOf());
    const places = ({ replies: own }: Plan) => own.map(({ place }) => place).sort();
    assert.notDeepEqual(places(planOf()), places(planOf({ seed: 6 })));
    assert.notEqual(planOf().id, planOf({ seed: 6 }).id);
  });

  it("keeps strata that make up the population", () => {
    const { strata } = planOf();
    assert.equal(
      strata.reduce((sum, { size }) => sum + size, 0),
      replies.length,
    );
    assert.ok(strata.every(({ size, drawn }) => drawn >= Math.min(2, size)));
  });

  it("expects narrower intervals of a larger budget, and least of all from the metric that it is made for", () => {
    const width = (plan: Plan) => plan.expected.find(({ name }) => name === "zoo")?.halfWidth;
    const [small, large] = [width(planOf()), width(planOf({ budget: 110 }))];
    assert.ok((large?.er ?? 9) < (small?.er ?? 0));
    const forIp = width(planOf({ metric: "ip" }))?.ip ?? 9;
    assert.ok(forIp <= (width(planOf({ metric: "er" }))?.ip ?? 0) + 1e-9);
  });

  it("expects of a family what its strata leave, by hand", () => {
    const made = stratify(replies, "er", readExpectedErrors());
    const plan = planOf({ metric: "er" });
    const own = made.flatMap((stratum, at) => {
      const count = plan.strata[at]?.drawn ?? 0;
      const part = stratum.share ** 2 * stratum.variance.er;
      return stratum.family === "zoo" ? [part * (1 / count - 1 / stratum.members.length)] : [];
    });
    const variance = own.reduce((sum, part) => sum + part, 0);
    const found = plan.expected.find(({ name }) => name === "zoo")?.halfWidth.er ?? 0;
    assert.ok(Math.abs(found - 1.959964 * Math.sqrt(variance)) < 1e-4);
  });

  it("refuses a budget that the shared replies use up", () => {
    assert.throws(() => planOf({ budget: 20 }), /20 readings do not suffice for 3 raters of 9/);
  });
});

describe("a study's folder", () => {
  it("holds a plan that is read back, and pages that name no system and no family", async () => {
    const folder = join(temporaryFolder(), "study");
    await writeMadeStudy(folder);
    assert.deepEqual(readdirSync(folder).sort(), ["plan.json", "rater-1.html", "rater-2.html"]);
    const plan = readPlan(join(folder, "plan.json"));
    for (const { page, replies: own } of plan.pages) {
      const text = readFileSync(join(folder, `${page}.html`), "utf8");
      for (const { system, family } of plan.strata) {
        assert.ok(!text.includes(system) && !text.includes(family), `${page} names ${system}`);
      }
      assert.doesNotMatch(text, /\bpredicted\b|\bstratum\b|\bhuman\b/);
      assert.ok(own.every((id) => text.includes(`"${id}"`)));
      assert.doesNotMatch(text, /(?:src|href)="(?!data:)|https?:/);
    }
  });

  it("is not written over", async () => {
    const folder = join(temporaryFolder(), "study");
    await writeMadeStudy(folder);
    await assert.rejects(writeMadeStudy(folder), /plan\.json: already exists; name another folder/);
  });

  it("orders identifiers by nothing that tells systems apart", () => {
    const plan = makePlan(replies, { ...OPTIONS, budget: 138, overlap: 9 }).plan;
    const strata = plan.replies.map(({ stratum }) => stratum);
    const turns = strata.filter((stratum, at) => at > 0 && stratum !== strata[at - 1]).length;
    assert.ok(turns > strata.length / 2, `${turns} changes of stratum among ${strata.length}`);
  });

  it("refuses a plan with a right checksum that lacks something, in one line", () => {
    const { id: _, ...plan } = planOf();
    const [first, ...others] = plan.replies;
    const broken: readonly (readonly [object, RegExp])[] = [
      [{ ...plan, replies: undefined }, /must have required property 'replies'/],
      [{ ...plan, replies: {} }, /'replies' must be array/],
      [{ ...plan, pages: 3 }, /'pages' must be array/],
      [
        { ...plan, replies: [{ ...first, predicted: {} }, ...others] },
        /reply 1 'r\d+': 'predicted' /,
      ],
      [
        { ...plan, replies: [{ ...first, stratum: 99 }] },
        /'r\d+' is of stratum 99, and there are \d+/,
      ],
    ];
    const path = join(temporaryFolder(), "plan.json");
    for (const [rest, message] of broken) {
      const digits = createHash("sha256").update(JSON.stringify(rest)).digest("hex");
      writeFileSync(path, JSON.stringify({ id: `p${digits.slice(0, 15)}`, ...rest }));
      assert.throws(
        () => readPlan(path),
        (error: Error) => error.name === "UserError" && message.test(error.message),
        String(message),
      );
    }
  });

  it("tells raters that people and machines wrote the replies only where both did", async () => {
    const population = makePopulation();
    const told = async (families: readonly string[]) => {
      const replies = population.replies.map((reply, at) => ({
        ...reply,
        family: families[at % families.length] as string,
      }));
      const folder = join(temporaryFolder(), "study");
      const made = makePlan(replies, OPTIONS);
      const openTexts = async () => () => ({ context: ["My kite flew away."], reply: "Oh." });
      await writeStudy(folder, made, { ...population, replies, openTexts });
      return readFileSync(join(folder, "rater-1.html"), "utf8").includes("people wrote some");
    };
    assert.equal(await told(["human", "llm"]), true);
    for (const families of [["llm"], ["llm", "ecs"], ["human"], ["not known"]]) {
      assert.equal(await told(families), false, families.join());
    }
  });

  it("refuses a plan that was changed, and what is none", async () => {
    const population = makePopulation();
    const folder = temporaryFolder();
    const made = makePlan(population.replies, OPTIONS);
    await writeStudy(join(folder, "study"), made, population);
    const changed = join(folder, "changed.json");
    writeFileSync(changed, JSON.stringify({ ...made.plan, seed: 99 }));
    assert.throws(() => readPlan(changed), /changed\.json: was changed since it was made; restore/);
    writeFileSync(changed, "hello");
    assert.throws(() => readPlan(changed), /changed\.json: is not a plan; name the plan\.json/);
    assert.throws(() => readPlan(join(folder, "none.json")), /none\.json: cannot be read; name/);
  });
});
