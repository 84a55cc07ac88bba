/** Remembers what a function made of each list of names; where a number is given, of so many that were asked last. */
export function remember<Names extends string[], Value>(
  make: (...names: Names) => Value,
  most = Number.POSITIVE_INFINITY,
): (...names: Names) => Value {
  const made = new Map<string, Value>();
  return (...names) => {
    const key = names.join(" ");
    const value = made.has(key) ? (made.get(key) as Value) : make(...names);
    // Asked last, it stands last.
    made.delete(key);
    made.set(key, value);
    for (const oldest of made.keys()) {
      if (made.size <= most) break;
      made.delete(oldest);
    }
    return value;
  };
}
