// One page that holds the whole result: no file beside it, no network.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { escapeMarkup } from "kit";
import { HUMAN, readAnchoredReplies } from "../../src/claims/anchored-replies";
import { type Answer, answerIn } from "../../src/claims/answer";
import { readClaimsFile } from "../../src/claims/claim";
import { sayOwn } from "../../src/claims/context";
import { readClaimResults } from "../../src/claims/results-tables";
import { projectPath } from "../../src/project";
import { PUBLISHED_STUDY, readStudy, type Study } from "../../src/study/study";
import { checksumOf } from "../../src/systems/reply";
import { isCompared } from "../../src/systems/unit";
import { sayContext } from "../claims/say-context";
import { readPageFile } from "../page-file";
import { formatParagraphs, formatSection } from "./html";
import {
  claimSections,
  figureSection,
  leadingFigure,
  systemSection,
  verdictSection,
} from "./report-sections";

const QUESTION = "Are replies of language models more empathetic?";

/**
 * Writes the report as text: question, answer, figure, verdicts, figures, systems, how to rerun, what is not covered.
 *
 * The same results give the same bytes.
 *
 * @param root the folder that holds `data` and `figures`; the project's root by default.
 * @throws UserError if results or figures are missing.
 */
export async function formatReport(root = projectPath()): Promise<string> {
  const { title, body } = await reportBody(root);
  return page(body, title);
}

/** The report without its page: what stands in its `main`, under which title. */
export async function reportBody(
  root = projectPath(),
): Promise<{ readonly title: string; readonly body: string }> {
  const claims = readClaimsFile(join(root, "data", "claims.json"));
  const results = readClaimResults({ root });
  const figures = readFileSync(join(root, "figures", "checksums.txt"), "utf8")
    .split("\n")
    .flatMap((line) => /([\w-]+)\.svg$/.exec(line)?.[1] ?? []);
  const leading = LEADING_FIGURES.filter((name) => figures.includes(name));
  const others = figures.filter((name) => !leading.includes(name) && !name.includes("-curve-"));
  const pictures: string[] = [];
  for (const name of leading) pictures.push(await leadingFigure(root, name));
  const study = readStudy(root);
  const title = study.title ?? QUESTION;
  const answers = answerIn(claims, results, "main");
  const body = [
    `<h1>${escapeMarkup(title)}</h1>`,
    `<p class="lead">${escapeMarkup(sumUp(answers))}</p>`,
    answerList(answers),
    formatParagraphs(...sayOwn(study), ...sayContext(study, results)),
    ...pictures,
    contents(study),
    builtFrom(study, claims.length > 0),
    introduction(study),
    isPublished(study) ? paperModels(answerIn(claims, results, "study")) : "",
    verdictSection(claims, results),
    claimSections(root, claims, results, figures),
    formatSection("figures", "Figures", ...others.map((name) => figureSection(root, name))),
    systemSection(study),
    rerun(study),
    limits(study),
  ];
  return { title, body: body.join("\n") };
}

const SECTIONS = {
  own: "The study's own models",
  verdicts: "Verdicts",
  claims: "The claims, one by one",
  figures: "Figures",
  systems: "Systems and sources",
  rerun: "How to rerun",
  limits: "What is not covered",
};

function contents(study: Study): string {
  const shown = Object.entries(SECTIONS).filter(([id]) => id !== "own" || isPublished(study));
  const links = shown.map(([id, name]) => `<li><a href="#${id}">${escapeMarkup(name)}</a></li>`);
  return `<nav aria-label="Contents"><ol>${links.join("")}</ol></nav>`;
}

// How many replies, from which tables, by which version.
function builtFrom(study: Study, hasClaims: boolean): string {
  const anchored = hasClaims
    ? readAnchoredReplies(study, isCompared)
    : { systems: [], replies: [] };
  const stimuli = new Set(anchored.replies.map(({ stimulus }) => stimulus));
  const people = anchored.replies.filter(({ system }) => system === HUMAN).length;
  const { version } = JSON.parse(readFileSync(projectPath("package.json"), "utf8"));
  const number = (value: number) => value.toLocaleString("en-US");
  const facts = {
    Study: study.name,
    Replies: `${number(anchored.replies.length - people)} of ${anchored.systems.length} systems and ${number(people)} of people, to ${number(stimuli.size)} prompts`,
    Scorers: study.scorers.join(", "),
    "Built from": `data/results/claims.csv (sha256 ${checksumOf(readFileSync(join(study.root, "data", "results", "claims.csv"), "utf8")).slice(0, 16)}…)`,
    Version: `empathy-notebooks ${version}`,
  };
  const items = Object.entries(facts).map(
    ([term, fact]) => `<dt>${escapeMarkup(term)}</dt><dd>${escapeMarkup(fact)}</dd>`,
  );
  return `<dl class="built">${items.join("")}</dl>`;
}

