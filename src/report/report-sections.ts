import { readFileSync } from "node:fs";
import { join } from "node:path";
import { escapeMarkup } from "../escape-markup";
import type { PlotlySpec } from "../figures/figure";
import { titleOf } from "../figures/name-spec";
import { readSources } from "../sources/source";
import { CHOICES } from "../study/analysis";
import { readModels } from "../study/multiverse";
import { SYSTEM_SET_NAMES, type SystemSet } from "../study/system-set";
import type { Verdict } from "../study/verdict";
import { readCoverage } from "../systems/coverage";
import { FAMILY_NAMES, readSystems, type System } from "../systems/system";
import { formatParagraphs, formatSection, formatTable, type ReportCell } from "./html";

const two = (number: number | null): ReportCell => ({ number, decimals: 2 });
const count = (number: number): ReportCell => ({ number, decimals: 0 });

/** The verdicts on a set of systems. */
export function verdictSection(set: SystemSet, verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ claim, ruling, reason, estimate }): ReportCell[] => [
    claim.metric.toUpperCase(),
    claim.statement,
    ruling,
    two(estimate?.estimate ?? null),
    two(estimate?.lower ?? null),
    two(estimate?.upper ?? null),
    reason,
  ]);
  const header = ["metric", "claim", "verdict", "log-odds", "from", "to", "why"];
  const heading = `Verdicts: ${SYSTEM_SET_NAMES[set]}`;
  return formatSection(`verdicts-${set}`, heading, formatTable(heading, header, rows));
}

/** One figure: its picture, its interactive form, and what it shows in words. */
export function figureSection(root: string, name: string): string {
  const read = (ending: string) => readFileSync(join(root, "figures", `${name}.${ending}`), "utf8");
  const spec = JSON.parse(read("json")) as PlotlySpec;
  const { alt } = spec.layout.meta;
  const json = JSON.stringify(spec).replaceAll("<", "\\u003c");
  return (
    `<figure id="figure-${name}" data-figure="${name}">` +
    `<div class="picture">${read("svg").trim()}</div>` +
    `<div class="drawing" hidden></div>` +
    `<script type="application/json">${json}</script>` +
    `<figcaption><strong>${escapeMarkup(titleOf(spec.layout))}.</strong>` +
    `<details><summary>In words</summary>${escapeMarkup(alt)}</details></figcaption></figure>`
  );
}

/** The main analysis's models, metric by metric. */
export function modelSection(root: string): string {
  const models = readModels(join(root, "data", "results", "models.csv"));
  const keys = [...new Set(models.map(({ set, metric }) => `${set} ${metric}`))];
  const tables = keys.map((key) => {
    const rows = models.filter(({ set, metric }) => `${set} ${metric}` === key);
    const [set, metric] = key.split(" ") as [SystemSet, string];
    const caption = `${metric.toUpperCase()}, level 1 or 2: ${SYSTEM_SET_NAMES[set]}`;
    const cells = rows.map(({ part, name, estimate, se, lower, upper }): ReportCell[] => [
      part === "fixed" ? "fixed effect" : part === "none" ? "" : `sd of ${part}`,
      name,
      two(estimate),
      two(se),
      two(lower),
      two(upper),
    ]);
    return formatTable(caption, ["part", "name", "estimate", "se", "from", "to"], cells);
  });
  const text = formatParagraphs(
    `Main analysis: random effects for ${CHOICES["random effects"][0]}; ${CHOICES.outcome[0]}; scorer ${CHOICES.scorer[0]}; replies: ${CHOICES.replies[0]}. Estimates are log-odds; the reference is an older system, an ambiguous prompt, a first turn.`,
  );
  return formatSection("models", "Models", text, ...tables);
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
