import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { escapeMarkup } from "kit";
import { type PlotlySpec, renderForPrint, titleOf } from "plotly-stills";
import { factorsOf } from "../../src/asking/factors";
import { INSTRUMENT_NAMES } from "../../src/claims/analysis";
import { toldClaims } from "../../src/claims/answer";
import type { Claim } from "../../src/claims/claim";
import { type ClaimResult, EVIDENCE_NAMES } from "../../src/claims/results-tables";
import { projectPath } from "../../src/project";
import { readSources } from "../../src/sources/source";
import { describeAsked, readAsked } from "../../src/study/asked-systems";
import { PUBLISHED_STUDY, type Study, systemsOfStudy } from "../../src/study/study";
import { readCoverage } from "../../src/systems/coverage";
import { FAMILY_NAMES, type Family, readSystems, type System } from "../../src/systems/system";
import { formatParagraphs, formatSection, formatTable, type ReportCell } from "./html";
import { isListed, showDeciding, showHinges } from "./readme-tables";

const count = (number: number): ReportCell => ({ number, decimals: 0 });

/** The verdicts on all claims: the study's six, and those asked beside them. */
export function verdictSection(claims: readonly Claim[], results: readonly ClaimResult[]): string {
  const sets = [...new Set(results.map(({ set }) => set))];
  const tables = sets.map((set) => {
    // Beside the main evidence, the study's own claims.
    const told = set === "main" ? claims : toldClaims(claims);
    const rows = told.flatMap((claim): ReportCell[][] => {
      const row = results.find((one) => one.set === set && one.claim === claim.id);
      if (!row) return [];
      const start: ReportCell[] = [
        claim.metric.toUpperCase(),
        claim.statement,
        row.verdict,
        showDeciding(row),
      ];
      const people = results.find((one) => one.set === "people" && one.claim === claim.id);
      return [
        set === "main"
          ? [...start, measuredBy(row), people?.verdict ?? "", ...detailsOf(row)]
          : [...start, row.note],
      ];
    });
    const header = set === "main" ? VERDICTS : [...VERDICTS.slice(0, 4), "note"];
    return formatTable(`Verdicts: ${nameOf(set)}`, header, rows);
  });
  const text = formatParagraphs(
    "All differences are points of share: of every hundred replies, so many more show the mechanism. 'These' is the difference of the systems at hand, each model weighing the same; 'models' that of models like these, with its degrees of freedom and the p-value corrected by Holm over the study's six claims. docs/claims.md has the rules.",
  );
  const [main, ...others] = tables;
  return formatSection(
    "verdicts",
    "Verdicts",
    text,
    main ?? "",
    `<details><summary>By other evidence: each head alone, the study's own models, its model as it stood, people's grades</summary>${others.join("")}</details>`,
  );
}

function detailsOf(row: ClaimResult): ReportCell[] {
  return [
    inPoints(row.these),
    inPoints(row.these_lower),
    inPoints(row.these_upper),
    inPoints(row.estimate),
    inPoints(row.lower),
    inPoints(row.upper),
    { number: row.df, decimals: 1 },
    { number: row.holm_p, decimals: 3 },
    showHinges(row),
    row.note,
  ];
}

function measuredBy({ instrument }: ClaimResult): string {
  return INSTRUMENT_NAMES[instrument] ?? instrument;
}

function nameOf(set: string): string {
  return EVIDENCE_NAMES[set] ?? `by the ${INSTRUMENT_NAMES[set] ?? set} alone`;
}

function inPoints(share: number | null): ReportCell {
  return { number: share === null ? null : 100 * share, decimals: 0 };
}

const VERDICTS = [
  "metric",
  "claim",
  "verdict",
  "interval that decides, points",
  "measured by",
  "people's grades (a proxy)",
  "these",
  "from",
  "to",
  "models",
  "from",
  "to",
  "df",
  "Holm's p",
  "hinges on",
  "note",
];

/** The width of a phone's page. */
const NARROW_MM = 90;

/** A figure that every reader meets: `figureSection`, with a picture laid out for a phone besides. */
export async function leadingFigure(root: string, name: string): Promise<string> {
  const spec = readSpec(root, name);
  const { layout } = spec;
  const narrow = {
    ...spec,
    layout: { ...layout, meta: { ...layout.meta, figure: `${name}-narrow` } },
  };
  const { svg } = await renderForPrint(narrow, { widthMm: NARROW_MM, titles: true });
  return figureSection(root, name, svg);
}

