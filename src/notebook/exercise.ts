// What students type into an exercise, whatever it is: lessons go on to their end, and say what is not yet right.

/** Labels as far as they can be read. */
export interface GivenLabels {
  /** One for each reply; null where it is missing, or is no level. */
  readonly labels: (0 | 1 | 2 | null)[];
  /** What is not yet right, for the student; null where all is there. */
  readonly fault: string | null;
}

/**
 * Reads a row of labels that was typed into an exercise.
 *
 * @param given anything; a list of levels is wanted.
 * @param count how many there should be.
 * @example
 * readLabels([2, 0, 3], 3); // => { labels: [2, 0, null], fault: "number 3 is 3; a level is 0, 1 or 2" }
 */
export function readLabels(given: unknown, count: number): GivenLabels {
  const typed: readonly unknown[] = Array.isArray(given) ? given : [];
  const labels = Array.from({ length: count }, (_, at) => {
    const value = typed[at];
    return value === 0 || value === 1 || value === 2 ? value : null;
  });
  return { labels, fault: faultOf(given, typed, count, labels) };
}

function faultOf(
  given: unknown,
  typed: readonly unknown[],
  count: number,
  labels: readonly unknown[],
): string | null {
  if (!Array.isArray(given)) return `a row of ${count} levels in square brackets is needed`;
  const odd = typed.findIndex((value, at) => value != null && at < count && labels[at] === null);
  if (odd >= 0) return `number ${odd + 1} is ${show(typed[odd])}; a level is 0, 1 or 2`;
  if (typed.length !== count) return `there are ${typed.length} levels for ${count} replies`;
  const missing = labels.filter((label) => label === null).length;
  return missing === 0 ? null : `${missing} of ${count} levels are missing`;
}

/**
 * Reads texts that were typed into an exercise; what is no text counts as an empty one.
 *
 * @param count how many there should be.
 */
export function readTexts(
  given: unknown,
  count: number,
): { readonly texts: string[]; readonly fault: string | null } {
  const typed: readonly unknown[] = Array.isArray(given) ? given : [];
  const texts = Array.from({ length: count }, (_, at) => {
    const value = typed[at];
    return typeof value === "string" ? value : "";
  });
  const left = texts.filter((text) => text.trim() === "").length;
  if (typed.length > count) return { texts, fault: `there are ${typed.length} texts for ${count}` };
  return { texts, fault: left === 0 ? null : `${left} of ${count} texts are missing` };
}

function show(value: unknown): string {
  return typeof value === "string" ? `the text "${value}"` : String(value);
}
