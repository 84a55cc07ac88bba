import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createGenerator } from "kit";
import { fitMixed } from "mixed-models";
import { itNeeds, mirrorAndPatience, patience } from "test-support/needs";
import { readPostReplies } from "../../../apps/sources/read-post-replies";
import { buildPostTables } from "../../../apps/sources/score-posts";
import {
  instructionSpread,
  type SpreadEstimate,
} from "../../../src/instructions/instruction-spread";
import { pairedDifference } from "../../../src/instructions/paired-difference";
import { POST_SYSTEMS } from "../../../src/instructions/post-replies";
import { readPostScores } from "../../../src/instructions/post-scores";
import { projectPath } from "../../../src/project";
import { defaultPlaces } from "../../../src/sources/locate-source";

// Replies whose log-odds of showing something depend on model and instruction as told.
function drawReplies(effects: Readonly<Record<string, Readonly<Record<string, number>>>>) {
  const random = createGenerator(18);
  const rows: { shown: number; model: string; instruction: string; post: string }[] = [];
  for (let post = 0; post < 300; post++) {
    const own = random.normal();
    for (const [model, instructions] of Object.entries(effects)) {
      for (const [instruction, effect] of Object.entries(instructions)) {
        const shown = random.uniform() < 1 / (1 + Math.exp(-effect - own)) ? 1 : 0;
        rows.push({ shown, model, instruction, post: `p${post}` });
      }
    }
  }
  return rows;
}

function spreadOf(rows: ReturnType<typeof drawReplies>) {
  const column = <Key extends keyof (typeof rows)[number]>(key: Key) => rows.map((row) => row[key]);
  const table = {
    shown: column("shown"),
    model: column("model"),
    instruction: column("instruction"),
    post: column("post"),
  };
  return instructionSpread(
    fitMixed("shown ~ model * instruction + (1 | post)", table, { family: "binomial" }),
  );
}

describe("the spread between instructions and between models", () => {
  const rows = drawReplies({ a: { x: -1, y: 1 }, b: { x: -0.7, y: 1.3 } });
  const spread = spreadOf(rows);

  it("holds the differences that replies were given", () => {
    const { instruction, model } = spread.these;
    assert.ok(instruction.lower < 2 && 2 < instruction.upper, JSON.stringify(instruction));
    assert.ok(model.lower < 0.3 && 0.3 < model.upper, JSON.stringify(model));
    assert.ok(spread.these.share.lower > 0.8);
    assert.deepEqual([spread.models, spread.instructions], [2, 2]);
  });

  it("turns round where models and instructions change places", () => {
    const other = spreadOf(
      rows.map(({ model, instruction, ...rest }) => ({
        ...rest,
        model: instruction,
        instruction: model,
      })),
    );
    const { share } = spread.these;
    assert.ok(Math.abs(other.these.share.estimate - (1 - share.estimate)) < 1e-6);
    assert.ok(Math.abs(other.these.model.estimate - spread.these.instruction.estimate) < 1e-5);
  });

  it("knows next to nothing of other models from two of them", () => {
    const { these, others } = spread;
    assert.equal(others.share.estimate, these.share.estimate);
    const width = ({ lower, upper }: SpreadEstimate) => upper - lower;
    assert.ok(width(others.share) > 0.8 && width(these.share) < 0.2, JSON.stringify(others.share));
  });

  it("is the same on every run", () => assert.deepEqual(spreadOf(rows), spread));
});

// Models, instructions and their meetings drawn anew each time: do the intervals hold the truth as often as they say?
function coverage(replicates: number) {
  const [model, instruction, both] = [0.5, 0.5, 0.3];
  const hits = { these: 0, others: 0 };
  for (let replicate = 0; replicate < replicates; replicate++) {
    const random = createGenerator(18, replicate);
    const models = [0, 1].map(() => model * random.normal());
    const instructions = [0, 1, 2, 3].map(() => instruction * random.normal());
    const cells = models.map((own) =>
      instructions.map((other) => own + other + both * random.normal()),
    );
    const posts = range(120).map(() => random.normal());
    const rows = cells.flatMap((row, m) =>
      row.flatMap((cell, i) =>
        posts.map((post, p) => {
          const shown = random.uniform() < 1 / (1 + Math.exp(-cell - post)) ? 1 : 0;
          return { shown, model: `m${m}`, instruction: `i${i}`, post: `p${p}` };
        }),
      ),
    );
    const { these, others } = spreadOf(rows);
    const truth = Math.sqrt(2 * (instruction ** 2 + both ** 2));
    const { lower, upper } = others.instruction;
    if (lower <= truth && truth <= upper) hits.others++;
    const own = rootMeanSquare(cells);
    if (these.instruction.lower <= own && own <= these.instruction.upper) hits.these++;
  }
  return { these: hits.these / replicates, others: hits.others / replicates };
}

