// A page for each claim, from the registry and the results.
import { readFileSync } from "node:fs";
import { escapeMarkup } from "kit";
import { titleOf } from "plotly-stills";
import { formatParagraphs, formatSection, formatTable } from "../apps/report/html";
import { showDeciding, showHinges } from "../apps/report/readme-tables";
import { INSTRUMENT_NAMES } from "../src/claims/analysis";
import { type Claim, OUTCOME_NAMES, readClaimsFile } from "../src/claims/claim";
import {
  type ClaimResult,
  EVIDENCE_NAMES,
  type MultiverseRow,
  readClaimResults,
  readMultiverse,
} from "../src/claims/results-tables";
import { projectPath } from "../src/project";
import { factList } from "./facts";
import { figure } from "./notebook";
import { linkTo, type SitePage } from "./site-page";

const INDEX = "claims/index.html";

/** What the site has of the committed figures. */
export interface Figures {
  /** Names, such as `06-claims`. */
  readonly names: readonly string[];
  /** Takes a figure along, and says by which address a page has it. */
  readonly take: (name: string, page: string) => string;
}

/** Makes a page for each claim, and the list of them. */
export function makeClaimPages(figures: Figures): SitePage[] {
  const claims = readClaimsFile(projectPath("data", "claims.json"));
  const results = readClaimResults({ root: projectPath() });
  const analyses = readMultiverse({ root: projectPath() });
  const pages = claims.map((claim): SitePage => {
    const rows = results.filter((row) => row.claim === claim.id);
    const own = analyses.filter((row) => row.claim === claim.id);
    return {
      path: claimPath(claim),
      title: `Claim: ${claim.short}`,
      body: claimBody(claim, rows, own, figures),
      scripts: ["sort.js"],
    };
  });
  return [listOf(claims, results), ...pages];
}

function claimPath({ id }: Claim): string {
  return `claims/${id}.html`;
}

function claimBody(
  claim: Claim,
  rows: readonly ClaimResult[],
  analyses: readonly MultiverseRow[],
  figures: Figures,
): string {
  const path = claimPath(claim);
  const main = rows.find(({ set }) => set === "main");
  return [
    `<h1>${escapeMarkup(claim.statement)}</h1>`,
    `<p class="lead"><strong>${escapeMarkup(main?.verdict ?? "not yet measured")}</strong>${main ? escapeMarkup(intervalOf(main)) : ""}</p>`,
    factList(factsOf(claim, main)),
    formatSection("evidence", "By each kind of evidence", evidenceTable(rows)),
    analyses.length === 0
      ? ""
      : formatSection("analyses", "Other analyses", countVerdicts(analyses)),
    figures.names.includes(`06-curve-${claim.id}`)
      ? formatSection("curve", "Over all analyses", curve(claim, path, figures))
      : "",
    `<p><a href="${linkTo(path, INDEX)}">All claims</a> · <a href="${linkTo(path, "claims.html")}">how claims are ruled on</a> · <a href="${linkTo(path, "notebooks/06-claims.html")}">notebook 6</a> · <a href="${linkTo(path, "report.html")}">the report</a></p>`,
  ].join("\n");
}

function intervalOf(row: ClaimResult): string {
  const shown = showDeciding(row);
  return shown === "" ? "" : `: ${shown}, in points of share`;
}

function factsOf(claim: Claim, main?: ClaimResult): Record<string, string | undefined> {
  return {
    Identifier: `\`${claim.id}\``,
    "Whose claim": claim.origin === "study" ? "the study's" : "asked beside the study's",
    "What is measured": `${claim.metric.toUpperCase()}, ${OUTCOME_NAMES[claim.outcome]}`,
    Margin: `${claim.marginInPoints} points`,
    "How it is read": claim.reading,
    "Who measured": main && (INSTRUMENT_NAMES[main.instrument] ?? main.instrument),
    Units: main && describeUnits(main),
    "Hinges on": main && showHinges(main),
    Note: main?.note,
  };
}

function describeUnits({ units, others }: ClaimResult): string {
  const own = `${units ?? 0} models or publications`;
  return others === null ? own : `${own}, beside ${others}`;
}

function evidenceTable(rows: readonly ClaimResult[]): string {
  return formatTable(
    "Verdicts by evidence",
    ["evidence", "verdict", "interval that decides, points of share", "hinges on", "note"],
    rows.map((row) => [
      EVIDENCE_NAMES[row.set] ?? `the ${INSTRUMENT_NAMES[row.set] ?? row.set} alone`,
      row.verdict,
      showDeciding(row),
      showDeciding(row) === "" ? "" : showHinges(row),
      row.note,
    ]),
  );
}

function countVerdicts(analyses: readonly MultiverseRow[]): string {
  const counts = new Map<string, number>();
  for (const { verdict } of analyses) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const said = [...counts].map(([verdict, count]) => `${verdict} (${count})`).join(", ");
  return formatParagraphs(`Under ${analyses.length} analyses: ${said}.`);
}

function curve({ id }: Claim, path: string, { take }: Figures): string {
  const name = `06-curve-${id}`;
  const svg = readFileSync(projectPath("figures", `${name}.svg`), "utf8");
  const { layout } = JSON.parse(readFileSync(projectPath("figures", `${name}.json`), "utf8"));
  return `<figure>${figure(take(name, path), svg, layout.meta.alt)}<figcaption>${escapeMarkup(titleOf(layout))}</figcaption></figure>`;
}

function listOf(claims: readonly Claim[], results: readonly ClaimResult[]): SitePage {
  const items = (origin: Claim["origin"]) =>
    claims
      .filter((claim) => claim.origin === origin)
      .map((claim) => {
        const main = results.find(({ set, claim: id }) => set === "main" && id === claim.id);
        return `<li><a href="${linkTo(INDEX, claimPath(claim))}">${escapeMarkup(claim.statement)}</a> <strong>${escapeMarkup(main?.verdict ?? "not yet measured")}</strong>${main ? escapeMarkup(intervalOf(main)) : ""}</li>`;
      })
      .join("\n");
  const body = `<h1>The claims, one by one</h1>
<p>What each says, what comes out, who measured, and what it hinges on. <a href="${linkTo(INDEX, "claims.html")}">Claims</a> has the rules.</p>
<h2 id="study">The study's claims</h2><ul>${items("study")}</ul>
<h2 id="beside">Asked beside them</h2><ul>${items("beside")}</ul>`;
  return { path: INDEX, title: "Claims, one by one", body, group: "Results" };
}
