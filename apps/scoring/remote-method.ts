import {
  type AnswerCheck,
  type Provider,
  type ReplyRecord,
  type ReplyRequest,
  type RequestBody,
  requestKey,
} from "ask-models";
import {
  byMetric,
  type Level,
  type LevelProbabilities,
  METRICS,
  type Metric,
  mostProbable,
  type ScoreOutcome,
  type ScoreRequest,
  type ScorerCard,
} from "empathy-scorer";
import { isMissing, type Missing } from "kit";

/** What a journal holds of one request, as far as scores are read from it. */
export type ScoredAnswer = Pick<
  ReplyRecord,
  "status" | "reply" | "partial" | "reason" | "logprobs"
>;

/** A way to have replies scored elsewhere: what is sent for a reply, and how the answers become scores. */
export interface RemoteMethod {
  /** Names the scorer, its journal and its folder below `data/scores`. */
  readonly id: string;
  readonly card: ScorerCard;
  /** The language of the replies that it scores, BCP 47; English where it says none. */
  readonly language?: string;
  /** The model that is asked, for its price and its tokens; of several the first. */
  readonly model: string;
  /** Connects; throws where a key is missing. */
  readonly open: (env: NodeJS.ProcessEnv) => Provider;
  /** What is wrong with an answer's form, if anything; such an answer is asked for again. */
  readonly check: AnswerCheck;
  /** The requests for one reply, always in the same order. */
  readonly toRequests: (request: ScoreRequest) => ReplyRequest[];
  /** Reads scores from the answers, in the order of the requests; undefined for one that is not there. */
  readonly combine: (answers: readonly (ScoredAnswer | undefined)[]) => ScoreOutcome;
}

/** Builds one request of a method; equal texts make equal requests, so none is paid for twice. */
export function toScoreRequest(system: string, body: RequestBody, sample = 1): ReplyRequest {
  return { dialogue: "score", turn: 0, system, sample, key: requestKey(body, sample), body };
}

/** Makes scores from probabilities, one triple for each metric; a reason stays one. */
export function toScores(
  probabilities: Readonly<Record<Metric, LevelProbabilities>> | Missing,
): ScoreOutcome {
  if (isMissing(probabilities)) return probabilities;
  return byMetric((metric) => {
    const own = probabilities[metric];
    return { level: mostProbable(own), probabilities: own };
  });
}

/** The probabilities of all metrics, or what one of them lacks, with its name. */
export function ofAllMetrics(
  find: (metric: Metric, at: number) => LevelProbabilities | Missing,
): Record<Metric, LevelProbabilities> | Missing {
  const found = METRICS.map((metric, at) => [metric, find(metric, at)] as const);
  for (const [metric, one] of found)
    if (isMissing(one)) return { missing: `${metric}: ${one.missing}` };
  return Object.fromEntries(found) as Record<Metric, LevelProbabilities>;
}

/** Says why an answer holds no reply. */
export function reasonOf(answer: ScoredAnswer | undefined): string {
  if (!answer) return "not asked yet";
  return answer.reason ?? `the answer was ${answer.status}`;
}

/** Reads a level from a label such as `2` or `LABEL_2`. */
export function levelOfLabel(label: unknown): Level | undefined {
  const found = /^(?:label_?)?([012])$/i.exec(String(label));
  return found ? (Number(found[1]) as Level) : undefined;
}
