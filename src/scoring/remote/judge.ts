import { type AnswerSchema, type RequestBody, splitModelText } from "ask-models";
import { type LevelProbabilities, type Levels, METRICS } from "empathy-scorer";
import { isMissing, type Missing } from "kit";
import type { Target } from "../../asking/find-target";
import { askForAll, DEFAULT_JUDGE_PROMPT, type JudgePrompt } from "./judge-prompt";
import {
  levelOfLabel,
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
    check: ({ text }) => {
      const found = readJudgement(text);
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
          ...(sendSchema ? { schema: JUDGE_SCHEMA } : {}),
        };
        return toScoreRequest(id, body, at + 1);
      }),
    combine: (answers) => combineJudgements(answers),
  };
}

/**
 * Reads a judgement: the one JSON object of three levels in a text, whatever stands around it: reasoning, a fence, words,
 * template tokens. Names of metrics may be in capitals, levels in quotes, and further fields are passed over.
 *
 * @returns what is wrong where there is none, or where two differ.
 * @example
 * readJudgement('Sure: {"ER": "2", "IP": 0, "EX": 1, "why": "warm"}'); // => { er: 2, ip: 0, ex: 1 }
 * readJudgement("Quite empathic!"); // => { missing: "the answer is not the three levels asked for" }
 */
export function readJudgement(text = ""): Levels | Missing {
  const { reply, isOpen } = splitModelText(text);
  const objects = isOpen ? [] : [...findObjects(reply)];
  const judged = objects.filter(({ value }) => toLevels(value) !== undefined);
  if (judged.some(({ json }) => differsFromItself(json))) return TWO;
  const [first, ...others] = judged.flatMap(({ value }) => toLevels(value) ?? []);
  if (!first) return { missing: "the answer is not the three levels asked for" };
  const isOne = others.every((other) => METRICS.every((metric) => other[metric] === first[metric]));
  return isOne ? first : TWO;
}

const TWO: Missing = { missing: "the answer holds two judgements that differ" };
const PAIR = /"((?:[^"\\]|\\.)*)"\s*:\s*(?:"([^"\\]*)"|([\w.-]+))?|"(?:[^"\\]|\\.)*"|[{}]/g;

// Whether an object names a metric twice with two levels, of which JSON keeps the last alone.
function differsFromItself(json: string): boolean {
  const open: Map<string, string>[] = [];
  for (const [token, name = "", quoted, plain] of json.matchAll(PAIR)) {
    if (token === "{") open.push(new Map());
    else if (token === "}") open.pop();
    if (!METRICS.some((metric) => metric === name.trim().toLowerCase())) continue;
    const level = quoted ?? plain ?? "";
    const before = open.at(-1)?.get(name) ?? level;
    if (before !== level) return true;
    open.at(-1)?.set(name, level);
  }
  return false;
}

// A judgement is short: what holds more braces, or an object that does, is none.
const MOST_BRACES = 20;
const MOST_OBJECTS = 1000;

// The outermost objects in a text, each from a brace to the brace that completes it as JSON.
function* findObjects(text: string): Generator<NonNullable<ReturnType<typeof parseFrom>>> {
  let start = text.indexOf("{");
  for (let count = 0; start >= 0 && count < MOST_OBJECTS; count++) {
    const found = parseFrom(text, start);
    if (found) yield found;
    start = text.indexOf("{", found?.end ?? start + 1);
  }
}

function parseFrom(text: string, start: number) {
  let end = text.indexOf("}", start) + 1;
  for (let braces = 0; end > 0 && braces < MOST_BRACES; braces++) {
    try {
      const json = text.slice(start, end);
      return { json, value: JSON.parse(json) as Record<string, unknown>, end };
    } catch {
      end = text.indexOf("}", end) + 1;
    }
  }
  return undefined;
}

function toLevels(object: Record<string, unknown>): Levels | undefined {
  const fields = Object.entries(object);
  const levels = METRICS.flatMap((metric) => {
    const own = fields.filter(([name]) => name.trim().toLowerCase() === metric);
    const level = own.length === 1 ? levelOfLabel(own[0]?.[1]) : undefined;
    return level === undefined ? [] : [[metric, level] as const];
  });
  if (levels.length === METRICS.length) return Object.fromEntries(levels) as unknown as Levels;
  // The levels may stand one deeper.
  const inner = fields.flatMap(([, value]) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? (toLevels(value as Record<string, unknown>) ?? [])
      : [],
  );
  return inner.length === 1 ? inner[0] : undefined;
}

function combineJudgements(answers: readonly (ScoredAnswer | undefined)[]) {
  const judgements = answers.flatMap((answer) => {
    if (answer?.status !== "ok") return [];
    const judgement = readJudgement(answer.reply);
    return isMissing(judgement) ? [] : [judgement];
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