// Of all pairs of cells of one model.
function rootMeanSquare(cells: readonly (readonly number[])[]): number {
  const squares = cells.flatMap((row) =>
    row.flatMap((one, at) => row.slice(at + 1).map((other) => (one - other) ** 2)),
  );
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
}

function range(length: number): number[] {
  return Array.from({ length }, (_, at) => at);
}

describe("the intervals of the spread", () => {
  itNeeds(
    patience,
    "hold the truth in about 95 of 100 simulations, for these systems and for others",
    () => {
      const { these, others } = coverage(200);
      assert.ok(these >= 0.91 && these <= 0.995, `these: ${these}`);
      assert.ok(others >= 0.91 && others <= 0.995, `others: ${others}`);
    },
    120_000,
  );
});

describe("pairedDifference", () => {
  const one = [
    { prompt: "a", value: 1 },
    { prompt: "a", value: 0 },
    { prompt: "b", value: 1 },
    { prompt: "only", value: 1 },
  ];
  const other = [
    { prompt: "b", value: 0 },
    { prompt: "a", value: 0 },
  ];

  it("takes prompts that both answered, and the mean of several answers", () => {
    const { mean, count } = pairedDifference(one, other);
    assert.equal(mean, 0.75);
    assert.equal(count, 2);
    assert.equal(pairedDifference(other, one).mean, -0.75);
  });

  it("refuses systems without two prompts in common", () => {
    assert.throws(() => pairedDifference(one, [{ prompt: "b", value: 0 }]), RangeError);
  });
});

describe("the scores of replies to posts", () => {
  const replies = readPostScores();

  it("hold both models under each instruction, the pair of unknown order as two replies to a post", () => {
    for (const { writer, instruction } of POST_SYSTEMS) {
      const own = replies.filter((one) => one.writer === writer && one.instruction === instruction);
      const posts = new Set(own.map(({ post }) => post)).size;
      if (writer === "peers") assert.deepEqual([own.length, posts], [520, 97]);
      else {
        const prompts = instruction === "forum, two prompts" ? 2 : 1;
        assert.ok(writer === "GPT-4" ? [345, 346].includes(posts) : posts === 353, `${posts}`);
        if (prompts === 1) assert.equal(own.length, posts);
        else assert.ok(own.length > 1.99 * posts && own.length <= 2 * posts, `${own.length}`);
      }
    }
  });

  it("name no group, no text and no other's label", () => {
    for (const { id } of POST_SYSTEMS) {
      const text = readFileSync(projectPath("data", "instructions", `${id}.csv`), "utf8");
      const [header, ...rows] = text.trimEnd().split("\n");
      assert.match(header ?? "", /^dialogue,turn,sample,words,er,ip,ex,er_p1,.*,missing,checksum$/);
      const row =
        /^post:\d+,2,\d+,\d+,[\d.,]{11,60},(the reply (is empty|has no letters))?,[0-9a-f]{16}$/;
      for (const one of rows) assert.match(one.replace(",,,,,,,,,", ",0,0,0,0,0,0,0,0,0,"), row);
    }
  });

  itNeeds(
    mirrorAndPatience,
    "are those of the mirrored replies, byte for byte",
    async () => {
      const places = { ...defaultPlaces(), mirror: mirrorAndPatience.folder };
      for (const [file, text] of await buildPostTables(places)) {
        assert.ok(existsSync(projectPath(file)), file);
        assert.equal(text, readFileSync(projectPath(file), "utf8"), file);
      }
      const texts = await readPostReplies(places);
      assert.equal(new Set(texts.map(({ post }) => post)).size, 358);
    },
    120_000,
  );
});
