// One page that holds the whole result: no file beside it, no network.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { escapeMarkup } from "../escape-markup";
import { projectPath } from "../project";
import { readVerdicts } from "../study/results-stage";
import { formatParagraphs, formatSection } from "./html";
import { PAGE_SCRIPT } from "./page-script";
import { PAGE_STYLE } from "./page-style";
import { figureSection, modelSection, systemSection, verdictSection } from "./report-sections";

const TITLE = "Are replies of language models more empathetic?";

/**
 * Writes the report as text: question, verdicts, figures, models, systems, how to rerun, what is not covered.
 *
 * The same results give the same bytes.
 *
 * @param root the folder that holds `data` and `figures`; the project's root by default.
 * @throws UserError where results or figures are missing.
 */
export function formatReport(root = projectPath()): string {
  const verdicts = readVerdicts(root);
  const figures = readFileSync(join(root, "figures", "checksums.txt"), "utf8")
    .split("\n")
    .flatMap((line) => /([\w-]+)\.svg$/.exec(line)?.[1] ?? []);
  const body = [
    `<h1>${TITLE}</h1>`,
    introduction(),
    verdictSection("open", verdicts.open),
    verdictSection("study", verdicts.study),
    formatSection("figures", "Figures", ...figures.map((name) => figureSection(root, name))),
    modelSection(root),
    systemSection(root),
    rerun(),
    limits(),
  ];
  return page(body.join("\n"));
}

function introduction(): string {
  return formatParagraphs(
    "A study (arXiv 2310.08017) asked whether large language models answer people in distress more empathetically than older dialogue systems and than people, on the prompts of EmpatheticDialogues, with classifiers for Emotional Reaction (ER), Interpretation (IP) and Exploration (EX) and logistic mixed models on top. This report puts its claims to replies that are public.",
  ).concat(
    "<p class=\"note\">No reply to the study's own instruction is public. Four set-ups of open models stand in for the study's; they answered other dialogues, turns and contexts than the older systems. GPT-4 and GPT-3.5 have public replies under other instructions, which these verdicts do not take in yet. This is a conceptual replication. It measures how empathetic a reply sounds to a classifier, says nothing about whether a reply helps, and is not for clinical use.</p>",
  );
}

function rerun(): string {
  return formatSection(
    "rerun",
    "How to rerun",
    formatParagraphs("On a fresh clone, with nothing but Node and npm:"),
    "<pre>npm run reproduce                   # every notebook, figure and this report, from the committed scores\nnpm run reproduce -- --from texts   # the scores too, from the public texts\nnpm test</pre>",
  );
}

function limits(): string {
  return formatSection(
    "limits",
    "What is not covered",
    formatParagraphs(
      "Replies to the study's own instruction; PaLM 2, FastChat-T5, Falcon-7B-Instruct, FE and CAB; GPT-4 and GPT-3.5 under other instructions, which have joined but are in no verdict yet; any judgement of replies by people; languages other than English; conversations longer than a few turns. Levels come from a small classifier whose errors are measured in notebook 4; the two heads of that classifier are among the alternatives above. docs/limitations.md has the whole list.",
    ),
  );
}

function page(body: string): string {
  const plotly = readFileSync(require.resolve("plotly.js-dist-min"), "utf8");
  // A script's text ends at the first closing tag, wherever that stands.
  const script = (text: string) => `<script>${text.replaceAll("</script", "<\\/script")}</script>`;
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeMarkup(TITLE)}</title><link rel="icon" href="data:,"><style>${PAGE_STYLE}</style></head>`,
    `<body><main>\n${body}\n</main>`,
    script(plotly),
    script(PAGE_SCRIPT),
    "</body></html>\n",
  ].join("\n");
}
