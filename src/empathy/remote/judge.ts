import type { Target } from "../../replies/find-target";
import type { AnswerSchema, RequestBody } from "../../replies/request";
import { type Level, type LevelProbabilities, type Levels, METRICS } from "../levels";
import { askForAll, DEFAULT_JUDGE_PROMPT, type JudgePrompt } from "./judge-prompt";
import {
  type RemoteMethod,
  reasonOf,
  type ScoredAnswer,
  toScoreRequest,
  toScores,
} from "./remote-method";

const LEVEL = { type: "integer", enum: [0, 1, 2] };

/** The form of a judge's answer. */
export const JUDGE_SCHEMA: AnswerSchema = {
  name: "empathy_levels",
  schema: {
    type: "object",
    properties: { er: LEVEL, ip: LEVEL, ex: LEVEL },
    required: [...METRICS],
    additionalProperties: false,
  },
};

/** How a language model judges. */
export interface JudgeOptions {
  /** Judgements of each reply; 1 by default. */
  readonly samples?: number;
  /** Whether the provider holds the model to the form; where not, the text is checked alone. */
  readonly sendSchema: boolean;
}

/**
 * A language model as judge of all three mechanisms.
 *
 * The probabilities are the shares of the judgements that gave each level: with one judgement 0 or 1.
 *
 * @param target whom to ask, as for replies.
 */
export function judgeMethod(
  { plan, open }: Pick<Target, "plan" | "open">,
  prompt: JudgePrompt,
  { samples = 1, sendSchema }: JudgeOptions,
): RemoteMethod {
  // Levels that were given after other instructions are another scorer's.
  const told = prompt.id === DEFAULT_JUDGE_PROMPT ? "" : `-${prompt.id}`;
  const id = `judge-${plan.system}${told}`;
  const { provider, model, parameters } = plan;
  return {
    id,
    model,
    open,
    ...(prompt.language === undefined ? {} : { language: prompt.language }),
    card: {
      name: `${model} as judge`,
      trainedOn: `nothing of ours; it is told the definitions of data/judge-prompts.json (${prompt.id}@${prompt.version})`,
      tested: "not here: compare it with people before you rely on it",
      fails:
        "its judgements change from one asking to the next, and may favour replies like its own",
    },
    check: ({ text }) =>
      readJudgement(text) ? undefined : "the answer is not the three levels asked for",
    toRequests: (request) =>
      Array.from({ length: samples }, (_, at) => {
        const { seed } = parameters;
        const body: RequestBody = {
          provider,
          model,
          interface: "chat",
          prompt: `${prompt.id}@${prompt.version}`,
          shown: "all",
          parameters: seed === undefined ? parameters : { ...parameters, seed: seed + at },
          messages: askForAll(prompt, request),
          ...(sendSchema ? { schema: JUDGE_SCHEMA } : {}),
        };
        return toScoreRequest(id, body, at + 1);
      }),
    combine: (answers) => combineJudgements(answers),
  };
}

/**
 * Reads a judgement: a JSON object of three levels, alone or in a fenced block.
 *
 * @returns undefined where the text is anything else.
 * @example
 * readJudgement('{"er": 2, "ip": 0, "ex": 1}'); // => { er: 2, ip: 0, ex: 1 }
 * readJudgement("Quite empathic!"); // => undefined
 */
export function readJudgement(text = ""): Levels | undefined {
  const bare = text.trim().replace(/^```(?:json)?\s*([\s\S]*?)\s*```$/, "$1");
  let found: Record<string, unknown>;
  try {
    found = JSON.parse(bare);
  } catch {
    return undefined;
  }
  if (typeof found !== "object" || found === null) return undefined;
  const isWhole = METRICS.every(
    (metric) => found[metric] === 0 || found[metric] === 1 || found[metric] === 2,
  );
  if (!isWhole || Object.keys(found).length !== METRICS.length) return undefined;
  return { er: found.er as Level, ip: found.ip as Level, ex: found.ex as Level };
}

function combineJudgements(answers: readonly (ScoredAnswer | undefined)[]) {
  const judgements = answers.flatMap((answer) => {
    const judgement = answer?.status === "ok" ? readJudgement(answer.reply) : undefined;
    return judgement ? [judgement] : [];
  });
  if (judgements.length === 0) return { missing: reasonOf(answers[0]) };
  const shares = METRICS.map((metric) => [
    metric,
    [0, 1, 2].map(
      (level) => judgements.filter((one) => one[metric] === level).length / judgements.length,
    ),
  ]);
  return toScores(
    Object.fromEntries(shares) as Record<(typeof METRICS)[number], LevelProbabilities>,
  );
}
