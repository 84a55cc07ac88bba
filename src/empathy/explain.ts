import { normaliseText } from "./normalise-text";
import type { Contribution } from "./scorer";

const MOST_WORDS = 60;

/**
 * Finds the parts of a reply that move its expected level, by leaving each out in turn.
 *
 * @param level the whole reply's expected level.
 * @param rescore gives the expected level of what is left.
 * @returns the parts with the largest changes, largest first.
 */
export function explainReply(
  reply: string,
  level: number,
  most: number,
  rescore: (reply: string) => number,
): Contribution[] {
  const words = normaliseText(reply).split(/\s+/).slice(0, MOST_WORDS);
  const spans = [...sentenceSpans(words), ...words.map((_, at) => [at, at + 1] as const)];
  const found = spans.map(([from, to]) => {
    const rest = [...words.slice(0, from), ...words.slice(to)].join(" ");
    return { text: words.slice(from, to).join(" "), change: level - rescore(rest) };
  });
  return found
    .filter(({ change }) => Math.abs(change) > 0.005)
    .sort((a, b) => Math.abs(b.change) - Math.abs(a.change))
    .slice(0, most);
}

function sentenceSpans(words: readonly string[]): (readonly [number, number])[] {
  const spans: [number, number][] = [];
  let from = 0;
  for (let at = 0; at < words.length; at++) {
    if (!/[.!?]$/.test(words[at]!) && at < words.length - 1) continue;
    if (at > from) spans.push([from, at + 1]);
    from = at + 1;
  }
  return spans;
}
