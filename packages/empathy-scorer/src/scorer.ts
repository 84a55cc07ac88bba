import type { Missing } from "kit";
import type { Level, LevelProbabilities, Metric } from "./levels";
import { isLatinScript, isOtherLanguage, isOtherThan } from "./text/find-language";
import { normaliseText } from "./text/normalise-text";

/** What is scored: a reply, and what was said before it. */
export interface ScoreRequest {
  /** The utterances before the reply, oldest first; may be empty. */
  readonly context: readonly string[];
  readonly reply: string;
  /**
   * The dialogue's first utterance, where `context` does not begin with it. It decides which of the
   * models of a head that learned from dialogues scores the reply: one that has not seen this dialogue.
   */
  readonly opening?: string | undefined;
}

/** One metric's score. */
export interface MetricScore {
  /** The most probable level; of equally probable ones the lowest. */
  readonly level: Level;
  readonly probabilities: LevelProbabilities;
}

/** The scores of a reply. */
export type ReplyScores = Readonly<Record<Metric, MetricScore>>;

/** A scorer's answer: scores, or the reason why there are none. */
export type ScoreOutcome = ReplyScores | Missing;

/** How much one word or sentence of a reply moved a metric. */
export interface Contribution {
  readonly text: string;
  /** Change of the expected level (probability of 1 plus twice that of 2) that this part made. */
  readonly change: number;
}

/** What a scorer was made from, how it was tested, where it fails. */
export interface ScorerCard {
  readonly name: string;
  readonly trainedOn: string;
  readonly tested: string;
  readonly fails: string;
}

/** Whatever gives levels to replies: the embedded classifier, a model behind an API. */
export interface Scorer {
  readonly id: string;
  readonly card: ScorerCard;
  /** Scores one reply. The same request gives the same answer in any order or company, if `isExact`. */
  score(request: ScoreRequest, signal?: AbortSignal): Promise<ScoreOutcome>;
  /** Whether equal requests always get equal answers. */
  readonly isExact: boolean;
}

/**
 * Says why a reply cannot be scored, or nothing where it can.
 *
 * @param language that the scorer knows, BCP 47; English, as all scorers do but judges with an instruction in another.
 */
export function findUnscorable(reply: string, language = "en"): string | undefined {
  if (reply.trim() === "") return "the reply is empty";
  if (!/\p{L}/u.test(reply)) return "the reply has no letters";
  const normal = normaliseText(reply);
  if (!/^en(-|$)/i.test(language)) {
    if (!isOtherThan(normal, language)) return undefined;
    return `the reply is not in '${language}', the language of the judge's instruction`;
  }
  if (!isLatinScript(normal))
    return "the reply is not in Latin letters; the scorer knows English only";
  if (isOtherLanguage(normal)) return "the reply is not in English; the scorer knows English only";
  return undefined;
}
