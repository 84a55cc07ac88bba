import type { Level, LevelProbabilities } from "./levels";

/**
 * The most probable level; of equally probable ones the lowest.
 *
 * @example
 * mostProbable([0.4, 0.4, 0.2]); // => 0
 */
export function mostProbable(p: LevelProbabilities): Level {
  if (p[2] > p[1] && p[2] > p[0]) return 2;
  return p[1] > p[0] ? 1 : 0;
}
