/**
 * Starts tasks in order, some of them side by side, and gives their results in order.
 *
 * When one fails, when the caller stops listening, or when the signal says so, those under way are told to
 * stop, and are waited for.
 *
 * @param width how many may be under way at once.
 * @throws what the first task, in order, that failed threw.
 */
export async function* inOrder<Item, Result>(
  items: readonly Item[],
  width: number,
  start: (item: Item, signal: AbortSignal) => Promise<Result>,
  signal?: AbortSignal,
): AsyncGenerator<Result> {
  const controller = new AbortController();
  const stop = () => controller.abort(signal?.reason);
  signal?.addEventListener("abort", stop);
  const started: Promise<Result>[] = [];
  try {
    for (let next = 0; next < items.length; next++) {
      while (started.length < Math.min(items.length, next + width)) {
        const task = start(items[started.length] as Item, controller.signal);
        task.catch(() => {}); // The loop meets the error when its turn comes.
        started.push(task);
      }
      yield await (started[next] as Promise<Result>);
    }
  } finally {
    controller.abort(new Error("another task failed"));
    await Promise.allSettled(started);
    signal?.removeEventListener("abort", stop);
  }
}
