import { parentPort, workerData } from "node:worker_threads";

/** The share of one thread: the task, and items `first`, `first + stride`, … below `count` of it. */
export interface ThreadShare<Task> {
  readonly task: Task;
  readonly first: number;
  readonly stride: number;
  readonly count: number;
}

/** Answers, in a thread that `runThreads` started, its share of the items one by one; does nothing elsewhere. */
export function answerThread<Task, Result>(answer: (task: Task, index: number) => Result): void {
  if (!parentPort) return;
  const { task, first, stride, count } = workerData as ThreadShare<Task>;
  for (let index = first; index < count; index += stride) {
    parentPort.postMessage({ index, result: answer(task, index) });
  }
}
