/**
 * Writes a number with its noun, in the singular where there is one.
 *
 * @param many the plural; by default the noun with an s.
 *
 * @example
 * countNoun(1, "reply", "replies"); // => "1 reply"
 * countNoun(0, "cell"); // => "0 cells"
 */
export function countNoun(count: number, noun: string, many = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}
