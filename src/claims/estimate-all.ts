// Stage 1 of every analysis, on several threads.
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Leads } from "./leads";
import type { LeadsAnswer, LeadsTask } from "./leads-task";

/** How tasks are done. */
export interface EstimateAllOptions {
  /** The folder that holds `data`. */
  readonly root: string;
  /** Number of threads; 2 by default. The result does not depend on it. */
  readonly workers?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Gives the leads of a task. */
export type LeadsOf = (task: LeadsTask) => Leads;

/**
 * Fits the models of stage 1.
 *
 * @returns what finds the leads of each task.
 */
export async function estimateAll(
  tasks: readonly LeadsTask[],
  { root, workers = 2, signal }: EstimateAllOptions,
): Promise<LeadsOf> {
  signal?.throwIfAborted();
  const found = new Map<string, Leads>();
  const waiting = [...new Map(tasks.map((task) => [keyOf(task), task])).values()];
  const take = ({ task, leads }: LeadsAnswer) => found.set(keyOf(task), leads);
  const count = Math.min(workers, waiting.length);
  await Promise.all(
    Array.from({ length: count }, () => runWorker(root, () => waiting.shift(), take, signal)),
  );
  return (task) => {
    const leads = found.get(keyOf(task));
    if (!leads) throw new RangeError(`estimateAll: was not given the task ${keyOf(task)}`);
    return leads;
  };
}

function keyOf({ scorer, dialogues, turns, metric, outcome, variant }: LeadsTask): string {
  return [scorer, dialogues, turns, metric, outcome, variant].join(" ");
}

function runWorker(
  root: string,
  next: () => LeadsTask | undefined,
  take: (answer: LeadsAnswer) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(join(__dirname, "leads-worker.js"), { workerData: { root } });
    const stop = () => void worker.terminate();
    const proceed = () => {
      const task = next();
      if (task) worker.postMessage(task);
      else void worker.terminate();
    };
    signal?.addEventListener("abort", stop);
    worker.on("message", (answer: LeadsAnswer) => {
      take(answer);
      proceed();
    });
    worker.once("error", reject);
    worker.once("exit", () => {
      signal?.removeEventListener("abort", stop);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    });
    proceed();
  });
}
