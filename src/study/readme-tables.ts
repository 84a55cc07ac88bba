// The README's tables of results stand between two marks and are written by the run that made them.
import { readCoverage } from "../systems/coverage";
import { FAMILY_NAMES, readSystems, type System } from "../systems/system";
import { UserError } from "../user-error";

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
  const rows = readSystems().map((system) => {
    const row = coverage.get(system.id);
    const show = (count: number) => count.toLocaleString("en-US");
    const counts = row
      ? [`${show(row.joined)} of ${show(row.records)}`, show(row.stimuli), show(row.dialogues)]
      : [originOf(system), "", ""];
    const paper = system.inPaper ? "yes" : "";
    return [`\`${system.id}\``, system.name, FAMILY_NAMES[system.family], paper, ...counts];
  });
  const header = ["", "system", "family", "in the study", "records joined", "stimuli", "dialogues"];
  const lines = [header, header.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function originOf({ replies }: System): string {
  if (replies.from === "corpus") return "every listener turn";
  if (replies.from === "embedded") return "computed here";
  return replies.from === "asked" ? "to be asked" : "to be imported";
}
