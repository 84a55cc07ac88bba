import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { inOrder } from "../../apps/pipeline/in-order";

async function collect<T>(results: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const result of results) all.push(result);
  return all;
}

describe("inOrder", () => {
  it("gives results in the order of the items, never more at once than it may", async () => {
    let [running, most] = [0, 0];
    const start = async (item: number) => {
      most = Math.max(most, ++running);
      await setTimeout(item);
      running--;
      return item;
    };
    assert.deepEqual(await collect(inOrder([9, 1, 5, 2, 1], 2, start)), [9, 1, 5, 2, 1]);
    assert.equal(most, 2);
  });

  it("begins with the last", async () => {
    const begun: number[] = [];
    const start = async (item: number) => {
      begun.push(item);
      return item;
    };
    assert.deepEqual(await collect(inOrder([1, 2, 3], 2, start)), [1, 2, 3]);
    assert.deepEqual(begun.slice(0, 2), [3, 2]);
  });

  it("fails with the first failing item's error, and stops the others", async () => {
    let stopped = false;
    const start = async (item: string, signal: AbortSignal) => {
      if (item === "bad") throw new Error("bad item");
      await setTimeout(5000, undefined, { signal }).catch(() => {
        stopped = true;
      });
      return item;
    };
    await assert.rejects(collect(inOrder(["bad", "slow"], 2, start)), /bad item/);
    assert.ok(stopped);
  });

  it("passes the caller's signal on", async () => {
    const controller = new AbortController();
    const start = (_item: number, signal: AbortSignal) => setTimeout(5000, 1, { signal });
    const all = collect(inOrder([1, 2], 2, start, controller.signal));
    controller.abort(new Error("stop"));
    await assert.rejects(all);
  });
});
