import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createRedactor } from "ask-models";
import { createOpenAi } from "ask-models/batches";
import { METRICS, sha256Of } from "empathy-scorer";
import { type Behaviour, FaultServer } from "test-support/fault-server";
import { itNeeds, mirror } from "test-support/needs";
import { temporaryFolder } from "test-support/temporary";
import { readJudgePrompt } from "../../apps/scoring/judge-prompt";
import { tuneModels } from "../../apps/train/tune-models";
import { buildTuningFiles, type TuningFile } from "../../apps/train/tuning-files";
import { readTunedModels, readTuningState, writeTuningState } from "../../apps/train/tuning-state";
import { skippingClock } from "../asking/ask-support";

const KEY = "sk-hand-written-key";

function handWrittenFiles(): TuningFile[] {
  return METRICS.map((metric) => {
    const messages = [
      { role: "user", content: `A hand-written reply, rated for ${metric}.` },
      { role: "assistant", content: "1" },
    ];
    const text = `${JSON.stringify({ messages })}\n`;
    const sha256 = sha256Of(Buffer.from(text));
    return { metric, text, sha256, rows: 1, tokens: 20, exactTokens: true };
  });
}

async function tune(behaviour: Behaviour, folder: string, server?: FaultServer) {
  const at = server ?? (await FaultServer.start(behaviour));
  at.behaviour = behaviour;
  const steps: string[] = [];
  const run = tuneModels(createOpenAi({ apiKey: KEY, baseUrl: at.url }), handWrittenFiles(), {
    base: "base-1",
    epochs: 3,
    folder,
    clock: skippingClock(),
    redact: createRedactor([KEY]),
    onStep: (step) => steps.push(step),
  });
  return { server: at, steps, models: await run.catch((error: Error) => error) };
}

describe("tuneModels", () => {
  it("uploads three files, follows three jobs, and keeps the models' names", async () => {
    const folder = temporaryFolder();
    const { server, models, steps } = await tune({}, folder);
    const wanted = {
      er: "ft:base-1:empathy-er",
      ip: "ft:base-1:empathy-ip",
      ex: "ft:base-1:empathy-ex",
    };
    assert.deepEqual(models, wanted);
    assert.deepEqual(readTunedModels(folder), wanted);
    assert.ok(steps.includes("er: 1 rows uploaded as file-1"));
    assert.match(readFileSync(join(folder, "ip.jsonl"), "utf8"), /rated for ip/);
    const again = await tune({}, folder, server);
    assert.deepEqual([again.models, server.jobs.size], [wanted, 3]);
    await server.stop();
  });

  it("names the file that is refused, with what the provider says", async () => {
    const { server, models } = await tune(
      { tuning: (file) => (file.includes("for ip") ? "file refused" : "none") },
      temporaryFolder(),
    );
    await server.stop();
    assert.match(
      String(models),
      /^UserError: .*ip\.jsonl: the file was refused: HTTP 400: Invalid file format\. Line 1 is not a chat\.; the file is kept/,
    );
  });

  it("says who may fine-tune where no job is started", async () => {
    const { server, models } = await tune({ tuning: () => "job refused" }, temporaryFolder());
    await server.stop();
    assert.match(
      String(models),
      /er: no job was started for base-1: HTTP 403: Fine-tuning is not available .*; data\/scorers\.json says/,
    );
  });

  it("names the job that failed and why, and starts that one again in the next run", async () => {
    const folder = temporaryFolder();
    const { server, models } = await tune(
      { tuning: (file) => (file.includes("for ip") ? "job failed" : "none") },
      folder,
    );
    assert.match(
      String(models),
      /ip: job ftjob-2 failed: The training file has too few examples\.; run again to start another/,
    );
    assert.throws(
      () => readTunedModels(folder),
      /no fine-tuned model for ip yet: run `npx empathy train/,
    );
    assert.equal(readTuningState(folder).er?.model, "ft:base-1:empathy-er");
    const again = await tune({}, folder, server);
    await server.stop();
    assert.equal((again.models as Record<string, string>).ip, "ft:base-1:empathy-ip");
    assert.equal(server.jobs.size, 4);
  });

  it("finds a job again whose note was lost", async () => {
    const folder = temporaryFolder();
    const { server } = await tune({}, folder);
    writeTuningState({}, folder);
    await tune({}, folder, server);
    await server.stop();
    assert.equal(server.jobs.size, 3);
  });
});

describe("buildTuningFiles", () => {
  itNeeds(
    mirror,
    "leaves the locked tenth out, and gives the same bytes again",
    async () => {
      const places = { mirror: mirror.folder, cache: temporaryFolder() };
      const build = () => buildTuningFiles(readJudgePrompt(), "gpt-4.1-mini-2025-04-14", places);
      const files = await build();
      assert.deepEqual(
        files.map(({ metric, rows }) => [metric, rows]),
        [
          ["er", 2775],
          ["ip", 2776],
          ["ex", 2776],
        ],
      );
      const again = await build();
      assert.deepEqual(
        again.map(({ sha256 }) => sha256),
        files.map(({ sha256 }) => sha256),
      );
    },
    60_000,
  );
});
