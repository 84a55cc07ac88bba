// A page for each system of the published study, from the registry and the results.
import { escapeMarkup } from "kit";
import { formatParagraphs, formatSection, formatTable, type ReportCell } from "../apps/report/html";
import { isListed } from "../apps/report/readme-tables";
import { INSTRUMENT_NAMES } from "../src/claims/analysis";
import { OUTCOME_NAMES } from "../src/claims/claim";
import { readShares, type ShareRow } from "../src/claims/results-tables";
import { projectPath } from "../src/project";
import { type Coverage, describeLeft, readCoverage } from "../src/systems/coverage";
import { FAMILY_NAMES, readSystems, type System } from "../src/systems/system";
import { factList } from "./facts";
import { linkTo, type SitePage } from "./site-page";

const INDEX = "systems/index.html";

/** The page of a system, below the site's root. */
export function systemPath(id: string): string {
  return `systems/${id}.html`;
}

/** Makes a page for each system, and the list of them. */
export function makeSystemPages(): SitePage[] {
  const systems = readSystems(projectPath("data", "systems.json")).filter(isListed);
  const shares = readShares({ root: projectPath() });
  const coverage = readCoverage(projectPath("data", "published", "coverage.csv"));
  const pages = systems.map((system): SitePage => {
    const own = shares.filter((row) => row.system === system.id && row.share !== null);
    const found = coverage.find((row) => row.system === system.id);
    return {
      path: systemPath(system.id),
      title: system.name,
      body: systemBody(system, systems, own, found),
      scripts: ["sort.js"],
    };
  });
  return [listOf(systems, coverage), ...pages];
}

function systemBody(
  system: System,
  systems: readonly System[],
  shares: readonly ShareRow[],
  coverage: Coverage | undefined,
): string {
  const read = shares.filter(({ instrument }) => instrument === "readings");
  const others = [...new Set(shares.map(({ instrument }) => instrument))].filter(
    (instrument) => instrument !== "readings",
  );
  const tables = others.map((name) => {
    return sharesTable(
      name,
      shares.filter(({ instrument }) => instrument === name),
    );
  });
  const none =
    "No share of its replies was measured: it has no replies here, or it stands outside of the comparison.";
  return [
    `<h1>${escapeMarkup(system.name)}</h1>`,
    factList(factsOf(system, systems)),
    formatSection("counts", "Its replies", formatParagraphs(describeReplies(system, coverage))),
    formatSection(
      "shares",
      "Shares of its replies",
      formatParagraphs(
        read.length === 0
          ? none
          : "Of every hundred replies, so many show the mechanism; people's replies to the same prompts beside them, and the difference. Intervals are 95 %.",
      ),
      read.length === 0 ? "" : sharesTable("readings", read),
      tables.length === 0
        ? ""
        : `<details><summary>By each head alone</summary>${tables.join("\n")}</details>`,
    ),
    `<p><a href="${linkTo(systemPath(system.id), INDEX)}">All systems</a> · <a href="${linkTo(systemPath(system.id), "systems.html")}">how systems and replies are joined</a> · <a href="${linkTo(systemPath(system.id), "notebooks/05-models.html")}">all shares in notebook 5</a></p>`,
  ].join("\n");
}

function factsOf(system: System, systems: readonly System[]): Record<string, string | undefined> {
  const nameOf = (id: string) => systems.find((one) => one.id === id)?.name ?? id;
  const { relation, replies } = system;
  return {
    Identifier: `\`${system.id}\``,
    Family: FAMILY_NAMES[system.family],
    "In the study": system.inPaper ? "yes, one of the nine of arXiv 2310.08017" : "no",
    Model: system.model,
    "Variant of": system.variantOf === undefined ? undefined : nameOf(system.variantOf),
    "Relation to the study": relation && `${relation.how} (${nameOf(relation.to)})`,
    Publication: system.publication,
    Collection: system.collection,
    "What it was told": system.instruction,
    "What it was shown": SHOWN[system.shown],
    Temperature: system.temperature?.toString(),
    "How its prompts were chosen": system.selection,
    "Out of every comparison": system.excluded,
    "Shown apart": system.apart,
    "Can it still be asked": replies.from === "asked" ? replies.served : undefined,
    "As the study used it": replies.from === "asked" ? replies.paper : undefined,
    Licence: system.licence,
    Citation: system.citation,
    Note: system.note,
  };
}

const SHOWN: Readonly<Record<System["shown"], string>> = {
  all: "all utterances before the reply",
  last: "the last utterance before the reply",
  situation: "the situation, and no utterance",
  window: "the last few utterances before the reply",
};

function describeReplies({ replies }: System, coverage: Coverage | undefined): string {
  if (coverage) {
    const { joined, records, stimuli, dialogues } = coverage;
    const [all, of, prompts, talks] = [joined, records, stimuli, dialogues].map((count) =>
      count.toLocaleString("en-US"),
    );
    const left = describeLeft(coverage);
    return `${all} of ${of} records of its published file join a prompt: ${prompts} prompts in ${talks} dialogues.${left === "" ? "" : ` Left out: ${left}.`}`;
  }
  switch (replies.from) {
    case "corpus":
      return "Every turn of the corpus's listeners is a reply.";
    case "embedded":
      return "Its replies are computed here, from the corpus's training part (BM25).";
    case "published":
      return "None: its authors published a model, and its replies are still to be imported.";
    case "asked":
      return replies.retired ? `None: ${replies.retired.note}.` : "None: it was not asked here.";
  }
}

function sharesTable(instrument: string, rows: readonly ShareRow[]): string {
  const percent = (share: number | null): ReportCell => {
    return { number: share === null ? null : 100 * share, decimals: 1 };
  };
  const name = INSTRUMENT_NAMES[instrument] ?? instrument;
  return formatTable(
    `Shares in points, by ${name}`,
    ["metric", "what", "prompts", "replies", "read", "share", "from", "to", "people", "lead"],
    rows.map((row) => [
      row.metric.toUpperCase(),
      OUTCOME_NAMES[row.outcome],
      row.sentiment,
      { number: row.replies, decimals: 0 },
      { number: row.reads, decimals: 0 },
      ...[row.share, row.share_lower, row.share_upper, row.people, row.lead].map(percent),
    ]),
  );
}

function listOf(systems: readonly System[], coverage: readonly Coverage[]): SitePage {
  const items = systems.map(({ id, name, family, publication }) => {
    const found = coverage.find(({ system }) => system === id);
    const count = found ? `${found.joined.toLocaleString("en-US")} replies` : "";
    const facts = [FAMILY_NAMES[family], publication, count].filter((fact) => fact !== "");
    return `<li><a href="${linkTo(INDEX, systemPath(id))}">${escapeMarkup(name)}</a>: ${escapeMarkup(facts.join("; "))}</li>`;
  });
  const body = `<h1>The systems, one by one</h1>
<p>Who answered, what each was told and shown, how many of its replies stand beside a prompt, and what was measured of them. <a href="${linkTo(INDEX, "systems.html")}">Systems and their replies</a> says how they are joined and how to add one.</p>
<ul>${items.join("\n")}</ul>`;
  return { path: INDEX, title: "Systems, one by one", body, group: "Results" };
}
