// What a scorer says of replies, by the keys of readings.
import { join } from "node:path";
import { byMetric, type Levels } from "empathy-scorer";
import { replyKey } from "../readings/reading-rows";
import { readSystemScores } from "../scoring/system-scores";
import type { Study } from "../study/study";

/** Reads a scorer's levels of some systems' replies, by `replyKey`; replies without a score are left out. */
export function readLevels(
  { root }: Pick<Study, "root">,
  scorer: string,
  systems: Iterable<string>,
): Map<string, Levels> {
  const levels = new Map<string, Levels>();
  for (const system of systems) {
    const path = join(root, "data", "scores", scorer, `${system}.csv`);
    for (const { dialogue, turn, sample, scores } of readSystemScores(path)) {
      if (!scores) continue;
      const key = replyKey({ system, dialogue, turn, sample });
      levels.set(
        key,
        byMetric((metric) => scores[metric].level),
      );
    }
  }
  return levels;
}
