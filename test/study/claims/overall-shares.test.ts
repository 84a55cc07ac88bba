import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { openShares } from "../../../src/claims/instruments";
import { overallShares } from "../../../src/claims/overall-shares";
import { shareStrips } from "../../../src/figures/share-strips";
import { projectPath } from "../../../src/project";
import { readStudy } from "../../../src/study/study";
import { readSystems } from "../../../src/systems/system";

describe("overallShares", () => {
  const study = readStudy(projectPath());
  const { prompts, rows } = overallShares(study, openShares(study));

  it("holds people, older systems and LLMs on the same prompts, one model one vote in a mean", () => {
    assert.equal(prompts, 185);
    const means = rows.filter(({ isMean, metric }) => isMean && metric === "ex");
    assert.deepEqual(
      means.map(({ family }) => family),
      ["ecs", "llm"],
    );
    const older = rows.filter(
      ({ isMean, metric, family }) => !isMean && metric === "ex" && family === "ecs",
    );
    const byHand = older.reduce((sum, { value }) => sum + value, 0) / older.length;
    assert.ok(Math.abs((means[0]?.value ?? 0) - byHand) < 1e-12);
    for (const { value, lower, upper } of rows)
      assert.ok(0 <= lower && lower <= value && value <= upper && upper <= 1);
  });

  it("counts both of GPT-4's instructions as one model", () => {
    const gpt = readSystems().filter(({ model }) => model === "gpt-4");
    const names = new Set(gpt.map(({ name }) => name));
    const llms = rows.filter(
      ({ metric, family, isMean }) => metric === "er" && family === "llm" && !isMean,
    );
    const [one, other, ...none] = llms.filter(({ name }) => names.has(name));
    assert.ok(one && other && none.length === 0);
    const rest = llms.filter(({ name }) => !names.has(name));
    const byHand =
      ((one.value + other.value) / 2 + rest.reduce((sum, { value }) => sum + value, 0)) /
      (rest.length + 1);
    const mean = rows.find(
      ({ metric, family, isMean }) => metric === "er" && family === "llm" && isMean,
    );
    assert.ok(Math.abs((mean?.value ?? 0) - byHand) < 1e-12);
  });

  it("is drawn with a mark for everyone, none on another", () => {
    const { data, layout } = shareStrips(rows, { id: "00-shares", title: "Shares" });
    const keys = data.filter(({ showlegend }) => showlegend !== false);
    assert.deepEqual(
      keys.map(({ name }) => name),
      ["people, or a family's mean", "one system", "people's share"],
    );
    const drawn = data.filter((trace) => !keys.includes(trace));
    const marks = drawn.flatMap((trace) =>
      (trace.x as number[]).map((x, at) => [trace.xaxis, x, (trace.y as number[])[at]]),
    );
    assert.equal(marks.length, rows.length);
    assert.ok(
      marks.every((one, at) => marks.slice(0, at).every((other) => !isDeepStrictEqual(one, other))),
    );
    assert.match(layout.meta.alt, /interpretation \(IP\): human listener \d+ %/);
  });
});
