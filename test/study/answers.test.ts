import assert from "node:assert/strict";
import { projectPath } from "../../src/project";
import { readAnswers } from "../../src/study/answers";
import { readStudy } from "../../src/study/study";
import { matchedStimuli } from "../../src/systems/matched-stimuli";
import { readSystems } from "../../src/systems/system";

const SCORER = "embedded-roberta";

describe("the stimuli that systems have in common", () => {
  it("are those that all of them answered", () => {
    const answers = readAnswers(readStudy(projectPath()), SCORER);
    const of = (...ids: string[]) => {
      const systems = readSystems().filter(({ id }) => ids.includes(id));
      assert.equal(systems.length, ids.length);
      return matchedStimuli(systems, answers).length;
    };
    const first = ["gpt-4-plain", "gpt-4-empathy", "llama-2-70b", "gemini-1.0-pro", "mixtral-8x7b"];
    assert.equal(of(...first), 2000);
    assert.equal(of(...first, "kemp", "cem", "empdg", "gpt-3.5-davinci", "chatglm3-tuned"), 233);
    assert.equal(of("gpt-3.5-davinci", "blenderbot", "kemp", "moel", "mime-topk", "cem"), 5247);
    assert.equal(of("gpt-3.5-turbo", "gpt-3.5-davinci", "kemp"), 785);
    assert.equal(of("zephyr-7b", "zephyr-7b-short", "gpt-3.5-davinci", "kemp"), 2532);
    assert.equal(of("gpt-4-plain", "zephyr-7b"), 0);
  });
});
