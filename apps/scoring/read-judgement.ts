import { splitModelText } from "ask-models";
import { type Levels, METRICS } from "empathy-scorer";
import type { Missing } from "kit";
import { levelOfLabel } from "./remote-method";

/** What a judge says of a reply. */
export interface Judgement extends Levels {
  /** Whether the reply makes sense as an answer; absent where the judge was not asked. */
  readonly fits?: boolean;
}

/** The field, beside the metrics, that says whether a reply makes sense as an answer. */
export const FIT = "fit";

const NAMES: readonly string[] = [...METRICS, FIT];

/**
 * Reads a judgement: the one JSON object of three levels, and the fit where that is asked, in a text, whatever stands
 * around it: reasoning, a fence, words, template tokens. Names of metrics may be in capitals, levels in quotes, and further
 * fields are passed over.
 *
 * @param asksFit whether the judge was asked for `fit`, 0 or 1, too.
 * @returns what is wrong where there is none, or where two differ.
 * @example
 * readJudgement('Sure: {"ER": "2", "IP": 0, "EX": 1, "why": "warm"}'); // => { er: 2, ip: 0, ex: 1 }
 * readJudgement("Quite empathic!"); // => { missing: "the answer is not the three levels asked for" }
 */
export function readJudgement(text = "", asksFit = false): Judgement | Missing {
  const { reply, isOpen } = splitModelText(text);
  const objects = isOpen ? [] : [...findObjects(reply)];
  const judged = objects.filter(({ value }) => toJudgement(value, asksFit) !== undefined);
  if (judged.some(({ json }) => differsFromItself(json))) return TWO;
  const [first, ...others] = judged.flatMap(({ value }) => toJudgement(value, asksFit) ?? []);
  if (!first) {
    const wanted = asksFit ? "three levels and the fit" : "three levels";
    return { missing: `the answer is not the ${wanted} asked for` };
  }
  return others.every((other) => isSame(other, first)) ? first : TWO;
}

function isSame(one: Judgement, other: Judgement): boolean {
  return one.fits === other.fits && METRICS.every((metric) => one[metric] === other[metric]);
}

const TWO: Missing = { missing: "the answer holds two judgements that differ" };
const PAIR = /"((?:[^"\\]|\\.)*)"\s*:\s*(?:"([^"\\]*)"|([\w.-]+))?|"(?:[^"\\]|\\.)*"|[{}]/g;

// Whether an object names a metric, or fit, twice with two values, of which JSON keeps the last alone.
function differsFromItself(json: string): boolean {
  const open: Map<string, string>[] = [];
  for (const [token, name = "", quoted, plain] of json.matchAll(PAIR)) {
    if (token === "{") open.push(new Map());
    else if (token === "}") open.pop();
    if (!NAMES.includes(name.trim().toLowerCase())) continue;
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

function toJudgement(object: Record<string, unknown>, asksFit: boolean): Judgement | undefined {
  const fields = Object.entries(object);
  const levels = METRICS.flatMap((metric) => {
    const level = levelOfLabel(onlyField(fields, metric));
    return level === undefined ? [] : [[metric, level] as const];
  });
  const fit = asksFit ? levelOfLabel(onlyField(fields, FIT)) : undefined;
  const isWhole = levels.length === METRICS.length && (!asksFit || fit === 0 || fit === 1);
  if (isWhole) {
    const own = Object.fromEntries(levels) as unknown as Levels;
    return asksFit ? { ...own, fits: fit === 1 } : own;
  }
  // The levels may stand one deeper.
  const inner = fields.flatMap(([, value]) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? (toJudgement(value as Record<string, unknown>, asksFit) ?? [])
      : [],
  );
  return inner.length === 1 ? inner[0] : undefined;
}

// What an object says under a name, in capitals or not; nothing where it names it twice.
function onlyField(fields: readonly (readonly [string, unknown])[], wanted: string): unknown {
  const own = fields.filter(([name]) => name.trim().toLowerCase() === wanted);
  return own.length === 1 ? own[0]?.[1] : undefined;
}
