// Which systems answer which stimuli: the tables `data/published/coverage.csv` and `overlap.csv`.
import { formatCsvTable, readCsvFile } from "../tables/package-table";
import type { LeftReason } from "./join-record";
import type { JoinedSystem } from "./published-replies";
import type { Reply } from "./reply";

/** How much of a system's published file joined the stimuli. */
export interface Coverage {
  readonly system: string;
  /** Records in the file. */
  readonly records: number;
  /** Records that joined. */
  readonly joined: number;
  /** Stimuli that have a reply. */
  readonly stimuli: number;
  readonly dialogues: number;
  readonly replies: number;
  /** Records left out, by reason, such as `no such context: 4`; empty where there are none. */
  readonly left: string;
}

/** A set of systems, and how many stimuli exactly these systems answer. */
export interface Overlap {
  readonly systems: readonly string[];
  readonly stimuli: number;
}

const COVERAGE = [
  "system",
  "records",
  "joined",
  "stimuli",
  "dialogues",
  "replies",
  "left",
] as const;
const OVERLAP = ["stimuli", "systems"] as const;

/** Counts what of a system's file joined. */
export function measureCoverage({ system, records, replies, left }: JoinedSystem): Coverage {
  const reasons = new Map<LeftReason, number>();
  for (const { reason } of left) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return {
    system: system.id,
    records,
    joined: records - left.length,
    stimuli: new Set(replies.map(stimulusOf)).size,
    dialogues: new Set(replies.map(({ dialogue }) => dialogue)).size,
    replies: replies.length,
    left: [...reasons].map(([reason, count]) => `${reason}: ${count}`).join("; "),
  };
}

/** How many records a row lists as left out, over all reasons. */
export function countLeft({ left }: Pick<Coverage, "left">): number {
  const counts = [...left.matchAll(/: (\d+)(?:; |$)/g)].map(([, count]) => Number(count));
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * Counts the stimuli that each set of systems answers, and no others; most stimuli first.
 *
 * @param systems their replies, in the order in which the sets name the systems.
 */
export function measureOverlap(systems: readonly (readonly Reply[])[]): Overlap[] {
  const answeredBy = new Map<string, Set<string>>();
  for (const reply of systems.flat()) {
    const stimulus = stimulusOf(reply);
    const set = answeredBy.get(stimulus) ?? new Set();
    answeredBy.set(stimulus, set.add(reply.system));
  }
  const counts = new Map<string, number>();
  for (const set of answeredBy.values()) {
    const key = [...set].join(" ");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .map(([key, stimuli]) => ({ systems: key.split(" "), stimuli }))
    .sort((one, other) => other.stimuli - one.stimuli || (one.systems < other.systems ? -1 : 1));
}

/** Writes coverage as CSV text. */
export function formatCoverage(rows: readonly Coverage[]): string {
  return formatCsvTable(COVERAGE, rows);
}

/** Writes overlaps as CSV text; the systems of a set are separated by spaces. */
export function formatOverlap(rows: readonly Overlap[]): string {
  return formatCsvTable(
    OVERLAP,
    rows.map(({ systems, stimuli }) => ({ stimuli, systems: systems.join(" ") })),
  );
}

/**
 * Reads a table of coverage, such as `data/published/coverage.csv`.
 *
 * @throws UserError where the file is missing or broken.
 */
export function readCoverage(path: string): Coverage[] {
  return readCsvFile(path, COVERAGE).map(({ system, left, ...counts }) => ({
    system,
    left,
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
 * @throws UserError where the file is missing or broken.
 */
export function readOverlap(path: string): Overlap[] {
  return readCsvFile(path, OVERLAP).map(({ systems, stimuli }) => ({
    systems: systems.split(" "),
    stimuli: Number(stimuli),
  }));
}

function stimulusOf({ dialogue, turn }: Reply): string {
  return `${dialogue} ${turn}`;
}
