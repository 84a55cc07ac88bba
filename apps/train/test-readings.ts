// The head that learned from readings beside people's levels of EPITOME's locked tenth, which it never saw.
import { isMissing, loadScorer, METRICS, type Metric } from "empathy-scorer";
import { defaultPlaces, type Places } from "../../src/sources/locate-source";
import type { ReadingsFigures, StoredEvaluation } from "../../src/validity/evaluation-file";
import { summarise } from "./summarise-tests";
import type { Tested } from "./train-jobs";
import { readPairs } from "./training-rows";

/**
 * Repeats the part of an evaluation that concerns the head that learned from readings.
 *
 * @param known the rest of the evaluation.
 * @throws UserError if EPITOME is not on this machine.
 */
export async function evaluateReadings(
  known: StoredEvaluation,
  places: Places = defaultPlaces(),
): Promise<StoredEvaluation> {
  return { ...known, readings: await testReadings(places) };
}

/** Tests the shipped head on EPITOME's locked tenth. */
export async function testReadings(places: Places): Promise<ReadingsFigures[]> {
  const figures: ReadingsFigures[] = [];
  for (const metric of METRICS) {
    const tested = await scoreLocked(metric, places);
    const any = tested.map(
      ({ truth, probabilities: [none, one, two], ...rest }): Tested => ({
        ...rest,
        truth: truth > 0 ? 1 : 0,
        probabilities: Math.max(one, two) > none ? [0, 1, 0] : [1, 0, 0],
      }),
    );
    figures.push({ metric, locked: summarise([tested]), anyLevel: summarise([any]).kappa });
  }
  return figures;
}

async function scoreLocked(metric: Metric, places: Places): Promise<Tested[]> {
  const scorer = loadScorer("readings");
  return (await readPairs(metric, "locked", places)).flatMap(
    ({ group, answered, reply, level }) => {
      const scores = scorer.scoreNow({ context: [answered], reply });
      if (isMissing(scores)) return [];
      const { probabilities } = scores[metric];
      return [{ group, origin: "locked", truth: level, probabilities }];
    },
  );
}
