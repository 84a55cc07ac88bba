/**
 * Groups items by a key, in the order in which keys are first met; items stay in their order.
 *
 * @example
 * groupBy(["ab", "b", "ac"], (word) => word[0]).get("a"); // => ["ab", "ac"]
 */
export function groupBy<Item, Key>(
  items: Iterable<Item>,
  keyOf: (item: Item) => Key,
): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/**
 * Counts how often each item occurs, in the order in which they are first met.
 *
 * @example
 * countEach(["a", "b", "a"]).get("a"); // => 2
 */
export function countEach<Item>(items: Iterable<Item>): Map<Item, number> {
  const counts = new Map<Item, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
