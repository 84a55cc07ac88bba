// The README's tables of results stand between two marks and are written by the run that made them.
import { UserError } from "kit";
import { INSTRUMENT_NAMES } from "../../src/claims/analysis";
import { decidingInterval, points } from "../../src/claims/answer";
import type { Claim } from "../../src/claims/claim";
import type { ClaimResult } from "../../src/claims/results-tables";
import { isOfPublishedStudy } from "../../src/study/study";
import { readCoverage } from "../../src/systems/coverage";
import { FAMILY_NAMES, readSystems, type System } from "../../src/systems/system";

/**
 * Replaces what stands between a table's marks, `<!-- NAME: generated -->` and `<!-- NAME: end -->`.
 *
 * @throws UserError if the document lacks the marks.
 */
export function replaceTable(document: string, name: string, table: string): string {
  const [start, end] = [`<!-- ${name}: generated -->`, `<!-- ${name}: end -->`];
  const [from, to] = [document.indexOf(start), document.indexOf(end)];
  if (from === -1 || to < from) {
    throw new UserError(`README.md: lacks the marks ${start} and ${end}; restore them`);
  }
  return `${document.slice(0, from + start.length)}\n${table}\n${document.slice(to)}`;
}

/**
 * Writes the map of systems: who they are, what they are shown, how many stimuli they answer.
 *
 * @param coveragePath `data/published/coverage.csv`.
 */
export function formatSystemMap(coveragePath: string): string {
  const coverage = new Map(readCoverage(coveragePath).map((row) => [row.system, row]));
  const rows = readSystems()
    .filter(isListed)
    .map((system) => {
      const row = coverage.get(system.id);
      const show = (count: number) => count.toLocaleString("en-US");
      const counts = row
        ? [`${show(row.joined)} of ${show(row.records)}`, show(row.stimuli), show(row.dialogues)]
        : [originOf(system), "", ""];
      const paper = system.inPaper ? "yes" : "";
      const start = [`\`${system.id}\``, system.name, FAMILY_NAMES[system.family], paper];
      return [...start, ...counts, restrictionOn(system)];
    });
  const header = [
    "",
    "system",
    "family",
    "in the study",
    "records joined",
    "stimuli",
    "dialogues",
    "compared",
  ];
  return toMarkdown(header, rows);
}

/**
 * Writes the verdicts on the study's claims: by the most trusted instrument with the interval that decides, then what each head
 * alone would have said, the study's own models, the study's model as it stood, and people's grades.
 */
export function formatVerdicts(claims: readonly Claim[], results: readonly ClaimResult[]): string {
  const heads = [...new Set(results.map(({ set }) => set))].filter((set) => set in HEAD_COLUMNS);
  const header = [
    "the study's claim, in our words",
    "verdict, and who measured",
    "points of share, interval that decides",
    "hinges on",
    ...heads.map((set) => HEAD_COLUMNS[set] as string),
    "the study's own models",
    "the study's model as it stood",
    "people's grades (a proxy)",
  ];
  const rows = claims
    .filter(({ origin }) => origin === "study")
    .map(({ id, metric, statement }) => {
      const rowOf = (set: string) =>
        results.find((row) => row.set === set && row.claim === id) as ClaimResult;
      const main = rowOf("main");
      return [
        `${metric.toUpperCase()}: ${statement}`,
        `**${main.verdict}** (${INSTRUMENT_NAMES[main.instrument] ?? main.instrument})`,
        showDeciding(main),
        showHinges(main),
        ...[...heads, "study", "study-model", "people"].map((set) => rowOf(set).verdict),
      ];
    });
  return toMarkdown(header, rows);
}

// What the columns of single heads are called.
const HEAD_COLUMNS: Readonly<Record<string, string>> = {
  "embedded-readings": "the head that imitates readings",
  "embedded-roberta": "the head that imitates RoBERTa classifiers",
  "embedded-epitome": "the head that imitates EPITOME's labels",
};

/** The interval that decides a verdict, in points, and of whom it speaks; empty where there is none. */
export function showDeciding(row: ClaimResult): string {
  const found = decidingInterval(row);
  if (!found) return "";
  const [estimate, lower, upper] = found.map(points);
  const isOfThese = row.these !== null && found[0] === row.these;
  return `${estimate} (${lower} to ${upper}), ${isOfThese ? "these systems" : "models like these"}`;
}

/** Without whom a verdict is another: units and collections. */
export function showHinges({ hinge_units, hinge_collections }: ClaimResult): string {
  const all = new Set([...hinge_units.split("; "), ...hinge_collections.split("; ")]);
  all.delete("");
  if (all.size === 0) return "nobody alone";
  const [one, two, ...rest] = all;
  if (two === undefined) return one as string;
  return rest.length === 0 ? `${one}; ${two}` : `${one}; ${two}; ${rest.length} more`;
}

function toMarkdown(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, header.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function restrictionOn({ excluded, apart }: System): string {
  if (excluded) return `never: ${excluded}`;
  return apart ? `apart: ${apart}` : "";
}

/** Whether the published study lists a system: an author's own entry belongs to the author's study. */
export function isListed(system: System): boolean {
  return system.inPaper || system.replies.from === "embedded" || isOfPublishedStudy(system);
}

function originOf({ replies }: System): string {
  if (replies.from === "corpus") return "every listener turn";
  if (replies.from === "embedded") return "computed here";
  if (replies.from === "published") return "none: to be imported";
  return replies.retired ? "none: no longer served" : "none: not asked here";
}