// What a reader sees first, below the answer.
const LEADING_FIGURES = ["06-shares", "06-claims"];

function introduction(study: Study): string {
  const paper =
    'A study (arXiv 2310.08017) asked whether large language models answer more empathetically than older dialogue systems and than people, on the prompts of EmpatheticDialogues, with classifiers for Emotional Reaction (ER), Interpretation (IP) and Exploration (EX) and logistic mixed models on top. It claimed "partial albeit promising support". ';
  const put = isPublished(study)
    ? "This report tests its claims on public replies, each system compared with people on the same prompts, with models as the units of comparison."
    : `This report is of another study, “${study.name}”: of the systems listed below, each compared with people on the same prompts, with models as the units of comparison.`;
  const note = isPublished(study)
    ? "No reply to the study's own instruction is public: this is a conceptual replication. It measures how empathetic a reply reads to a language model under a written guideline, says nothing about whether a reply helps, and is not for clinical use."
    : "It measures how empathetic a reply reads to a classifier or to a reader, says nothing about whether a reply helps, and is not for clinical use.";
  return formatParagraphs(paper + put).concat(`<p class="note">${escapeMarkup(note)}</p>`);
}

function isPublished({ name }: Study): boolean {
  return name === PUBLISHED_STUDY.name;
}

function paperModels(answers: readonly Answer[]): string {
  return formatSection(
    "own",
    SECTIONS.own,
    formatParagraphs(
      "GPT-4 and GPT-3.5 are at hand under instructions other than the study's. They show:",
    ),
    answerList(answers),
  );
}

function sumUp(answers: readonly Answer[]): string {
  const { length } = answers.flatMap(({ claims }) => claims);
  if (length === 0) return "No claim was put to these replies.";
  const put = length === 1 ? "One claim was" : `${length} claims were`;
  return `${put} put to these replies. A point is one more reply in a hundred that shows it.`;
}

function answerList(answers: readonly Answer[]): string {
  const items = answers.map(({ words, claims }) => {
    const own = claims.map((claim) => `<li>${escapeMarkup(claim)}</li>`).join("");
    return `<li>${escapeMarkup(words)}:<ul>${own}</ul></li>`;
  });
  return `<ul>${items.join("\n")}</ul>`;
}

function rerun(study: Study): string {
  const [where, commands] = isPublished(study)
    ? [
        "On a fresh clone, with nothing but Node and npm:",
        "npm run reproduce                   # every notebook, figure and this report, from the committed scores\nnpm run reproduce -- --from texts   # the scores too, from the public texts\nnpm test",
      ]
    : [
        `On the machine that holds its replies or its scores, with studies/${study.name}/study.json in the clone:`,
        `npm run reproduce -- --study ${study.name}   # its tables, notebooks, figures and this report\n` +
          `npx empathy study export ${study.name}       # one file, which others rerun with: npx empathy study open FILE`,
      ];
  return formatSection(
    "rerun",
    SECTIONS.rerun,
    formatParagraphs(where),
    `<pre tabindex="0">${escapeMarkup(commands)}</pre>`,
  );
}

function limits(study: Study): string {
  const own = isPublished(study)
    ? "Replies to the study's own instruction; PaLM 2, FastChat-T5, Falcon-7B-Instruct, FE and CAB; languages other than English. People graded whole replies of four LLMs (notebook 7), not their emotional reactions, interpretations and explorations. Levels are readings by a language model, not people's, with a small classifier's predictions lending precision; notebook 4 measures how well each instrument sees, and tipping points in notebook 6 say how wrong the reader would have to be."
    : "Systems that are not listed above, and prompts that they did not answer. The classifiers that come with the package know English only. Where a classifier alone measured, its errors differ by family (notebook 4), and a difference between families is partly a difference of its errors. A verdict on these systems says nothing of the next model.";
  return formatSection(
    "limits",
    SECTIONS.limits,
    formatParagraphs(`${own} docs/limitations.md has the whole list.`),
  );
}

function page(body: string, title: string): string {
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeMarkup(title)}</title><link rel="icon" href="data:,"><style>${readPageFile("report", "report.css")}${readPageFile("report", "tables.css")}</style></head>`,
    `<body><main>\n${body}\n</main>`,
    `<script>${readPageFile("report", "sort.js")}</script>`,
    "</body></html>\n",
  ].join("\n");
}
