// Scores of the replies to posts: `data/instructions/<system>.csv`, in the form of `data/scores`, without a text. The
// `dialogue` of a row is its post.
import { join } from "node:path";
import { byMetric, type Metric } from "empathy-scorer";
import { projectPath } from "../project";
import { readSystemScores } from "../scoring/system-scores";
import { POST_SYSTEMS } from "./post-replies";

/** Where the tables stand. */
export const INSTRUCTIONS_FOLDER = "data/instructions/";

/** One scored reply to a post. */
export interface ScoredPostReply {
  readonly post: string;
  /** Model, or `peers`. */
  readonly writer: string;
  /** The style of prompt; `none` for peers. */
  readonly instruction: string;
  readonly words: number;
  /** Number of this reply among the system's replies to the post, from 1. */
  readonly sample: number;
  /** 1 where the reply is at level 1 or 2, else 0. */
  readonly shows: Readonly<Record<Metric, number>>;
}

/**
 * Reads the scored replies to posts; those without a score are left out.
 *
 * @throws UserError if a table is missing or broken.
 */
export function readPostScores(folder = projectPath(INSTRUCTIONS_FOLDER)): ScoredPostReply[] {
  return POST_SYSTEMS.flatMap(({ id, writer, instruction }) =>
    readSystemScores(join(folder, `${id}.csv`)).flatMap(({ dialogue, words, sample, scores }) => {
      if (!scores) return [];
      const shows = byMetric((metric) => (scores[metric].level > 0 ? 1 : 0));
      return [{ post: dialogue, writer, instruction, words, sample, shows }];
    }),
  );
}
