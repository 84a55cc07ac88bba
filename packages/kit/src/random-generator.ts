/** A seeded source of random numbers: the same seed gives the same numbers on every machine. */
export interface RandomGenerator {
  /** Uniform on [0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
}

/**
 * Makes a generator: mulberry32 for uniform numbers of 32 bits, Box and Muller's method for normal ones.
 *
 * @param seed a whole number.
 * @param stream numbers independent sequences of one seed, such as the replicates of a bootstrap.
 */
export function createGenerator(seed: number, stream = 0): RandomGenerator {
  // Streams are spread by a multiplicative hash, so that neighbours do not overlap.
  const state = (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b)) | 0;
  let spare: number | undefined;
  const uniform = mulberry32(state);
  const normal = () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return { uniform, normal };
}

/** Uniform numbers on [0, 1) of 32 bits, from a 32-bit state (mulberry32). */
export function mulberry32(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
