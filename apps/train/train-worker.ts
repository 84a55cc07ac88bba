// Does one training job in a thread; started by train.ts.
import { parentPort, workerData } from "node:worker_threads";
import { UserError } from "kit";
import { type TrainJob, testModels, trainModels } from "./train-jobs";

async function run(job: TrainJob): Promise<void> {
  try {
    const result = job.kind.startsWith("test") ? await testModels(job) : await trainModels(job);
    parentPort?.postMessage({ result });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    parentPort?.postMessage({ mistake: error.message });
  }
}

if (parentPort) void run(workerData as TrainJob);
