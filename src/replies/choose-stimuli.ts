import { createGenerator } from "../random-generator";
import type { LabelledStimulus, StimulusSource } from "./stimuli";

/** Which part of the stimuli is asked. */
export interface Choice {
  /** The first so many. */
  readonly limit?: number;
  /** A random so many, spread over the emotions in proportion. */
  readonly sample?: number;
  /** Seed of that sample; 1 by default. */
  readonly seed?: number;
}

/**
 * Narrows a source to a stratified random sample, to its first stimuli, or to both in that order.
 *
 * Every emotion gets its share of the sample, rounded so that the shares add up (largest remainders, ties
 * by name); within an emotion stimuli are drawn at random. The same seed gives the same sample whatever
 * the machine, and the source's order is kept.
 */
export async function chooseStimuli(
  source: StimulusSource,
  { limit, sample, seed = 1 }: Choice,
): Promise<StimulusSource> {
  const drawn = sample === undefined ? source : keepAt(source, await draw(source, sample, seed));
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

async function draw(source: StimulusSource, wanted: number, seed: number): Promise<Set<number>> {
  const places = new Map<string, number[]>();
  let place = 0;
  for await (const { emotion } of source.open()) {
    const group = places.get(emotion);
    if (group) group.push(place);
    else places.set(emotion, [place]);
    place++;
  }
  const shares = shareAmong(new Map([...places].map(([name, all]) => [name, all.length])), wanted);
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
