import { connect } from "ask-models";
import { type LevelProbabilities, METRICS, type Metric } from "empathy-scorer";
import { stableExp } from "empathy-scorer/training";
import type { Missing } from "kit";
import { askForOne, type JudgePrompt } from "./judge-prompt";
import {
  ofAllMetrics,
  type RemoteMethod,
  reasonOf,
  type ScoredAnswer,
  toScoreRequest,
  toScores,
} from "./remote-method";

/** Where three fine-tuned classifiers are asked. */
interface TunedOptions {
  /** The model of each metric, as the provider names it. */
  readonly models: Readonly<Record<Metric, string>>;
  /** A server of one's own; OpenAI's by default. */
  readonly baseUrl?: string | undefined;
  readonly keyVariable?: string | undefined;
}

const TOP = 5;

/**
 * Three fine-tuned chat models, one a metric, each of which answers with a level.
 *
 * A level's probability is its token's share of the probability of the three level tokens, read from the
 * log-probabilities that come with the answer; an answer without them has no score.
 */
export function tunedMethod(
  prompt: JudgePrompt,
  { models, baseUrl, keyVariable }: TunedOptions,
): RemoteMethod {
  const provider = baseUrl === undefined ? ("openai" as const) : ("openai-compatible" as const);
  return {
    id: "openai",
    model: models.er,
    open: (env) => connect({ provider, baseUrl, keyVariable, env }),
    card: {
      name: "Three fine-tuned chat models",
      trainedOn:
        "EPITOME's Reddit part, nine tenths of the pairs (`empathy train --scorer openai`)",
      tested: "not here: score the locked tenth to know",
      fails: "its models go when the provider retires what they were tuned from",
    },
    check: () => undefined,
    toRequests: (request) =>
      METRICS.map((metric) =>
        toScoreRequest("openai", {
          provider,
          model: models[metric],
          interface: "chat",
          prompt: `${prompt.id}@${prompt.version}`,
          shown: "all",
          parameters: { temperature: 0, maxTokens: 2 },
          messages: askForOne(prompt, metric, request),
          topLogprobs: TOP,
        }),
      ),
    combine: (answers) => toScores(ofAllMetrics((_, at) => readLevelTokens(answers[at]))),
  };
}

/**
 * Reads the levels' probabilities from the first token's log-probabilities.
 *
 * @returns the probabilities, or why there are none. A level that is not among the tokens given has
 *   probability 0.
 */
function readLevelTokens(answer: ScoredAnswer | undefined): LevelProbabilities | Missing {
  if (!answer?.reply && !answer?.partial) return { missing: reasonOf(answer) };
  if (!answer.logprobs) return { missing: "the answer came without log-probabilities" };
  const weights = [0, 0, 0];
  for (const [token, logprob] of Object.entries(answer.logprobs)) {
    const level = ["0", "1", "2"].indexOf(token.trim());
    if (level >= 0) weights[level]! += stableExp(logprob);
  }
  const sum = weights[0]! + weights[1]! + weights[2]!;
  if (sum === 0) return { missing: "no level is among the tokens with a log-probability" };
  return weights.map((weight) => weight / sum) as unknown as LevelProbabilities;
}
