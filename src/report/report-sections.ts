import { readFileSync } from "node:fs";
import { join } from "node:path";
import { escapeMarkup } from "../escape-markup";
import type { PlotlySpec } from "../figures/figure";
import { titleOf } from "../figures/name-spec";
import { readSources } from "../sources/source";
import type { Claim } from "../study/claims/claim";
import { type ClaimResult, EVIDENCE_NAMES } from "../study/claims/results-tables";
import { readCoverage } from "../systems/coverage";
import { FAMILY_NAMES, readSystems, type System } from "../systems/system";
import { formatParagraphs, formatSection, formatTable, type ReportCell } from "./html";

const two = (number: number | null): ReportCell => ({ number, decimals: 2 });
const count = (number: number): ReportCell => ({ number, decimals: 0 });

/** The verdicts on all claims: the study's six, and those asked beside them. */
export function verdictSection(claims: readonly Claim[], results: readonly ClaimResult[]): string {
  const tables = (["all", "study", "study-model"] as const).map((set) => {
    const rows = claims.map((claim): ReportCell[] => {
      const row = results.find((one) => one.set === set && one.claim === claim.id) as ClaimResult;
      return [
        claim.metric.toUpperCase(),
        claim.statement,
        row.verdict,
        two(row.estimate),
        two(row.lower),
        two(row.upper),
        ...(set === "study-model" ? [] : detailsOf(row)),
      ];
    });
    const details = set === "study-model" ? [] : DETAILS;
    const header = ["metric", "claim", "verdict", "log-odds", "from", "to", ...details];
    return formatTable(`Verdicts: ${EVIDENCE_NAMES[set]}`, header, rows);
  });
  const text = formatParagraphs(
    "Log-odds with the 95 % interval for models like these; 'next' is where the next model is expected; shares are points of all replies. Analyses are counted as agreeing, opposing or open. docs/claims.md has the rules.",
  );
  return formatSection("verdicts", "Verdicts", text, ...tables);
}

const DETAILS = ["next from", "next to", "points", "agree", "oppose", "open", "note"];

function detailsOf(row: ClaimResult): ReportCell[] {
  const points = row.share === null ? null : 100 * row.share;
  return [
    two(row.next_lower),
    two(row.next_upper),
    { number: points, decimals: 0 },
    ...[row.agree, row.oppose, row.open].map((number): ReportCell => ({ number, decimals: 0 })),
    row.note,
  ];
}

/** One figure: its picture, and what it shows in words. */
export function figureSection(root: string, name: string): string {
  const read = (ending: string) => readFileSync(join(root, "figures", `${name}.${ending}`), "utf8");
  const { layout } = JSON.parse(read("json")) as PlotlySpec;
  return (
    `<figure id="figure-${name}"><div class="picture" tabindex="0" role="region" aria-label="${escapeMarkup(titleOf(layout))}">${read("svg").trim()}</div>` +
    `<figcaption><strong>${escapeMarkup(titleOf(layout))}</strong>` +
    `<details><summary>In words</summary>${escapeMarkup(layout.meta.alt)}</details></figcaption></figure>`
  );
}

/** The systems, and where their replies come from. */
export function systemSection(root: string): string {
  const path = join(root, "data", "published", "coverage.csv");
  const coverage = new Map(readCoverage(path).map((row) => [row.system, row]));
  const rows = readSystems().map((system): ReportCell[] => {
    const row = coverage.get(system.id);
    return [
      system.name,
      FAMILY_NAMES[system.family],
      system.inPaper ? "yes" : "no",
      row ? count(row.stimuli) : "",
      originOf(system),
      system.citation,
      system.licence,
    ];
  });
  const header = ["system", "family", "in the study", "stimuli", "replies", "citation", "licence"];
  return formatSection("systems", "Systems and sources", formatTable("Systems", header, rows));
}

function originOf({ replies }: System): string {
  if (replies.from !== "published") {
    return { asked: "to be asked", corpus: "the corpus", embedded: "computed here" }[replies.from];
  }
  const source = readSources().find(({ id }) => id === replies.source);
  return source?.url ?? "to be imported";
}
