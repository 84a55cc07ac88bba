import { connect, type RequestBody } from "ask-models";
import { type LevelProbabilities, METRICS, type Metric, type ScoreRequest } from "empathy-scorer";
import { isMissing, type Missing } from "kit";
import {
  levelOfLabel,
  ofAllMetrics,
  type RemoteMethod,
  reasonOf,
  type ScoredAnswer,
  toScoreRequest,
  toScores,
} from "./remote-method";

const FIXED = {
  interface: "classification",
  prompt: "none",
  shown: "all",
  parameters: {},
} as const;
const SEPARATOR = " </s></s> ";

/** Where three hosted classifiers are asked. */
interface HostedOptions {
  /** The model of each metric on Hugging Face. */
  readonly models: Readonly<Record<Metric, string>>;
  /** A dedicated endpoint; Hugging Face's inference providers by default. */
  readonly baseUrl?: string | undefined;
  readonly keyVariable?: string | undefined;
}

/**
 * Three text classifiers on Hugging Face, one a metric, whose labels are 0, 1, 2 or LABEL_0, LABEL_1, LABEL_2.
 *
 * A classifier is given what was said, `</s></s>`, and the reply, as RoBERTa takes pairs of texts.
 */
export function hostedMethod({ models, baseUrl, keyVariable }: HostedOptions): RemoteMethod {
  return {
    id: "hosted",
    model: models.er,
    open: (env) => connect({ provider: "huggingface", baseUrl, keyVariable, env }),
    card: cardOf("Three classifiers on Hugging Face"),
    check: ({ text }) => whyNot(readLabels(parse(text))),
    toRequests: ({ context, reply }) =>
      METRICS.map((metric) =>
        toScoreRequest("hosted", {
          ...FIXED,
          provider: "huggingface",
          model: models[metric],
          text: [context.join("\n"), reply].filter((part) => part !== "").join(SEPARATOR),
        }),
      ),
    combine: (answers) => toScores(ofAllMetrics((_, at) => readAnswer(answers[at], readLabels))),
  };
}

/** A classifier of all three metrics behind an address of the user's own; docs/scoring.md has the contract. */
export function endpointMethod(url: string, keyVariable?: string): RemoteMethod {
  const toBody = ({ context, reply }: ScoreRequest): RequestBody => ({
    ...FIXED,
    provider: "endpoint",
    model: url,
    text: JSON.stringify({ context, reply }),
  });
  return {
    id: "endpoint",
    model: url,
    open: (env) => connect({ provider: "endpoint", baseUrl: url, keyVariable, env }),
    card: cardOf(`A classifier at ${url}`),
    check: ({ text }) => whyNot(readAllLabels(parse(text))),
    toRequests: (request) => [toScoreRequest("endpoint", toBody(request))],
    combine: ([answer]) => toScores(readAnswer(answer, readAllLabels)),
  };
}

/**
 * Reads a classifier's labels and scores: a list of `{ label, score }`, or such a list in a list.
 *
 * Scores are scaled to sum to 1.
 *
 * @returns the levels' probabilities, or what is wrong.
 * @example
 * readLabels([{ label: "LABEL_2", score: 0.75 }, { label: "LABEL_0", score: 0.25 }]); // => [0.25, 0, 0.75]
 */
export function readLabels(value: unknown): LevelProbabilities | Missing {
  const list = Array.isArray(value) && Array.isArray(value[0]) ? value[0] : value;
  if (!Array.isArray(list)) return { missing: "the answer is not a list of labels" };
  const weights = [0, 0, 0];
  for (const { label, score } of list as { label?: unknown; score?: unknown }[]) {
    const level = levelOfLabel(label);
    if (level === undefined)
      return { missing: `unknown label '${String(label)}'; expected 0, 1 or 2` };
    if (typeof score !== "number" || !(score >= 0))
      return { missing: `label ${level} needs a score of 0 or more` };
    weights[level]! += score;
  }
  const sum = weights[0]! + weights[1]! + weights[2]!;
  if (!(sum > 0 && Number.isFinite(sum))) return { missing: "the scores sum to 0" };
  return weights.map((weight) => weight / sum) as unknown as LevelProbabilities;
}

function readAllLabels(value: unknown): Record<Metric, LevelProbabilities> | Missing {
  const lists = (typeof value === "object" && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  return ofAllMetrics((metric) => readLabels(lists[metric]));
}

function readAnswer<T>(answer: ScoredAnswer | undefined, read: (value: unknown) => T): T | Missing {
  return answer?.reply === undefined ? { missing: reasonOf(answer) } : read(parse(answer.reply));
}

function parse(text = ""): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function whyNot(found: object): string | undefined {
  return isMissing(found) ? found.missing : undefined;
}

function cardOf(name: string) {
  return {
    name,
    trainedOn: "what its own card says",
    tested: "not here: compare it with people before you rely on it",
    fails: "see its own card",
  };
}
