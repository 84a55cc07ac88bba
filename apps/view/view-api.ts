// The questions that the page asks the server, and their answers. They know nothing of HTTP.
// A page that is kept holds this file and what it imports: nothing of Node.
import { UserError } from "kit";
import { stimulusKey } from "../../src/corpus/stimulus";
import {
  describeIndex,
  describeRows,
  describeStimulus,
  placeOf,
  tabulateReplies,
} from "./describe-replies";
import type { ReplyIndex } from "./reply-index";
import { parseReplyQuery, type ReplyQuery } from "./reply-query";
import { ReplySelector, type Selection } from "./select-replies";
import type { MarkedWords } from "./word-effects";

/** Rows given at once. */
const MOST_ROWS = 500;

/** Answers a question; what is not there is undefined. */
export type ViewApi = (name: string, params: URLSearchParams) => Promise<unknown>;

/** What the answers need besides the index. */
interface ApiOptions {
  /** Told beside the index, such as what is not on this machine. */
  readonly notes?: readonly string[];
  /** Names what is shown, so that stars and notes are found again; empty by default. */
  readonly run?: string;
  /** Marks the words of a reply, by its position; no words are marked by default. */
  readonly markWords?: (reply: number) => Promise<MarkedWords | undefined>;
}

/**
 * Makes the answers to the page's questions: `about`, `rows`, `position`, `stimulus`, `words`, `table`.
 *
 * @returns a function that rejects with UserError where a parameter is not what it should be.
 */
export function createViewApi(index: ReplyIndex, options: ApiOptions = {}): ViewApi {
  const { notes = [], run = "", markWords = async () => undefined } = options;
  const selector = new ReplySelector(index);
  const stimuli = new Map(index.stimuli.map((stimulus, at) => [stimulusKey(stimulus), at]));
  const find = (params: URLSearchParams) => stimuli.get(nameOfStimulus(params));
  return async (name, params) => {
    if (name === "about") return { ...describeIndex(index), notes, run };
    if (name === "words") {
      const stimulus = find(params);
      const reply = stimulus === undefined ? undefined : findReply(index, stimulus, params);
      return reply === undefined ? undefined : markWords(reply);
    }
    const { query, selection } = select(selector, params);
    if (name === "rows") return rowsOf(index, query, selection, params);
    if (name === "table") return tabulateReplies(index, selection);
    const stimulus = find(params);
    if (stimulus === undefined) return undefined;
    if (name === "position") return { at: positionOf(index, query, selection, stimulus, params) };
    if (name === "stimulus") return describeStimulus(index, query, selection, stimulus);
    return undefined;
  };
}

// Which window, or which reply; everything else of an address is the query.
const PLACE_NAMES = ["from", "count", "dialogue", "turn", "system", "sample"];

function select(selector: ReplySelector, params: URLSearchParams) {
  const asked = new URLSearchParams(params);
  for (const name of PLACE_NAMES) asked.delete(name);
  asked.sort();
  const query = parseReplyQuery(asked, selector.index);
  return { query, selection: selector.select(asked.toString(), query) };
}

function rowsOf(
  index: ReplyIndex,
  query: ReplyQuery,
  selection: Selection,
  params: URLSearchParams,
) {
  const from = wholeOf(params, "from", 0);
  const count = Math.min(MOST_ROWS, wholeOf(params, "count", 100));
  return describeRows(index, query, selection, from, count);
}

/** Where a stimulus, or in a list of replies a reply, stands in the list; -1 where it is not in it. */
function positionOf(
  index: ReplyIndex,
  query: ReplyQuery,
  { rows, pairs }: Selection,
  stimulus: number,
  params: URLSearchParams,
): number {
  if (pairs || query.unit === "stimuli") {
    return rows.findIndex((reply) => index.stimulusOf[reply] === stimulus);
  }
  const reply = findReply(index, stimulus, params);
  return reply === undefined ? -1 : rows.indexOf(reply);
}

function nameOfStimulus(params: URLSearchParams): string {
  const [dialogue, turn] = ["dialogue", "turn"].map((name) => params.get(name) ?? "");
  return stimulusKey({ dialogue: dialogue ?? "", turn: Number(turn) });
}

function findReply(
  index: ReplyIndex,
  stimulus: number,
  params: URLSearchParams,
): number | undefined {
  const system = params.get("system");
  const sample = wholeOf(params, "sample", 1);
  const [first = 0, end = 0] = index.firstOf.subarray(stimulus, stimulus + 2);
  for (let at = first; at < end; at++) {
    const place = placeOf(index, at);
    if (place.system === system && place.sample === sample) return at;
  }
  return undefined;
}

function wholeOf(params: URLSearchParams, name: string, usual: number): number {
  const given = params.get(name);
  if (given === null) return usual;
  if (/^\d{1,9}$/.test(given)) return Number(given);
  throw new UserError(`'${name}' is '${given}'; it should be a whole number`);
}
