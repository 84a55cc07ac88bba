import { createGenerator, UserError } from "kit";
import type { StimulusSource } from "../../src/asking/stimuli";
import { isEmotion, sentimentOf } from "../../src/corpus/emotions";
import type { LabelledStimulus } from "../../src/corpus/stimulus";

/** What a sample can hold equal numbers of. */
export const BALANCES = ["emotion", "sentiment"] as const;

/** What a sample holds equal numbers of. */
export type Balance = (typeof BALANCES)[number];

/** Which part of the stimuli is asked. */
export interface Choice {
  /** The first so many. */
  readonly limit?: number;
  /** A random so many, spread over the emotions in proportion. */
  readonly sample?: number;
  /** Gives the groups equal numbers in that sample, as far as they go, in place of their proportions. */
  readonly balanced?: Balance;
  /** Seed of that sample; 1 by default. */
  readonly seed?: number;
}

/**
 * Narrows a source to a stratified random sample, to its first stimuli, or to both in that order.
 *
 * Every emotion gets its share of the sample, rounded so that the shares add up (largest remainders, ties
 * by name); within an emotion stimuli are drawn at random. A balanced sample gives every emotion, or every
 * sentiment, the same number instead: one that has fewer gives all that it has, and the others share the rest.
 * The same seed gives the same sample whatever the machine, and the source's order is kept.
 *
 * @throws UserError if a balanced sample has no size, or a stimulus has no emotion to balance by.
 */
export async function chooseStimuli(
  source: StimulusSource,
  { limit, sample, balanced, seed = 1 }: Choice,
): Promise<StimulusSource> {
  if (balanced && sample === undefined) {
    throw new UserError(
      `a sample balanced by ${balanced} needs a size; say how many with --sample`,
    );
  }
  const drawn =
    sample === undefined ? source : keepAt(source, await draw(source, sample, { balanced, seed }));
  return limit === undefined ? drawn : keepFirst(drawn, limit);
}

/**
 * Shares a number among groups in proportion to their sizes.
 *
 * @param sizes how many members each group has.
 * @returns how many each group gives; the sum is the number, or all members where there are fewer.
 *
 * @example
 * [...shareAmong(new Map([["sad", 30], ["proud", 10]]), 8)]; // => [["sad", 6], ["proud", 2]]
 */
export function shareAmong(
  sizes: ReadonlyMap<string, number>,
  wanted: number,
): Map<string, number> {
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const number = Math.min(wanted, total);
  const shares = [...sizes].map(([name, size]) => {
    // Whole numbers only: the remainder of number * size / total decides, without rounding noise.
    const whole = Math.floor((number * size) / total);
    return { name, whole, remainder: number * size - whole * total };
  });
  const left = number - shares.reduce((sum, { whole }) => sum + whole, 0);
  const byRemainder = [...shares].sort(
    (a, b) => b.remainder - a.remainder || (a.name < b.name ? -1 : 1),
  );
  const lucky = new Set(byRemainder.slice(0, left).map(({ name }) => name));
  return new Map(shares.map(({ name, whole }) => [name, whole + (lucky.has(name) ? 1 : 0)]));
}

/**
 * Shares a number among groups equally; a group that is too small gives all its members.
 *
 * @param sizes how many members each group has.
 * @returns how many each group gives, two with members to spare differing by one at most; the sum is the number, or all members where there are fewer.
 *
 * @example
 * [...shareEqually(new Map([["sad", 30], ["proud", 10], ["calm", 1]]), 9)]; // => [["sad", 4], ["proud", 4], ["calm", 1]]
 */
export function shareEqually(
  sizes: ReadonlyMap<string, number>,
  wanted: number,
): Map<string, number> {
  // The smallest first: what it lacks is shared by all that follow, and ties go on by name.
  const order = [...sizes].sort(([a, m], [b, n]) => m - n || (a < b ? 1 : -1));
  const shares = new Map([...sizes.keys()].map((name) => [name, 0]));
  let left = wanted;
  for (const [at, [name, size]] of order.entries()) {
    const share = Math.min(size, Math.floor(left / (order.length - at)));
    shares.set(name, share);
    left -= share;
  }
  return shares;
}

async function draw(
  source: StimulusSource,
  wanted: number,
  { balanced, seed }: { readonly balanced: Balance | undefined; readonly seed: number },
): Promise<Set<number>> {
  const places = new Map<string, number[]>();
  let place = 0;
  for await (const labelled of source.open()) {
    const name = balanced ? groupOf(labelled, balanced, source) : labelled.emotion;
    const group = places.get(name);
    if (group) group.push(place);
    else places.set(name, [place]);
    place++;
  }
  const sizes = new Map([...places].map(([name, all]) => [name, all.length]));
  const shares = balanced ? shareEqually(sizes, wanted) : shareAmong(sizes, wanted);
  const kept = new Set<number>();
  for (const [stream, name] of [...places.keys()].sort().entries()) {
    const group = places.get(name) as number[];
    const random = createGenerator(seed, stream);
    for (let taken = 0; taken < (shares.get(name) as number); taken++) {
      const other = taken + Math.floor(random.uniform() * (group.length - taken));
      [group[taken], group[other]] = [group[other] as number, group[taken] as number];
      kept.add(group[taken] as number);
    }
  }
  return kept;
}

function groupOf(
  { stimulus, emotion }: LabelledStimulus,
  balanced: Balance,
  { name }: StimulusSource,
): string {
  const where = `${name}: dialogue '${stimulus.dialogue}'`;
  if (emotion === "") {
    throw new UserError(
      `${where} has no emotion to balance by; fill in its column 'emotion', or leave --balanced out`,
    );
  }
  if (balanced === "emotion") return emotion;
  if (isEmotion(emotion)) return sentimentOf(emotion);
  throw new UserError(
    `${where}: '${emotion}' is not one of EmpatheticDialogues' emotions, so its sentiment is unknown; say --balanced emotion`,
  );
}

function keepAt(source: StimulusSource, kept: ReadonlySet<number>): StimulusSource {
  async function* open(): AsyncGenerator<LabelledStimulus> {
    let place = 0;
    for await (const labelled of source.open()) if (kept.has(place++)) yield labelled;
  }
  return { name: source.name, open };
}

function keepFirst(source: StimulusSource, limit: number): StimulusSource {
  async function* open(): AsyncGenerator<LabelledStimulus> {
    let left = limit;
    if (left === 0) return;
    for await (const labelled of source.open()) {
      yield labelled;
      if (--left === 0) return;
    }
  }
  return { name: source.name, open };
}
