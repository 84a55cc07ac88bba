// What became of the systems that were asked, or imported, on this machine: how many replies, and which model gave them.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fromCell } from "kit/tables";
import { typedTable } from "../typed-table";
import { type Study, studyPath } from "./study";

/** Where the table stands, below a study's folder. */
export const ASKED_FILE = join("data", "published", "asked.csv");

/** One system that was asked or imported. */
export interface AskedSystem {
  readonly system: string;
  /** The models that were asked for, and those that answered, as their provider names them. */
  readonly asked: string;
  readonly answered: string;
  readonly replies: number;
  /** Requests that got no reply. */
  readonly without: number;
  readonly imported: number;
  /** Days of the first and the last answer; empty where none was asked for. */
  readonly first: string;
  readonly last: string;
}

export const ASKED_TABLE = typedTable<AskedSystem>({
  system: "text",
  asked: "text",
  answered: "text",
  replies: "number",
  without: "number",
  imported: "number",
  first: "text",
  last: "text",
});

/**
 * Reads what was asked and imported of a study's systems; nothing of the published one.
 *
 * @throws UserError if the table is broken.
 */
export function readAsked(study: Pick<Study, "root">): AskedSystem[] {
  const path = studyPath(study, ASKED_FILE);
  if (!existsSync(path)) return [];
  return ASKED_TABLE.read(path).map((row) => ({
    ...row,
    asked: fromCell(row.asked),
    answered: fromCell(row.answered),
  }));
}

/**
 * Says in words where a system's replies are from.
 *
 * @example
 * const counts = { replies: 98, without: 2, imported: 0, first: "2026-03-01", last: "2026-03-02" };
 * const row = { ...counts, system: "mine", asked: "m", answered: "m-0301" };
 * describeAsked(row).split(", ")[0]; // => "98 replies of m-0301 (m was asked)"
 */
export function describeAsked(row: AskedSystem): string {
  const { asked, answered, replies, without, imported, first, last } = row;
  const parts = [
    replies > 0
      ? `${replies} replies of ${answered || asked}${answered && answered !== asked ? ` (${asked} was asked)` : ""}`
      : "",
    without > 0 ? `${without} requests without one` : "",
    imported > 0 ? `${imported} imported` : "",
    first === last ? first : `${first} to ${last}`,
  ];
  return parts.filter(Boolean).join(", ");
}