function readSpec(root: string, name: string): PlotlySpec {
  return JSON.parse(readFileSync(join(root, "figures", `${name}.json`), "utf8")) as PlotlySpec;
}

/**
 * One figure: its picture, and what it shows in words.
 *
 * @param narrow another picture of it, for a narrow screen.
 */
export function figureSection(root: string, name: string, narrow = ""): string {
  const { layout } = readSpec(root, name);
  const svg = readFileSync(join(root, "figures", `${name}.svg`), "utf8").trim();
  const wide = narrow ? " wide" : "";
  return (
    `<figure id="figure-${name}"><div class="picture${wide}" tabindex="0" role="region" aria-label="${escapeMarkup(titleOf(layout))}">${svg}</div>` +
    (narrow && `<div class="narrow">${narrow.trim()}</div>`) +
    `<figcaption><strong>${escapeMarkup(titleOf(layout))}</strong> Made by <code>npx empathy run notebooks/${notebookOf(name)}</code>.` +
    `<details><summary>In words</summary>${escapeMarkup(layout.meta.alt)}</details></figcaption></figure>`
  );
}

// A figure is named after its notebook's number.
function notebookOf(figure: string): string {
  const number = figure.slice(0, 2);
  const names = readdirSync(projectPath("notebooks"));
  return names.find((name) => name.startsWith(`${number}-`)) ?? "";
}

/** The study's claims one by one: what each says, its verdict, and its curve over all analyses where there is one. */
export function claimSections(
  root: string,
  claims: readonly Claim[],
  results: readonly ClaimResult[],
  figures: readonly string[],
): string {
  const parts = toldClaims(claims).map((claim) => {
    const row = results.find(({ set, claim: id }) => set === "main" && id === claim.id);
    const figure = `06-curve-${claim.id}`;
    const verdict = row ? `${EVIDENCE_NAMES.main}: ${row.verdict}${intervalOf(row)}.` : "";
    return (
      `<h3 id="claim-${claim.id}">${escapeMarkup(claim.statement)}</h3>` +
      formatParagraphs(verdict.charAt(0).toUpperCase() + verdict.slice(1)) +
      (figures.includes(figure) ? figureSection(root, figure) : "")
    );
  });
  return formatSection("claims", "The claims, one by one", ...parts);
}

function intervalOf(row: ClaimResult): string {
  const shown = showDeciding(row);
  return shown === "" ? "" : `; ${shown}, in points of share`;
}

/** The systems, and where their replies come from. */
export function systemSection(study: Study): string {
  const { root } = study;
  const path = join(root, "data", "published", "coverage.csv");
  const coverage = new Map(readCoverage(path).map((row) => [row.system, row]));
  const asked = new Map(readAsked(study).map((row) => [row.system, row]));
  const isPublished = study.name === PUBLISHED_STUDY.name;
  const systems = isPublished ? readSystems().filter(isListed) : systemsOfStudy(study);
  const rows = systems.map((system): ReportCell[] => {
    const row = coverage.get(system.id);
    const own = asked.get(system.id);
    const stimuli = own ? own.replies + own.imported : row?.stimuli;
    return [
      system.name,
      FAMILY_NAMES[system.family],
      system.inPaper ? "yes" : "no",
      stimuli === undefined ? "" : count(stimuli),
      own ? describeAsked(own) : originOf(system),
      ...(isPublished ? [] : toldOf(system)),
      system.citation,
      system.licence,
    ];
  });
  const header = ["system", "family", "in the study", "stimuli", "replies"].concat(
    isPublished ? [] : ["model", "prompt", "temperature"],
    ["citation", "licence"],
  );
  const families = (Object.keys(FAMILY_NAMES) as Family[]).map((family): ReportCell[] => {
    const names = systems.filter((system) => system.family === family).map(({ name }) => name);
    return [FAMILY_NAMES[family], count(names.length), names.join("; ")];
  });
  return formatSection(
    "systems",
    "Systems and sources",
    formatTable("Systems by family", ["family", "systems", "names"], families),
    `<details><summary>Each system, with its source and licence</summary>${formatTable("Systems", header, rows)}</details>`,
  );
}

function toldOf(system: System): ReportCell[] {
  const { model, prompt, temperature } = factorsOf(system);
  return [model, prompt, temperature];
}

function originOf({ replies }: System): string {
  if (replies.from !== "published") {
    return { asked: "not asked here", corpus: "the corpus", embedded: "computed here" }[
      replies.from
    ];
  }
  const source = readSources().find(({ id }) => id === replies.source);
  return source?.url ?? "to be imported";
}
