import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createGenerator } from "kit";
import { itNeeds, mirror } from "test-support/needs";
import { computePeople } from "../../apps/sources/compute-people";
import { estimateRatedLeads } from "../../apps/sources/estimate-rated-leads";
import { type Grade, readGrades } from "../../apps/sources/read-ratings";
import { entryOf } from "../../src/claims/combine-estimates";
import { SENTIMENTS } from "../../src/corpus/emotions";
import { PEOPLE_FILE, readPeople } from "../../src/people/people-results";
import { projectPath } from "../../src/project";
import { defaultPlaces } from "../../src/sources/locate-source";

// Grades with a known lead over people on the latent scale, raters and dialogues that differ.
const LEADS: Readonly<Record<string, number>> = { human: 0, warm: 1, cold: -0.5 };

function drawGrades(dialogues: number): Grade[] {
  const random = createGenerator(16);
  const logistic = () => {
    const u = random.uniform();
    return Math.log(u / (1 - u));
  };
  const raters = Array.from({ length: 3 * 40 }, () => 0.9 * random.normal());
  return Array.from({ length: dialogues }, (_, at) => at).flatMap((at) => {
    const own = 0.5 * random.normal();
    return Object.entries(LEADS).map(([system, lead], of): Grade => {
      const rater = of * 40 + (at % 40);
      const latent = lead + own + (raters[rater] as number) + logistic();
      return {
        system,
        dialogue: `d${at}`,
        rater: `r${rater}`,
        sentiment: SENTIMENTS[at % 3] as Grade["sentiment"],
        grade: latent < -1 ? 1 : latent < 0.5 ? 2 : 3,
      };
    });
  });
}

describe("leads in people's grades", () => {
  const grades = drawGrades(1800);
  const leads = estimateRatedLeads(grades);

  it("find the leads that grades were given, within their errors", () => {
    assert.deepEqual(leads.systems, ["warm", "cold"]);
    const size = leads.lead.values.length;
    for (const [at, system] of leads.systems.entries()) {
      for (const sentiment of SENTIMENTS) {
        const entry = entryOf(at, sentiment);
        const se = Math.sqrt(leads.lead.covariance[entry * (size + 1)] as number);
        const off = (leads.lead.values[entry] as number) - (LEADS[system] as number);
        assert.ok(Math.abs(off) < 3.5 * se && se < 0.5, `${system} ${sentiment}: ${off}, ${se}`);
      }
    }
    assert.ok(Math.abs(leads.stimulusSd - 0.9) < 0.25, `raters: ${leads.stimulusSd}`);
    assert.ok(Math.abs(leads.dialogueSd - 0.5) < 0.25, `dialogues: ${leads.dialogueSd}`);
  });

  it("count shares of good grades, with raters as clusters", () => {
    const of = (system: string) => {
      const own = grades.filter((one) => one.system === system && one.sentiment === "positive");
      const share = own.filter(({ grade }) => grade === 3).length / own.length;
      const byRater = new Map<string, number>();
      for (const { rater, grade } of own) {
        const off = ((grade === 3 ? 1 : 0) - share) / own.length;
        byRater.set(rater, (byRater.get(rater) ?? 0) + off);
      }
      return { share, variance: [...byRater.values()].reduce((sum, off) => sum + off ** 2, 0) };
    };
    const [warm, human] = [of("warm"), of("human")];
    const entry = entryOf(0, "positive");
    const size = leads.leadShare.values.length;
    const near = (one: number, other: number) => assert.ok(Math.abs(one - other) < 1e-12);
    near(leads.leadShare.values[entry] as number, warm.share - human.share);
    const variance = leads.leadShare.covariance[entry * (size + 1)] as number;
    near(variance, warm.variance + human.variance);
    assert.deepEqual([...leads.replies], Array(6).fill(600));
  });
});

describe("what people say, as committed", () => {
  const people = readPeople({ root: projectPath() });

  it("holds the figures that were published beside the grades", () => {
    const good = (system: string) =>
      people.counts.filter((row) => row.system === system).reduce((sum, row) => sum + row.good, 0);
    const rises = ["gpt-4-empathy", "llama-2-70b", "mixtral-8x7b", "gemini-1.0-pro"].map((id) =>
      Math.round(100 * (good(id) / good("human") - 1)),
    );
    assert.deepEqual(rises, [31, 24, 21, 10]);
  });

  it("names no rater and no dialogue", () => {
    const text = readFileSync(projectPath(PEOPLE_FILE), "utf8");
    assert.doesNotMatch(text, /hit:|conv:|[0-9a-f]{24}/);
    assert.equal(people.leads.rows, 12_000);
  });

  itNeeds(
    mirror,
    "is computed from the mirrored ratings, byte for byte",
    async () => {
      const places = { ...defaultPlaces(), mirror: mirror.folder };
      const text = await computePeople(projectPath(), places);
      assert.equal(text, readFileSync(projectPath(PEOPLE_FILE), "utf8"));
      const grades = await readGrades(places);
      assert.equal(grades.length, 12_000);
    },
    120_000,
  );
});
