// Which systems answer which stimuli: the tables `data/published/coverage.csv` and `overlap.csv`. Systems that
// answer exactly the same stimuli are one group, so that the second has a row for each pair of groups.

import { formatCsvTable, readCsvFile } from "kit/tables";
import { stimulusKey } from "../corpus/stimulus";
import type { LeftRecord } from "./join-replies";
import type { JoinedSystem } from "./published-replies";

/** How many records were left out for each reason, in the order in which the reasons first occurred. */
export type LeftCounts = ReadonlyMap<string, number>;

/** How much of a system's published file joined the stimuli. */
export interface Coverage {
  readonly system: string;
  /** The first of the systems that answer exactly the same stimuli. */
  readonly group: string;
  /** Records in the file. */
  readonly records: number;
  /** Records that joined. */
  readonly joined: number;
  /** Stimuli that have a reply. */
  readonly stimuli: number;
  readonly dialogues: number;
  readonly replies: number;
  /** Records left out, by reason. */
  readonly left: LeftCounts;
}

/** How many stimuli two groups of systems both answer; the group's own where both are the same. */
export interface Overlap {
  /** A group, as `Coverage.group` names it. */
  readonly group: string;
  readonly other: string;
  readonly stimuli: number;
  /** How many of these are in the test part. */
  readonly test: number;
  /** How many of these are first turns. */
  readonly first: number;
}

const COVERAGE = [
  "system",
  "group",
  "records",
  "joined",
  "stimuli",
  "dialogues",
  "replies",
  "left",
] as const;
const OVERLAP = ["group", "other", "stimuli", "test", "first"] as const;
const FIRST_LISTENER_TURN = 2;

/** Counts what of each system's file joined, and finds the systems that answer the same. */
export function measureCoverage(joined: readonly JoinedSystem[]): Coverage[] {
  const groups = new Map<string, string>();
  return joined.map(({ system, records, replies, left }) => {
    const stimuli = new Set(replies.map(stimulusKey));
    const same = [...stimuli].sort().join();
    if (!groups.has(same)) groups.set(same, system.id);
    return {
      system: system.id,
      group: groups.get(same) as string,
      records,
      joined: records - left.length,
      stimuli: stimuli.size,
      dialogues: new Set(replies.map(({ dialogue }) => dialogue)).size,
      replies: replies.length,
      left: countReasons(left),
    };
  });
}

function countReasons(left: readonly LeftRecord[]): LeftCounts {
  const reasons = new Map<string, number>();
  for (const { reason } of left) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return reasons;
}

/** How many records a row lists as left out, over all reasons. */
export function countLeft({ left }: Pick<Coverage, "left">): number {
  return [...left.values()].reduce((sum, count) => sum + count, 0);
}

/** Says in words what was left out, such as `no such context: 4`; empty where nothing was. */
export function describeLeft({ left }: Pick<Coverage, "left">): string {
  return [...left].map(([reason, count]) => `${reason}: ${count}`).join("; ");
}

function parseLeft(words: string): LeftCounts {
  const parts = words.split("; ").filter(Boolean);
  return new Map(
    parts.map((part) => {
      const at = part.lastIndexOf(": ");
      return [part.slice(0, at), Number(part.slice(at + 2))];
    }),
  );
}

/**
 * Counts the stimuli that each pair of groups both answer, where there are any.
 *
 * @param test identifiers of the test part's dialogues.
 */
export function measureOverlap(
  joined: readonly JoinedSystem[],
  test: ReadonlySet<string>,
): Overlap[] {
  const rows = measureCoverage(joined);
  const leads = joined.filter((_, at) => rows[at]?.system === rows[at]?.group);
  const sets = leads.map(({ system, replies }) => ({
    group: system.id,
    stimuli: new Map(replies.map((reply) => [stimulusKey(reply), reply])),
  }));
  return sets
    .flatMap(({ group, stimuli }, at) =>
      sets.slice(at).map((other) => {
        const both = [...stimuli].flatMap(([key, reply]) => (other.stimuli.has(key) ? reply : []));
        const inTest = both.filter(({ dialogue }) => test.has(dialogue));
        const first = both.filter(({ turn }) => turn === FIRST_LISTENER_TURN);
        const counts = { stimuli: both.length, test: inTest.length, first: first.length };
        return { group, other: other.group, ...counts };
      }),
    )
    .filter(({ stimuli }) => stimuli > 0);
}

/** Writes coverage as CSV text. */
export function formatCoverage(rows: readonly Coverage[]): string {
  return formatCsvTable(
    COVERAGE,
    rows.map((row) => ({ ...row, left: describeLeft(row) })),
  );
}

/** Writes overlaps as CSV text. */
export function formatOverlap(rows: readonly Overlap[]): string {
  return formatCsvTable(OVERLAP, rows);
}

/**
 * Reads a table of coverage, such as `data/published/coverage.csv`.
 *
 * @throws UserError if the file is missing or broken.
 */
export function readCoverage(path: string): Coverage[] {
  return readCsvFile(path, COVERAGE).map(({ system, group, left, ...counts }) => ({
    system,
    group,
    left: parseLeft(left),
    records: Number(counts.records),
    joined: Number(counts.joined),
    stimuli: Number(counts.stimuli),
    dialogues: Number(counts.dialogues),
    replies: Number(counts.replies),
  }));
}

/**
 * Reads a table of overlaps, such as `data/published/overlap.csv`.
 *
 * @throws UserError if the file is missing or broken.
 */
export function readOverlap(path: string): Overlap[] {
  return readCsvFile(path, OVERLAP).map(({ group, other, ...counts }) => ({
    group,
    other,
    stimuli: Number(counts.stimuli),
    test: Number(counts.test),
    first: Number(counts.first),
  }));
}
