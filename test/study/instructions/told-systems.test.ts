import assert from "node:assert/strict";
import { drawColumns, postColumns } from "../../../src/instructions/model-columns";
import { meanOverPrompts } from "../../../src/instructions/paired-difference";
import { referenceRows } from "../../../src/instructions/post-reference";
import {
  differencePoints,
  gapRows,
  postRows,
  sharePoints,
} from "../../../src/instructions/told-points";
import {
  compareTold,
  compareWithPeople,
  listToldSystems,
  type ToldSystem,
} from "../../../src/instructions/told-systems";

const reply = (prompt: string, er: number) => ({ prompt, shows: { er, ip: 0, ex: 1 } });

// Two models under two instructions, and people, on two prompts each.
const SYSTEMS: ToldSystem[] = [
  ["GPT-4", "plain", 0, 1],
  ["GPT-4", "warm", 1, 1],
  ["Other", "warm", 0, 0],
  ["people", "none", 0, 0],
].map(([who, told, first, second]) => ({
  set: "made up",
  who: `${who}`,
  told: `${told}`,
  name: `${who}`,
  replies: [reply("a", Number(first)), reply("b", Number(second))],
}));

describe("listToldSystems", () => {
  const posts = [
    { writer: "GPT-4", instruction: "clinician", post: "post:1", words: 8, sample: 1 },
    { writer: "peers", instruction: "none", post: "post:1", words: 4, sample: 1 },
  ].map((one) => ({ ...one, shows: { er: 1, ip: 0, ex: 0 } }));
  const dialogues = ["gpt-4-plain", "human", "gpt-4-empathy"].flatMap((system) =>
    ["a", "b"].map((dialogue) => ({ system, dialogue, turn: 2, levels: { er: 2, ip: 1, ex: 0 } })),
  );
  const listed = listToldSystems(
    posts,
    dialogues.filter(({ system, dialogue }) => system !== "gpt-4-plain" || dialogue === "a"),
  );
  const find = (name: string) => listed.find((one) => one.name === name)?.replies;

  it("keeps to the prompts that the set's first system answered, and counts levels 1 and 2 as shown", () => {
    const shows = { er: 1, ip: 1, ex: 0 };
    assert.deepEqual(find("first turns · GPT-4 · empathy defined"), [{ prompt: "a 2", shows }]);
    assert.deepEqual(find("first turns · people"), [{ prompt: "a 2", shows }]);
    assert.equal(find("posts · GPT-4 · clinician")?.length, 1);
  });

  it("puts peers and people last", () => {
    const untold = listed.slice(-3).map(({ who }) => who);
    assert.deepEqual(untold, ["peers", "people", "people"]);
    assert.ok(listed.slice(0, -3).every(({ told }) => told !== "none"));
  });
});

describe("compareTold", () => {
  const pairs = compareTold(SYSTEMS);

  it("takes pairs that differ in the instruction only, or in the model only, and no people", () => {
    assert.deepEqual(
      pairs.map(({ differ, name }) => [differ, name]),
      [
        ["instruction", "GPT-4, made up: plain vs. warm"],
        ["model", "warm, made up: GPT-4 vs. Other"],
      ],
    );
    assert.deepEqual(
      pairs.map(({ differences }) => differences.er.mean),
      [-0.5, 1],
    );
  });

  it("gives points of figures and rows without a sign", () => {
    const points = differencePoints(pairs);
    assert.deepEqual(
      points.map(({ panel, value }) => [panel, value]),
      [-50, 100].flatMap((er) => [
        [0, er],
        [1, 0],
        [2, 0],
      ]),
    );
    assert.deepEqual(
      gapRows(pairs).map(({ ER, IP, pairs: one }) => [ER, IP, one]),
      [
        [50, 0, 1],
        [100, 0, 1],
      ],
    );
  });
});

describe("compareWithPeople", () => {
  it("holds every told system against the people of its set", () => {
    const compared = compareWithPeople(SYSTEMS);
    assert.deepEqual(
      compared.map(({ differences }) => differences.er.mean),
      [0.5, 1, 0],
    );
    assert.deepEqual(compareWithPeople(SYSTEMS.slice(0, 3)), []);
  });
});

describe("shares of replies that show a metric", () => {
  it("are means over prompts, with limits between 0 and 1", () => {
    const answers = [
      { prompt: "a", value: 1 },
      { prompt: "a", value: 0 },
      { prompt: "b", value: 0 },
    ];
    assert.equal(meanOverPrompts(answers).mean, 0.25);
    const [er] = sharePoints(SYSTEMS);
    assert.deepEqual([er?.value, er?.lower, er?.upper, er?.series], [0.5, 0, 1, "GPT-4"]);
    assert.deepEqual(
      [...new Set(sharePoints(SYSTEMS).map(({ series }) => series))],
      ["GPT-4", "another LLM", "human listener"],
    );
  });

  it("are counted for another classifier and for ours, by system", () => {
    const one = { writer: "peers", instruction: "none", metric: "er" } as const;
    const rows = referenceRows([
      { ...one, reference: 2, level: 0, replies: 3 },
      { ...one, reference: 0, level: 1, replies: 1 },
      { ...one, metric: "ip", reference: 0, level: 0, replies: 5 },
      { ...one, metric: "ex", reference: 1, level: 1, replies: 2 },
    ]);
    const [er, ip, ex] = [
      { "ER, theirs": 0.75, "ER, ours": 0.25 },
      { "IP, theirs": 0, "IP, ours": 0 },
      { "EX, theirs": 1, "EX, ours": 1 },
    ];
    assert.deepEqual(rows, [{ who: "peers", ...er, ...ip, ...ex }]);
  });
});

describe("columns of models", () => {
  const shows = { er: 1, ip: 0, ex: 1 };
  const post = { writer: "GPT-4", instruction: "clinician", post: "post:1", words: 8, sample: 1 };

  it("of replies to posts hold length in doublings", () => {
    const columns = postColumns([{ ...post, shows }]);
    assert.deepEqual([columns.er, columns.ip, columns.ex], [[1], [0], [1]]);
    assert.deepEqual([columns.system, columns.length], [["GPT-4 clinician"], [3]]);
    const [row] = postRows([{ ...post, shows }]);
    assert.deepEqual([row?.who, row?.told, row?.ER, row?.replies], ["GPT-4", "clinician", 1, 1]);
  });

  it("of several replies to a prompt tell answers of two systems apart", () => {
    const drawn = ["x", "y"].map((system) => ({
      system,
      dialogue: "a",
      turn: 2,
      expected: { er: 0.5, ip: 0, ex: 1.5 },
    }));
    const columns = drawColumns(drawn);
    assert.deepEqual(columns.prompt, ["a 2", "a 2"]);
    assert.deepEqual(columns.answer, ["x a 2", "y a 2"]);
    assert.deepEqual(columns.ex, [1.5, 1.5]);
  });
});
