import assert from "node:assert/strict";
import { type Counted, estimateRun, JournalIndex, surveyRequests, toReplyRecord } from "ask-models";
import { expandGrid } from "../../apps/asking/expand-grid";
import { printGridDryRun } from "../../apps/cli/ask-grid-dry-run";
import type { StimulusSource } from "../../src/asking/stimuli";
import { planOf, requestsOf, stimuli } from "./ask-support";

/** So many stimuli, none of which waits for anything, as a parsed file's do not. */
function sourceOf(count: number): StimulusSource & { opened: number } {
  const list = stimuli(Math.min(count, 100));
  return {
    name: "made",
    opened: 0,
    async *open() {
      this.opened++;
      for (let n = 0; n < count; n++) {
        yield { stimulus: { ...list[n % 100], dialogue: `d${n}` } as never, emotion: "" };
      }
    },
  };
}

function stopSoon(): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("stopped by hand")), 1);
  return controller.signal;
}

describe("planning", function () {
  this.timeout(60_000);

  it("stops at a signal, though nothing that it does waits", async () => {
    const source = sourceOf(200_000);
    const index = new JournalIndex();
    const estimate = estimateRun(planOf(), source, index, undefined, { signal: stopSoon() });
    await assert.rejects(estimate, /stopped by hand/);
    const requests = requestsOf(planOf(), Array(200_000).fill(stimuli(1)[0]));
    await assert.rejects(surveyRequests(requests, index, undefined, stopSoon()), /stopped by hand/);
  });

  it("stops at a signal while it lays out cells", async () => {
    const temperatures = Array.from({ length: 50_000 }, (_, n) => n / 50_000);
    const model = { id: "m", model: "m", baseUrl: "http://127.0.0.1:9/v1" };
    const grid = { id: "g", models: [model], prompts: ["paper"], temperatures };
    await assert.rejects(expandGrid(grid, "g.json", undefined, stopSoon()), /stopped by hand/);
  });

  it("counts words once for all cells that are asked the same, as each would count them alone", async () => {
    const source = sourceOf(20);
    const counted = new Map<string, Counted>();
    const estimates = [];
    for (const temperature of [0, 0.5, 1]) {
      const plan = planOf({ parameters: { maxTokens: 5, temperature }, samples: 2 });
      const [shared, alone] = [
        await estimateRun(plan, source, new JournalIndex(), { input: 1, output: 1 }, { counted }),
        await estimateRun(plan, sourceOf(20), new JournalIndex(), { input: 1, output: 1 }),
      ];
      assert.deepEqual(shared, alone);
      estimates.push(shared);
    }
    assert.equal(source.opened, 1);
    assert.deepEqual([estimates[0]?.requests, estimates[0]?.outputTokensAtMost], [40, 200]);
  });

  it("counts what is missing only of a cell that was asked before", async () => {
    const [plan, index] = [planOf(), new JournalIndex()];
    for await (const request of requestsOf(plan, stimuli(3))) {
      index.remember(
        toReplyRecord(request, { result: { status: "ok", text: "Oh." }, attempts: 1 }, 0),
      );
    }
    const { requests, answered } = await estimateRun(plan, sourceOf(20), index);
    assert.deepEqual([requests, answered], [17, 3]);
  });

  it("prints a grid of 150,000 cells", () => {
    const cell = { system: "g-m", model: "m", requests: 1, answered: 0, inputTokens: 5 };
    const rest = {
      exactTokens: true,
      outputTokensAtMost: 5,
      costUsdAtMost: 1,
      batchUsdAtMost: null,
    };
    const cells = Array(150_000).fill({
      ...cell,
      ...rest,
      prompt: "p",
      temperature: 0,
      samples: 1,
    });
    const written: string[] = [];
    const { write } = process.stdout;
    process.stdout.write = ((text: string) => written.push(text) > 0) as typeof write;
    try {
      printGridDryRun({ journal: "j", cells }, {});
    } finally {
      process.stdout.write = write;
    }
    assert.match(written.join(""), /\n150000 cells +0 +150000 +750000 +750000 +150000\.0000\n/);
  });
});
