/** Status with which a program ends that a signal stopped: 128 and the signal's number. */
const STATUS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs a task that stops in good order on Ctrl-C, SIGTERM or a terminal that closes.
 *
 * The first signal aborts the task's `AbortSignal` and, once the task has cleaned up, ends the process
 * with 130, 143 or 129. A second signal ends it at once.
 */
export async function interruptible<T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let status: number | undefined;
  const listeners = (Object.keys(STATUS) as (keyof typeof STATUS)[]).map((name) => {
    const listener = () => {
      if (status !== undefined) process.exit(status);
      status = STATUS[name];
      controller.abort(new Interrupted(name));
    };
    process.on(name, listener);
    return [name, listener] as const;
  });
  try {
    return await task(controller.signal);
  } finally {
    for (const [name, listener] of listeners) process.removeListener(name, listener);
    if (status !== undefined) process.exitCode = status;
  }
}

/** Why an interrupted task ended. */
export class Interrupted extends Error {
  constructor(signal: string) {
    super(`stopped by ${signal}`);
  }
}
