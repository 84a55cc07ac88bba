import type { AnswerSchema, RequestBody } from "ask-models";
import { byMetric, type Level, type LevelProbabilities, METRICS } from "empathy-scorer";
import { isMissing } from "kit";
import type { Target } from "../../src/asking/find-target";
import { askForAll, DEFAULT_JUDGE_PROMPT, type JudgePrompt } from "./judge-prompt";
import { FIT, readJudgement } from "./read-judgement";
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

/** The form where a judge is asked, too, whether the reply makes sense as an answer. */
const READING_SCHEMA: AnswerSchema = {
  name: "empathy_reading",
  schema: {
    type: "object",
    properties: { er: LEVEL, ip: LEVEL, ex: LEVEL, fit: { type: "integer", enum: [0, 1] } },
    required: [...METRICS, FIT],
    additionalProperties: false,
  },
};

/** How a language model judges. */
interface JudgeOptions {
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
  const asksFit = prompt.fit !== undefined;
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
    check: ({ text }) => {
      const found = readJudgement(text, asksFit);
      return isMissing(found) ? found.missing : undefined;
    },
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
          ...(sendSchema ? { schema: asksFit ? READING_SCHEMA : JUDGE_SCHEMA } : {}),
        };
        return toScoreRequest(id, body, at + 1);
      }),
    combine: (answers) => combineJudgements(answers, asksFit),
  };
}

function combineJudgements(answers: readonly (ScoredAnswer | undefined)[], asksFit: boolean) {
  const judgements = answers.flatMap((answer) => {
    if (answer?.status !== "ok") return [];
    const judgement = readJudgement(answer.reply, asksFit);
    return isMissing(judgement) ? [] : [judgement];
  });
  if (judgements.length === 0) return { missing: reasonOf(answers[0]) };
  return toScores(
    byMetric((metric): LevelProbabilities => {
      const shareOf = (level: Level) =>
        judgements.filter((one) => one[metric] === level).length / judgements.length;
      return [shareOf(0), shareOf(1), shareOf(2)];
    }),
  );
}
