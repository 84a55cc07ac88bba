// What the server says of replies, as JSON: a row of the list, a stimulus with all its replies, the whole at a glance.
import { METRICS } from "empathy-scorer";
import type { ReplyIndex } from "./reply-index";
import { type ReplyQuery, SORTS, toName } from "./reply-query";
import { type Selection, sortKey } from "./select-replies";

/** Names a reply in addresses. */
export interface ReplyPlace {
  readonly dialogue: string;
  readonly turn: number;
  readonly system: string;
  readonly sample: number;
}

const CLIPPED = 200;

/** Says what there is to choose from. */
export function describeIndex(index: ReplyIndex) {
  const { systems, scorers, replies, stimuli, parts, ratings } = index;
  const counts = new Int32Array(systems.length);
  for (const { system } of replies) counts[system] = (counts[system] ?? 0) + 1;
  return {
    replies: replies.length,
    stimuli: stimuli.length,
    systems: systems.map(({ shown: _shown, ...system }, at) => ({ ...system, count: counts[at] })),
    scorers: scorers.map(({ scorer }) => scorer),
    emotions: present(index.emotions, index.emotionOf),
    sentiments: present(index.sentiments, index.sentimentOf),
    parts,
    rated: ratings.size,
    sorts: SORTS,
    metrics: METRICS,
  };
}

function present(names: readonly string[], used: Uint8Array): string[] {
  const seen = new Set(used);
  return names.filter((_, at) => seen.has(at)).map(toName);
}

/**
 * Describes a window of a list's rows.
 *
 * @param from the first row, from 0.
 */
export function describeRows(
  index: ReplyIndex,
  query: ReplyQuery,
  selection: Selection,
  from: number,
  count: number,
) {
  const { rows, pairs, replies, stimuli, counts } = selection;
  const window = rows.subarray(from, from + count);
  const keyOf = pairs || query.sort === "corpus" ? undefined : sortKey(index, query);
  return {
    total: rows.length,
    replies,
    stimuli,
    from,
    counts: {
      systems: [...counts.systems],
      emotions: named(index.emotions, counts.emotions),
      sentiments: named(index.sentiments, counts.sentiments),
    },
    rows: [...window].map((reply, at) => {
      const pair = pairs?.[from + at];
      return {
        ...describeRow(index, query, selection, reply),
        value: orNull(keyOf?.(reply)),
        ...(pair
          ? {
              other: describeRow(index, query, selection, pair.other),
              differences: pair.differences.map(orNull),
            }
          : {}),
      };
    }),
  };
}

function named(names: readonly string[], counts: Int32Array): Record<string, number> {
  return Object.fromEntries(names.map((name, at) => [toName(name), counts[at] ?? 0]));
}

function describeRow(
  index: ReplyIndex,
  { scorer }: ReplyQuery,
  { passes }: Selection,
  reply: number,
) {
  const { text } = index.replies[reply] ?? { text: "" };
  const at = index.stimulusOf[reply] ?? 0;
  const { emotion = "", sentiment = "", context = [] } = index.stimuli[at] ?? {};
  const [first = 0, end = 0] = index.firstOf.subarray(at, at + 2);
  let matching = 0;
  for (let one = first; one < end; one++) matching += passes[one] ?? 0;
  return {
    ...placeOf(index, reply),
    emotion: toName(emotion),
    sentiment: toName(sentiment),
    prompt: clip(context.at(-1) ?? ""),
    reply: clip(text),
    levels: levelsOf(index, scorer, reply),
    answers: end - first,
    matching,
  };
}

/** Names a reply. */
export function placeOf(index: ReplyIndex, reply: number): ReplyPlace {
  const { stimulus = 0, system = 0, sample = 1 } = index.replies[reply] ?? {};
  const { dialogue = "", turn = 0 } = index.stimuli[stimulus] ?? {};
  return { dialogue, turn, system: index.systems[system]?.id ?? "", sample };
}

function levelsOf(index: ReplyIndex, scorer: number, reply: number): (number | null)[] {
  return METRICS.map((_, metric) => {
    const level = index.scorers[scorer]?.levels[3 * reply + metric] ?? -1;
    return level < 0 ? null : level;
  });
}

/** Describes a stimulus with every reply to it, in whole. */
export function describeStimulus(
  index: ReplyIndex,
  query: ReplyQuery,
  { passes }: Selection,
  at: number,
) {
  const stimulus = index.stimuli[at];
  if (!stimulus) throw new RangeError(`describeStimulus: no stimulus ${at}`);
  const { source: _source, emotion, sentiment, ...rest } = stimulus;
  const [first = 0, end = 0] = index.firstOf.subarray(at, at + 2);
  const replies = Array.from({ length: end - first }, (_, count) => first + count);
  return {
    ...rest,
    emotion: toName(emotion),
    sentiment: toName(sentiment),
    replies: replies.map((reply) => describeReply(index, query, reply, passes[reply] === 1)),
  };
}

/** Lays out every reply that passes, in the index's order, for a table: who, to what, the texts, levels by each scorer. */
export function tabulateReplies(index: ReplyIndex, { passes }: Selection) {
  const scored = index.scorers.flatMap(({ scorer }) =>
    METRICS.map((metric) => `${metric} ${scorer}`),
  );
  const rows: (string | number | null)[][] = [];
  for (const [at, pass] of passes.entries()) {
    if (pass === 0) continue;
    const { dialogue, turn, system, sample } = placeOf(index, at);
    const stimulus = index.stimuli[index.stimulusOf[at] ?? 0];
    rows.push([
      dialogue,
      turn,
      system,
      sample,
      stimulus?.emotion ?? "",
      stimulus?.sentiment ?? "",
      (stimulus?.context ?? []).join("\n"),
      index.replies[at]?.text ?? "",
      ...index.scorers.flatMap((_, scorer) => levelsOf(index, scorer, at)),
    ]);
  }
  const place = ["dialogue", "turn", "system", "sample"];
  return { columns: [...place, "emotion", "sentiment", "context", "reply", ...scored], rows };
}

function describeReply(index: ReplyIndex, query: ReplyQuery, reply: number, isMatching: boolean) {
  const bits = index.surprise[query.scorer];
  const { apart } = index;
  return {
    ...placeOf(index, reply),
    text: index.replies[reply]?.text ?? "",
    words: index.words[reply],
    isMatching,
    scores: index.scorers.map((columns) => ({
      scorer: columns.scorer,
      missing: columns.missing.get(reply) ?? null,
      levels: METRICS.map((_, metric) => describeLevel(columns, reply, metric)),
    })),
    surprise: METRICS.map((_, metric) => orNull(bits?.[3 * reply + metric])),
    apart: METRICS.map((_, metric) => {
      const levels = apart.levels[3 * reply + metric] ?? -1;
      return levels < 0 ? null : levels;
    }),
    ratings: index.ratings.get(reply) ?? [],
  };
}

function describeLevel(
  { levels, probabilities }: ReplyIndex["scorers"][number],
  reply: number,
  metric: number,
) {
  const level = levels[3 * reply + metric] ?? -1;
  if (level < 0) return null;
  const at = 9 * reply + 3 * metric;
  const shown = [...probabilities.subarray(at, at + 3)].map((p) => Number(p.toFixed(3)));
  return { level, probabilities: shown };
}

// JSON has no NaN.
function orNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : Number(value.toFixed(3));
}

function clip(text: string): string {
  return text.length > CLIPPED ? `${text.slice(0, CLIPPED)}…` : text;
}
