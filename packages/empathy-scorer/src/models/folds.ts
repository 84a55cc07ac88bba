import { hashText, mixHash } from "../text/hash-text";
import { wordKey } from "../text/normalise-text";

/** Groups whose hash falls in this tenth are locked: no choice was ever made on them. */
const LOCKED_SEED = 20231012;

/** Whether a group of texts (a pair, a dialogue) belongs to the tenth that is kept for the last test. */
export function isLocked(group: string): boolean {
  return hashText(group, LOCKED_SEED) % 10 === 0;
}

/** What identifies a rated pair: the words of both posts. */
export function pairKey(seekerPost: string, responsePost: string): string {
  return `${wordKey(seekerPost)}|${wordKey(responsePost)}`;
}

/**
 * What identifies a dialogue wherever it comes from: the words of its first utterance, lower case,
 * contractions spelled out, letters and digits only.
 *
 * @example
 * dialogueKey("I don't know. It was FINE!"); // => "idonotknowitwasfine"
 */
export function dialogueKey(firstUtterance: string): string {
  return wordKey(firstUtterance);
}

/** The fold of a dialogue: a hash of its key, so that every copy of the dialogue falls in the same fold. */
export function dialogueFold(key: string, foldCount: number): number {
  return hashText(key, 77) % foldCount;
}

/**
 * Deals groups to folds so that each fold holds about as many of every stratum.
 *
 * Depends on the groups and the seed alone, not on the order of the rows.
 *
 * @param groups of the rows; rows of one group fall in one fold.
 * @param strata of the rows, such as their levels; a group's stratum is its highest.
 * @returns the fold of each row.
 */
export function dealFolds(
  groups: readonly string[],
  strata: readonly number[],
  foldCount: number,
  seed: number,
): Uint8Array {
  const stratumOf = new Map<string, number>();
  for (const [row, group] of groups.entries()) {
    stratumOf.set(group, Math.max(stratumOf.get(group) ?? 0, strata[row] as number));
  }
  const order = [...stratumOf].map(([group, stratum]) => ({
    group,
    stratum,
    hash: mixHash(hashText(group, seed) ^ Math.imul(seed, 0x9e3779b1)),
  }));
  order.sort((a, b) => a.stratum - b.stratum || a.hash - b.hash || (a.group < b.group ? -1 : 1));
  const foldOf = new Map(order.map(({ group }, at) => [group, at % foldCount]));
  return Uint8Array.from(groups, (group) => foldOf.get(group) as number);
}
