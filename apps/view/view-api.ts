// The questions that the page asks the server, and their answers. They know nothing of HTTP.

import { type EmbeddedScorer, loadScorer } from "empathy-scorer";
import { UserError } from "kit";
import { stimulusKey } from "../../src/corpus/stimulus";
import { describeIndex, describeRows, describeStimulus, placeOf } from "./describe-replies";
import type { ReplyIndex } from "./reply-index";
import { parseReplyQuery, type ReplyQuery } from "./reply-query";
import { scoreRequestOf } from "./reply-scores";
import { ReplySelector, type Selection } from "./select-replies";
import { wordEffects } from "./word-effects";

/** Rows given at once. */
const MOST_ROWS = 500;

/** Answers a question; what is not there is undefined. */
export type ViewApi = (name: string, params: URLSearchParams) => Promise<unknown>;

/** What the answers need besides the index. */
export interface ApiOptions {
  /** Told beside the index, such as what is not on this machine. */
  readonly notes?: readonly string[];
  /** What marks words; the scorer that ships with the package by default. */
  readonly openScorer?: () => EmbeddedScorer;
}

/**
 * Makes the answers to the page's questions: `about`, `rows`, `position`, `stimulus`, `words`.
 *
 * @returns a function that rejects with UserError where a parameter is not what it should be.
 */
export function createViewApi(index: ReplyIndex, options: ApiOptions = {}): ViewApi {
  const { notes = [], openScorer = () => loadScorer() } = options;
  const selector = new ReplySelector(index);
  const stimuli = new Map(index.stimuli.map((stimulus, at) => [stimulusKey(stimulus), at]));
  let scorer: EmbeddedScorer | undefined;
  const find = (params: URLSearchParams) => stimuli.get(nameOfStimulus(params));
  return async (name, params) => {
    if (name === "about") return { ...describeIndex(index), notes };
    if (name === "words") {
      const stimulus = find(params);
      const reply = stimulus === undefined ? undefined : findReply(index, stimulus, params);
      if (reply === undefined) return undefined;
      scorer ??= openScorer();
      return { scorer: scorer.id, words: await wordEffects(scorer, scoreRequestOf(index, reply)) };
    }
    const { query, selection } = select(selector, params);
    if (name === "rows") return rowsOf(index, query, selection, params);
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
