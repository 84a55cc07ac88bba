// What was said before a reply, from whatever a cell or a field holds: a JSON list of texts, the lists and tuples that Python and
// NumPy print, a list of chat messages, or text with one utterance a line.
import { UserError } from "kit";
import { pythonToJson } from "./python-list";

/**
 * Splits what was said before a reply into its utterances, oldest first: a list of texts as JSON, Python or NumPy write it,
 * a list of chat messages (`role` and `content`), or text with one utterance a line. A text that merely begins with a
 * bracket, or with words in brackets, is a text like any other; one that looks like a list of texts or messages has to be one.
 *
 * @param place of the context, for messages.
 * @returns the utterances that are not blank, without white space at their ends.
 * @throws UserError if a text looks like a list and cannot be read as one, or chat messages do not alternate.
 * @example
 * splitContext('["Hi.", "Hello."]'); // => ["Hi.", "Hello."]
 * splitContext("['Hi.', \"Hello.\"]"); // => ["Hi.", "Hello."]
 * splitContext("[laughs]\nHello."); // => ["[laughs]", "Hello."]
 */
export function splitContext(context: string, place = "the context"): string[] {
  const tuple = TUPLE.exec(context)?.[1];
  const list = tuple === undefined ? (NUMPY.exec(context)?.[1] ?? context) : `[${tuple}]`;
  if (CALL.test(context) || isQuotedList(context)) throw unreadable(place);
  if (!LIST.test(list)) return keepFilled(context.split(/\r?\n/));
  const { value, why } = parseList(list);
  if (value !== undefined) return readContext(value, place);
  if (ASIDE.test(list)) return keepFilled(context.split(/\r?\n/));
  throw unreadable(place, why);
}

/**
 * Reads what was said before a reply from a cell or a field: a text as `splitContext` takes it, or a list of texts or of
 * chat messages.
 *
 * @throws UserError as `splitContext`, and where the value is something else.
 */
export function readContext(value: unknown, place: string): string[] {
  if (typeof value === "string") return splitContext(value, place);
  if (!Array.isArray(value)) {
    throw new UserError(`${place} is neither a text nor a list of texts; ${REMEDY}`);
  }
  const texts = value.filter((one) => typeof one === "string");
  if (texts.length === value.length) return keepFilled(texts);
  if (texts.length > 0)
    throw strange(
      place,
      value.findIndex((one) => typeof one !== "string"),
    );
  return keepFilled(readMessages(value, place));
}

const REMEDY = "write the utterances before the reply as a JSON list of texts, or one a line";
const NUMPY = /^\s*(?:np\.|numpy\.)?array\((\s*\[[\s\S]*\]\s*)(?:,\s*dtype=[^)]*)?\)\s*$/;
// A bracket or a brace, and what begins a text, a message or another list in it, or nothing.
const LIST =
  /^\s*(?:\[\s*(?:[uUbB]?["'{[]|\(\s*["']|(?:np|numpy)\.str_\(|(?:None|null)\s*[,\]]|\]\s*$)|\{\s*["'])/;
// Words in brackets, and after them what no list goes on with.
const ASIDE = /^\s*\[+[^[\]]*\]+\s*(?:[^\s,\])}"']|,\s*[^\s"'[{(])/;
const STRING = String.raw`(?:"[^"\\]*(?:\\[\s\S][^"\\]*)*"|'[^'\\]*(?:\\[\s\S][^'\\]*)*')`;
const ITEM = String.raw`(?:${STRING}|(?:np|numpy)\.str_\(${STRING}\))`;
// A text, a comma, and another text or nothing: with anything else, round brackets hold words.
const TUPLE = new RegExp(
  String.raw`^\s*\((\s*${ITEM}\s*,\s*(?:(?:["']|np\.|numpy\.)[\s\S]*)?)\)\s*$`,
);
const CALL = /^\s*(?:list|tuple|set|deque)\(\s*[[(]\s*["'][\s\S]*\)\s*$/;

// A list that was written as JSON twice.
function isQuotedList(text: string): boolean {
  if (!/^\s*"\s*\[/.test(text)) return false;
  try {
    const inner: unknown = JSON.parse(text);
    return typeof inner === "string" && LIST.test(inner) && parseList(inner).value !== undefined;
  } catch {
    return false;
  }
}

function keepFilled(texts: readonly string[]): string[] {
  return texts.map((text) => text.trim()).filter((text) => text !== "");
}

/** What a list holds, or why it cannot be read, where that can be said. */
function parseList(text: string): { readonly value?: unknown; readonly why?: string } {
  const json = parseJson(text);
  if (json !== undefined) return { value: json };
  try {
    return { value: parseJson(pythonToJson(text)) };
  } catch (error) {
    return { why: (error as Error).message };
  }
}

// No JSON text is undefined.
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreadable(place: string, why?: string): UserError {
  const reason = why === undefined ? "" : ` (${why})`;
  return new UserError(`${place} looks like a list but cannot be read as one${reason}; ${REMEDY}`);
}

const SPEAKERS = new Set(["user", "human", "speaker"]);
const LISTENERS = new Set(["assistant", "gpt", "listener", "model", "bot"]);

// The last is the speaker's, and before that they alternate.
function readMessages(list: readonly unknown[], place: string): string[] {
  return list.map((one, at) => {
    const { role, from, content, value } = (one ?? {}) as Record<string, unknown>;
    const who = String(role ?? from).toLowerCase();
    const text = textOf(content ?? value);
    if (text === undefined || (role ?? from) === undefined) {
      throw strange(place, at);
    }
    const isSpeaker = (list.length - at) % 2 === 1;
    if ((isSpeaker ? SPEAKERS : LISTENERS).has(who)) return text;
    const wanted = isSpeaker ? "the speaker's (user)" : "the listener's (assistant)";
    throw new UserError(
      `${place}: message ${at + 1} should be ${wanted} and is of '${who}'; speaker and listener alternate, the speaker last: take other messages out`,
    );
  });
}

function strange(place: string, at: number): UserError {
  return new UserError(
    `${place}: entry ${at + 1} of the list is neither a text nor a message with a role; ${REMEDY}`,
  );
}

// A text, or a list of parts that are texts.
function textOf(content: unknown): string | undefined {
  if (typeof content === "string") return content;
  const parts: unknown[] = Array.isArray(content) ? content : [undefined];
  const texts = parts.map((part) => (part as { text?: unknown } | undefined)?.text);
  return texts.every((text) => typeof text === "string") ? texts.join("") : undefined;
}
