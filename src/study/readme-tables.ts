// The README's tables of results stand between two marks and are written by the run that made them.
import { readCoverage } from "../systems/coverage";
import { FAMILY_NAMES, readSystems, type System } from "../systems/system";
import { UserError } from "../user-error";
import { isOfPublishedStudy } from "./local-study";
import type { SystemSet } from "./system-set";
import type { Verdict } from "./verdict";

/**
 * Replaces what stands between a table's marks, `<!-- NAME: generated -->` and `<!-- NAME: end -->`.
 *
 * @throws UserError where the document lacks the marks.
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

/** Writes the verdicts, on open LLMs in the place of the study's and on the study's own systems. */
export function formatVerdicts({ open, study }: Record<SystemSet, readonly Verdict[]>): string {
  const header = [
    "the study's claim, in our words",
    "on open LLMs in their place",
    "log-odds, 95 % interval",
    "analyses that agree",
    "on the study's own LLMs",
  ];
  const rows = open.map(({ claim, ruling, estimate, agreeing, analyses }, at) => [
    `${claim.metric.toUpperCase()}: ${claim.statement}`,
    `**${ruling}**`,
    estimate ? showEstimate(estimate) : "",
    `${agreeing} of ${analyses}`,
    (study[at] as Verdict).ruling,
  ]);
  return toMarkdown(header, rows);
}

function showEstimate({ estimate, lower, upper }: NonNullable<Verdict["estimate"]>): string {
  const show = (value: number) => value.toFixed(2).replace("-", "−");
  return `${show(estimate)} (${show(lower)} to ${show(upper)})`;
}

function toMarkdown(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, header.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function restrictionOn({ excluded, apart, matchedOnly }: System): string {
  if (excluded) return `never: ${excluded}`;
  if (apart) return `apart: ${apart}`;
  return matchedOnly ? "on matched stimuli" : "";
}

// An author's own entry belongs to the author's study.
function isListed(system: System): boolean {
  return system.inPaper || system.replies.from === "embedded" || isOfPublishedStudy(system);
}

function originOf({ replies }: System): string {
  if (replies.from === "corpus") return "every listener turn";
  if (replies.from === "embedded") return "computed here";
  return replies.from === "asked" ? "to be asked" : "to be imported";
}
