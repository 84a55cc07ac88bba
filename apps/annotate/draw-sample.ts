import { createGenerator, type RandomGenerator } from "kit";

/** Which replies are drawn, and who reads them. */
interface DrawnSample {
  /** The replies' positions in the population, in an order that says nothing about them. */
  readonly replies: readonly { readonly member: number; readonly stratum: number }[];
  /** For each rater the positions in `replies`, in the order in which the rater sees them. */
  readonly pages: readonly (readonly number[])[];
}

/** How a sample is drawn. */
interface DrawOptions {
  /** Number of raters, from 1. */
  readonly raters: number;
  /** Number of replies that all raters read. */
  readonly overlap: number;
  readonly seed: number;
}

/**
 * Draws replies at random within strata, and deals them to raters so that each reads of every stratum alike.
 *
 * @param members the positions of each stratum's replies.
 * @param counts how many to draw of each.
 */
export function drawSample(
  members: readonly (readonly number[])[],
  counts: readonly number[],
  { raters, overlap, seed }: DrawOptions,
): DrawnSample {
  const random = createGenerator(seed);
  const drawn = members.flatMap((stratum, at) =>
    shuffle(stratum, random)
      .slice(0, counts[at])
      .map((member) => ({ member, stratum: at })),
  );
  const shared = chooseShared(drawn.length, raters > 1 ? overlap : 0, random);
  const readers = deal(drawn.length, shared, raters, random);
  const order = shuffle([...drawn.keys()], random);
  const pages = Array.from({ length: raters }, (_, rater) => {
    const own = [...order.keys()].filter((at) => readers[order[at] ?? 0]?.includes(rater));
    return shuffle(own, createGenerator(seed, 1 + rater));
  });
  return { replies: order.flatMap((at) => drawn[at] ?? []), pages };
}

/** Puts values into random order (Fisher and Yates); the given list stays as it is. */
export function shuffle<Value>(values: readonly Value[], random: RandomGenerator): Value[] {
  const shuffled = [...values];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const at = Math.floor(random.uniform() * (last + 1));
    const [one, other] = [shuffled[at], shuffled[last]];
    if (one === undefined || other === undefined) continue;
    shuffled[at] = other;
    shuffled[last] = one;
  }
  return shuffled;
}

// Evenly spaced over the strata from a random start, so that every stratum has its part.
function chooseShared(count: number, overlap: number, random: RandomGenerator): Set<number> {
  const wanted = Math.min(count, overlap);
  const start = random.uniform();
  return new Set(
    Array.from({ length: wanted }, (_, at) => Math.floor(((at + start) * count) / wanted)),
  );
}

function deal(
  count: number,
  shared: ReadonlySet<number>,
  raters: number,
  random: RandomGenerator,
): number[][] {
  const everyone = Array.from({ length: raters }, (_, rater) => rater);
  let round: number[] = [];
  return Array.from({ length: count }, (_, at) => {
    if (shared.has(at)) return everyone;
    if (round.length === 0) round = shuffle(everyone, random);
    return round.splice(0, 1);
  });
}
