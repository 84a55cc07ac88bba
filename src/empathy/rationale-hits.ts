import { normaliseText } from "./normalise-text";
import { type Tokens, tokenise } from "./tokenise";

/**
 * Marks the tokens of a reply that lie in a rationale.
 *
 * @returns one byte per token, or undefined where a rationale is not found in the reply word for word.
 */
export function markRationales(
  reply: Tokens,
  rationales: readonly string[],
): Uint8Array | undefined {
  const marks = new Uint8Array(reply.words.length);
  let found = rationales.length === 0;
  for (const rationale of rationales) {
    const wanted = tokenise(normaliseText(rationale)).hashes;
    if (wanted.length === 0) continue;
    const at = longestMatch(reply.hashes, wanted);
    if (!at) continue;
    found = true;
    marks.fill(1, at.from, at.to);
  }
  return found ? marks : undefined;
}

// The place where most of the rationale stands: a span's ends may be cut inside a word.
function longestMatch(
  text: Int32Array,
  wanted: Int32Array,
): { from: number; to: number } | undefined {
  let best = { from: 0, to: 0 };
  for (let shift = 0; shift <= Math.min(1, wanted.length - 1); shift++) {
    for (let at = 0; at + 1 <= text.length; at++) {
      let length = 0;
      while (
        shift + length < wanted.length &&
        at + length < text.length &&
        text[at + length] === wanted[shift + length]
      ) {
        length++;
      }
      if (length > best.to - best.from) best = { from: at, to: at + length };
    }
  }
  return best.to - best.from >= 0.5 * wanted.length ? best : undefined;
}
