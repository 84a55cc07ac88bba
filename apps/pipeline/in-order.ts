/**
 * Runs tasks from the last item to the first, some of them side by side, and gives their results in order.
 *
 * Later notebooks compute more: begun first, they leave nobody waiting for one of them alone at the end.
 * When one fails, when the caller stops listening, or when the signal says so, those under way are told to
 * stop, and are waited for; those that were not begun are not begun.
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
  const tasks = items.map((item) => new Task(() => start(item, controller.signal)));
  const waiting = [...tasks];
  const work = async () => {
    for (let task = waiting.pop(); task; task = waiting.pop()) {
      if (controller.signal.aborted) task.refuse(controller.signal.reason);
      else await task.run();
    }
  };
  const workers = Array.from({ length: width }, work);
  try {
    for (const { result } of tasks) yield await result;
  } finally {
    controller.abort(new Error("another task failed"));
    await Promise.all(workers);
    signal?.removeEventListener("abort", stop);
  }
}

/** A task whose result can be awaited before it is begun. */
class Task<Result> {
  readonly result: Promise<Result>;
  refuse: (reason: unknown) => void = () => {};
  private resolve: (result: Result) => void = () => {};

  constructor(private readonly start: () => Promise<Result>) {
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.refuse = reject;
    });
    this.result.catch(() => {}); // The loop meets the error when its turn comes.
  }

  async run(): Promise<void> {
    try {
      this.resolve(await this.start());
    } catch (error) {
      this.refuse(error);
    }
  }
}
