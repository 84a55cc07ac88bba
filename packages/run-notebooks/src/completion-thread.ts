// Completes bundles in a thread of its own, so that drawing a figure neither stops a cell nor shares its
// globals: the kernel's side of `completeInThread`.
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { PLOTLY_MIME } from "kit";
import type { MimeBundle } from "./notebook-file";
import type { Complete } from "./patient-sockets";

interface Answer {
  readonly data?: MimeBundle;
  readonly problem?: string;
}

/**
 * Gives figures to a thread that completes them; it is started with the first one.
 *
 * @param module a compiled file that exports `completeFigure(bundle, onFigure)`.
 * @returns a function that answers a bundle without a figure at once, and any bundle that cannot be completed
 *   as it is, after saying why on stderr, where the cell's reader sees it.
 */
export function completeInThread(module: string): Complete {
  let thread: Worker | undefined;
  let waiting: ((answer: Answer) => void)[] = [];
  const start = () => {
    const worker = new Worker(__filename, { workerData: { completer: module } });
    worker.on("message", (answer: Answer) => {
      waiting.shift()?.(answer);
      if (waiting.length === 0) worker.unref(); // An idle thread must not keep the kernel alive.
    });
    worker.on("error", (error) => {
      thread = undefined;
      for (const settle of waiting) settle({ problem: String(error) });
      waiting = [];
    });
    return worker;
  };
  const ask = (bundle: MimeBundle) =>
    new Promise<Answer>((resolve) => {
      thread ??= start();
      waiting.push(resolve);
      thread.ref();
      thread.postMessage(bundle);
    });
  return async (bundle) => {
    if (bundle[PLOTLY_MIME] === undefined) return bundle;
    const { data, problem } = await ask(bundle);
    if (problem !== undefined) process.stderr.write(`${problem}\n`);
    return data ?? bundle;
  };
}

interface Completer {
  completeFigure(bundle: MimeBundle, onFigure: () => void): Promise<MimeBundle>;
}

function serve(module: string): void {
  const { completeFigure } = require(module) as Completer;
  parentPort?.on("message", (bundle: MimeBundle) => {
    completeFigure(bundle, () => {}).then(
      (data) => parentPort?.postMessage({ data }),
      (error: Error) => parentPort?.postMessage({ problem: error.message }),
    );
  });
}

if (!isMainThread && workerData?.completer) serve(workerData.completer);
