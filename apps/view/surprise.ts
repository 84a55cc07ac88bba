// How surprising a reply's level is: the information, in bits, of learning it when one knows which system wrote the reply and
// whether the prompt is positive, negative or ambiguous (Shannon's self-information).
//
//   surprise = −log2 ((k + 1/2) / (n + 3/2))
//
// where n replies of the same system to prompts of the same sentiment have a level and k of them have this one. One half is
// added to each of the three counts (Krichevsky and Trofimov's estimate), so that few replies make no level impossible.

/** Bits by reply and metric, three entries a reply; NaN where there is no level. */
export type SurpriseColumn = Float32Array;

/** What a reply is compared with. */
interface SurpriseGroups {
  readonly systemOf: Uint16Array;
  readonly stimulusOf: Int32Array;
  readonly sentimentOf: Uint8Array;
  /** Number of systems. */
  readonly systems: number;
}

const SENTIMENT_COUNT = 4;

/**
 * Measures every reply's surprise.
 *
 * @param levels three a reply, by metric; -1 where there is none.
 * @example
 * const groups = { systemOf: Uint16Array.of(0), stimulusOf: Int32Array.of(0), sentimentOf: Uint8Array.of(0), systems: 1 };
 * surpriseOf(Int8Array.of(2, 2, -1), groups); // => Float32Array.of(0.7369655966758728, 0.7369655966758728, NaN)
 */
export function surpriseOf(levels: Int8Array, groups: SurpriseGroups): SurpriseColumn {
  const { systemOf, stimulusOf, sentimentOf, systems } = groups;
  const counts = new Int32Array(systems * SENTIMENT_COUNT * 9);
  const cellOf = (at: number) => {
    const reply = Math.floor(at / 3);
    const sentiment = sentimentOf[stimulusOf[reply] ?? 0] ?? 0;
    return (((systemOf[reply] ?? 0) * SENTIMENT_COUNT + sentiment) * 3 + (at % 3)) * 3;
  };
  for (const [at, level] of levels.entries()) {
    if (level >= 0) counts[cellOf(at) + level] = (counts[cellOf(at) + level] ?? 0) + 1;
  }
  return Float32Array.from(levels, (level, at) => {
    if (level < 0) return Number.NaN;
    const cell = cellOf(at);
    const [none = 0, weak = 0, strong = 0] = counts.subarray(cell, cell + 3);
    const share = ((counts[cell + level] ?? 0) + 0.5) / (none + weak + strong + 1.5);
    return -Math.log2(share);
  });
}
