// The README's tables of results stand between two marks and are written by the run that made them.
import { UserError } from "kit";
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

/** Writes the verdicts on the study's claims. */
export function formatVerdicts(claims: readonly Claim[], results: readonly ClaimResult[]): string {
  const header = [
    "the study's claim, in our words",
    "all LLMs at hand",
    "log-odds, 95 % interval",
    "points of share",
    "analyses: agree, oppose, open",
    "the study's own LLMs at hand",
    "the study's model as it stood",
  ];
  const rows = claims
    .filter(({ origin }) => origin === "study")
    .map(({ id, metric, statement }) => {
      const [all, study, model] = (["all", "study", "study-model"] as const).map(
        (set) => results.find((row) => row.set === set && row.claim === id) as ClaimResult,
      ) as [ClaimResult, ClaimResult, ClaimResult];
      return [
        `${metric.toUpperCase()}: ${statement}`,
        `**${all.verdict}**`,
        showInterval(all.estimate, all.lower, all.upper, 1, 2),
        showInterval(all.share, all.share_lower, all.share_upper, 100, 0),
        all.analyses === null ? "" : `${all.agree}, ${all.oppose}, ${all.open}`,
        study.verdict,
        model.verdict,
      ];
    });
  return toMarkdown(header, rows);
}

function showInterval(
  estimate: number | null,
  lower: number | null,
  upper: number | null,
  unit: number,
  decimals: number,
): string {
  if (estimate === null || lower === null || upper === null) return "";
  const show = (value: number) =>
    (unit * value)
      .toFixed(decimals)
      .replace(/^-(?=[0.]*$)/, "")
      .replace("-", "−");
  return `${show(estimate)} (${show(lower)} to ${show(upper)})`;
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
