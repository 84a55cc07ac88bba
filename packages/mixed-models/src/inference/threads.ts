import { Worker } from "node:worker_threads";
import { UserError } from "kit";
import type { ThreadShare } from "./thread-share";

/** How a task is spread over threads. */
interface ThreadOptions {
  /** Number of items. */
  readonly count: number;
  /** Number of threads. */
  readonly workers: number;
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}

/** @throws UserError if the number of threads is none. */
export function checkWorkers(workers: number): void {
  if (Number.isInteger(workers) && workers >= 1) return;
  throw new UserError(`workers should be a whole number from 1; it is ${workers}`);
}

/**
 * Runs a script's `answerThread` on every item of a task, on several threads.
 *
 * @param task what each thread gets a copy of.
 * @returns a result for each item, in their order, whichever thread gave it.
 */
export async function runThreads<Result>(
  script: string,
  task: object,
  { count, workers, onProgress }: ThreadOptions,
): Promise<Result[]> {
  const results: Result[] = new Array(count);
  let done = 0;
  const runWorker = (first: number) => {
    const share: ThreadShare<object> = { task, first, stride: workers, count };
    return new Promise<void>((resolve, reject) => {
      const worker = new Worker(script, { workerData: share });
      worker.on("message", ({ index, result }: { index: number; result: Result }) => {
        results[index] = result;
        onProgress?.(++done, count);
      });
      worker.once("error", reject);
      worker.once("exit", (code) => {
        if (code === 0) resolve();
        else reject(new Error(`a thread of ${script} ended with status ${code}`));
      });
    });
  };
  await Promise.all(Array.from({ length: Math.min(workers, count) }, (_, at) => runWorker(at)));
  return results;
}
