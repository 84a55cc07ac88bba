// Which systems answer which stimuli: the tables `data/published/coverage.csv` and `overlap.csv`. Systems that
// answer exactly the same stimuli are one group, so that the second has a row for each pair of groups.
import { typedTable } from "../typed-table";

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

const COVERAGE = typedTable<Omit<Coverage, "left"> & { readonly left: string }>({
  system: "text",
  group: "text",
  records: "number",
  joined: "number",
  stimuli: "number",
  dialogues: "number",
  replies: "number",
  left: "text",
});

const OVERLAP = typedTable<Overlap>({
  group: "text",
  other: "text",
  stimuli: "number",
  test: "number",
  first: "number",
});

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

/** Writes coverage as CSV text. */
export function formatCoverage(rows: readonly Coverage[]): string {
  return COVERAGE.format(rows.map((row) => ({ ...row, left: describeLeft(row) })));
}

/** Writes overlaps as CSV text. */
export function formatOverlap(rows: readonly Overlap[]): string {
  return OVERLAP.format(rows);
}

/**
 * Reads a table of coverage, such as `data/published/coverage.csv`.
 *
 * @throws UserError if the file is missing or broken.
 */
export function readCoverage(path: string): Coverage[] {
  return COVERAGE.read(path).map((row) => ({ ...row, left: parseLeft(row.left) }));
}

/**
 * Reads a table of overlaps, such as `data/published/overlap.csv`.
 *
 * @throws UserError if the file is missing or broken.
 */
export function readOverlap(path: string): Overlap[] {
  return OVERLAP.read(path);
}
