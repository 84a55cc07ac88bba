// One rater's page: a single HTML file that opens from the disk and asks for nothing outside.

import { createHash } from "node:crypto";
import { escapeMarkup } from "kit";
import { readPageFile } from "../page-file";
import { EXAMPLE_PROMPT, GUIDELINES, type Guideline } from "./guideline";
import type { ShownReply } from "./population";

/** What a page holds. */
interface PageContent {
  /** Identifier of the plan, which stands in the rater's file. */
  readonly plan: string;
  /** Name of the page, such as `rater-1`. */
  readonly page: string;
  /** Whether the plan has replies of people and of machines, and raters are told so. */
  readonly isMixed: boolean;
  /** The replies in the rater's order, by the identifiers that hide where they are from. */
  readonly replies: readonly (ShownReply & { readonly id: string })[];
}

/**
 * Writes a rater's page.
 *
 * Texts stand in it as JSON and are shown as text, never as markup. A content policy forbids the page every request and
 * every script but its own.
 */
export function formatPage({ plan, page, isMixed, replies }: PageContent): string {
  const texts = replies.map(({ id, context, reply }) => ({ id, context, reply }));
  const data = JSON.stringify({ plan, page, replies: texts }).replaceAll("<", "\\u003c");
  const script = readPageFile("annotate", "rate.js");
  const scriptHash = createHash("sha256").update(script).digest("base64");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${scriptHash}'; form-action 'none'; base-uri 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rating replies</title>
<style>${readPageFile("annotate", "rate.css")}</style>
</head>
<body>
<header>
<h1>Rating replies</h1>
<progress id="progress" max="${texts.length}" value="0" aria-labelledby="count"></progress>
<p id="count"></p>
</header>
<main>
<p id="unkept" class="note" hidden>This browser does not keep what you do here. Download your file before you close the page; later, open the page and go on from that file.</p>
<p id="status" role="status"></p>
<details id="guideline"><summary>What to look for</summary>${formatGuideline()}</details>
${formatStart(isMixed)}
${formatRating()}
<section id="end" hidden aria-labelledby="end-heading">
<h2 id="end-heading" tabindex="-1">All replies are done</h2>
<p>Thank you. Download your file and send it to whoever gave you this page.</p>
<p class="row"><button type="button" class="main download">Download my file</button> <button type="button" id="undo-end">Undo the last one</button></p>
</section>
${TOOLS}
</main>
<noscript><p class="note">This page needs JavaScript, which your browser has turned off.</p></noscript>
<script type="application/json" id="data">${data}</script>
<script>${script}</script>
</body>
</html>
`;
}

function formatStart(isMixed: boolean): string {
  const writers = isMixed ? ": people wrote some, machines others" : "";
  return `<section id="start" aria-labelledby="start-heading">
<h2 id="start-heading">Before you begin</h2>
<p>You see one reply at a time, with what was said before it. Judge the reply only, by what it says, and not who may have written it${writers}. Some dialogues are about loss, illness or fear. You may leave a reply out, and stop at any time.</p>
<p>The page asks for a name of your choice, which need not be yours, and for nothing else. What you do stays in this browser, and in the file that you download.</p>
<form id="naming" novalidate class="row">
<label for="name">A name of your choice</label>
<input type="text" id="name" autocomplete="off" maxlength="40" required aria-describedby="status">
<button class="main">Begin</button>
</form>
<p><label>Or go on from a file that this page wrote: <input type="file" id="go-on" accept=".csv,text/csv"></label></p>
</section>`;
}

const TOOLS = `<section id="tools" hidden aria-labelledby="tools-heading">
<h2 id="tools-heading">Pausing</h2>
<p>Close the page whenever you like: in this browser it opens where you left it. A file of what you have so far is of use, too.</p>
<p class="row"><button type="button" class="download">Download what I have so far</button> <button type="button" id="forget">Delete all from this browser</button></p>
</section>`;

function formatRating(): string {
  return `<section id="rate" hidden aria-labelledby="heading">
<h2 id="heading" tabindex="-1">Reply</h2>
<h3 id="before">What was said before</h3>
<dl id="said" class="said" aria-labelledby="before"></dl>
<h3 id="to-rate">The listener's reply, which you rate</h3>
<p id="reply" class="reply" dir="auto" aria-labelledby="to-rate"></p>
<form id="levels">
${GUIDELINES.map(formatFieldset).join("\n")}
<p class="row"><button class="main" id="next">Save, and next</button> <button type="button" id="undo">Undo the last one</button> <button type="button" id="leave-out">Leave this one out</button></p>
<p class="keys"><label><input type="checkbox" id="keys" checked> Keys: <kbd>0</kbd>, <kbd>1</kbd>, <kbd>2</kbd> answer the marked question, and move on; <kbd>Enter</kbd> saves, <kbd>Backspace</kbd> undoes</label></p>
</form>
</section>`;
}

function formatFieldset({ asks, name, question, levels }: Guideline): string {
  const radios = levels.map(
    ([label], level) =>
      `<label><input type="radio" name="${asks}" value="${level}"> ${level} ${label}</label>`,
  );
  return `<fieldset id="set-${asks}" data-question="${asks}" aria-describedby="question-${asks}"><legend id="legend-${asks}" data-name="${name.toLowerCase()}">${name}</legend>
<p id="question-${asks}">${escapeMarkup(question)}</p>
<div class="levels">${radios.join("")}</div></fieldset>`;
}

function formatGuideline(): string {
  const tables = GUIDELINES.map(({ name, question, levels }) => {
    const rows = levels.map(
      ([label, meaning, example], level) =>
        `<tr><th scope="row">${level} ${label}</th><td>${escapeMarkup(meaning)}</td><td>${escapeMarkup(example)}</td></tr>`,
    );
    return `<h2>${name}</h2><p>${escapeMarkup(question)}</p><div class="scroll" tabindex="0" role="region" aria-label="Levels of ${name.toLowerCase()}"><table><thead><tr><th scope="col">Level</th><th scope="col">When</th><th scope="col">For example</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
  });
  return `<p>Three things are judged, each for itself: a reply may be strong in one and lack the others. More is not better, and length does not count. In doubt between two levels, take the lower one. Last you say whether the reply fits, whatever its levels. The examples reply to: <q>${escapeMarkup(EXAMPLE_PROMPT)}</q></p>${tables.join("")}`;
}
