import {
  type Level,
  type LevelProbabilities,
  type Levels,
  METRICS,
  type ScoreOutcome,
  type ScoreRequest,
  type Scorer,
  type ScorerCard,
} from "empathy-scorer";
import { dialogueKey, wordKey } from "empathy-scorer/training";
import type { Places } from "../../src/sources/locate-source";
import { REFERENCE_SOURCES, readReferenceLevels } from "./reference-levels";

/**
 * The levels that published RoBERTa classifiers gave to replies, as they came with EmPO's files.
 *
 * Knows the replies of those files only: people's and three of Zephyr-7B's. A reply is found by the
 * dialogue's first utterance, the utterance that it answers, and its own words. No probabilities were
 * published: that of the level is 1. The levels are others' work and are never committed.
 */
export class ReferenceScorer implements Scorer {
  readonly id = "epitome-roberta";
  readonly isExact = true;
  readonly card: ScorerCard = {
    name: "Reference levels of EmPO's files",
    trainedOn: "EPITOME, by its authors' method (RoBERTa)",
    tested: "by its authors, on a split of EPITOME of their own",
    fails:
      "knows the replies of its three files only; interpretation and exploration were collapsed to 0 and 2",
  };

  private constructor(private readonly known: ReadonlyMap<string, Levels>) {}

  /**
   * Reads the files from the mirror or the downloads.
   *
   * @throws UserError if a file is not on this machine or breaks its format.
   */
  static async read(places?: Places): Promise<ReferenceScorer> {
    const known = new Map<string, Levels>();
    for (const source of REFERENCE_SOURCES) {
      for (const row of await readReferenceLevels(source, places)) {
        known.set(keyOf(row.opening, row.answered, row.reply), row.levels);
        known.set(keyOf(row.opening, row.answered, row.humanReply), row.humanLevels);
      }
    }
    return new ReferenceScorer(known);
  }

  async score({ context, opening, reply }: ScoreRequest): Promise<ScoreOutcome> {
    const levels = this.known.get(keyOf(opening ?? context[0] ?? "", context.at(-1) ?? "", reply));
    if (!levels) return { missing: "no reference level came with this reply" };
    const scores = METRICS.map((metric) => [
      metric,
      { level: levels[metric], probabilities: certain(levels[metric]) },
    ]);
    return Object.fromEntries(scores);
  }
}

function keyOf(opening: string, answered: string, reply: string): string {
  return `${dialogueKey(opening)}|${wordKey(answered)}|${wordKey(reply)}`;
}

function certain(level: Level): LevelProbabilities {
  return [0, 1, 2].map((one) => (one === level ? 1 : 0)) as unknown as LevelProbabilities;
}
