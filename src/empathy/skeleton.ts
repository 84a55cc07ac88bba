import { hashText } from "./hash-text";
import { functionWords } from "./lexicon";
import type { Tokens } from "./tokenise";

/** Replaces every word that is no function word by its shape. */
export function skeletonOf({ words, hashes }: Tokens): Int32Array {
  const skeleton = new Int32Array(hashes.length);
  for (let at = 0; at < hashes.length; at++) {
    const hash = hashes[at]!;
    skeleton[at] = functionWords.has(hash) ? hash : shapeOf(words[at] as string, hash);
  }
  return skeleton;
}

const SHAPES = ["*ing", "*ed", "*ly", "*", "#"].map((shape) => hashText(shape) | 0);

function shapeOf(word: string, hash: number): number {
  const first = word.charCodeAt(0);
  if (first >= 48 && first <= 57) return SHAPES[4]!;
  if (first < 97 || (first > 122 && first < 128)) return hash;
  if (word.length > 4) {
    if (word.endsWith("ing")) return SHAPES[0]!;
    if (word.endsWith("ed")) return SHAPES[1]!;
    if (word.endsWith("ly")) return SHAPES[2]!;
  }
  return SHAPES[3]!;
}
