// A view as one folder that opens without a server: the page, its index, and those texts only that may be handed on.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { METRICS } from "empathy-scorer";
import { countNoun, listNames, UserError } from "kit";
import { keepFile } from "kit/files";
import { projectPath } from "../../src/project";
import { readPageFile } from "../page-file";
import type { KeptIndex, KeptView } from "./kept-api";
import { writeValues } from "./kept-values";
import { linkModules, type ModuleSource } from "./link-modules";
import type { ReplyIndex } from "./reply-index";
import type { MarkedWords } from "./word-effects";

/** What stands in place of a text that is not handed on. */
export const LEFT_OUT = "[text left out]";

/** What a bundle is made of, besides the index. */
interface BundleOptions {
  readonly notes: readonly string[];
  readonly run: string;
  readonly markWords: (reply: number) => Promise<MarkedWords>;
}

/** What was handed on. */
interface WrittenBundle {
  /** The page to open. */
  readonly page: string;
  readonly withText: number;
  readonly withoutText: number;
}

// Each word takes a scoring: a minute on a slow machine.
const MOST_MARKED = 2000;

/**
 * Writes a view to a folder: `index.html`, `view.css`, `view.js` and `replies.js`.
 *
 * Texts of the sample corpus stay, and replies that a model gave on this machine. Of others there are identifiers, levels and lengths.
 * People's ratings are left out.
 *
 * @throws UserError if the folder holds something else than an earlier view, or a file cannot be written.
 */
export async function writeBundle(
  folder: string,
  index: ReplyIndex,
  { notes, run, markWords }: BundleOptions,
): Promise<WrittenBundle> {
  requireOwnFolder(folder);
  const free = index.replies.flatMap(({ isFree }, at) => (isFree ? [at] : []));
  const words = new Map<number, MarkedWords>();
  for (const at of free.slice(0, MOST_MARKED)) words.set(at, await markWords(at));
  const withText = free.length;
  const withoutText = index.replies.length - withText;
  const kept: KeptView = {
    index: withoutTexts(index),
    notes: [...notes, ...describeTexts(index, withoutText)],
    run,
    words,
  };
  const files = {
    "index.html": keptPage(readPageFile("view", "index.html")),
    "view.css": readPageFile("view", "view.css"),
    "view.js": linkPage(),
    "replies.js": `globalThis.keptView = ${JSON.stringify(writeValues(kept))};\n`,
  };
  for (const [name, text] of Object.entries(files)) keepFile(join(folder, name), text);
  return { page: join(folder, "index.html"), withText, withoutText };
}

const NAMES = ["index.html", "view.css", "view.js", "replies.js"];

function requireOwnFolder(folder: string): void {
  const held = existsSync(folder) ? readdirSync(folder) : [];
  const others = held.filter((name) => !NAMES.includes(name));
  if (others.length === 0 && (held.length === 0 || held.length === NAMES.length)) return;
  throw new UserError(
    `${folder}: holds other files (${listNames(others.length > 0 ? others : held, 3)}); name a folder that is empty or new`,
  );
}

const isSample = ({ part }: ReplyIndex["stimuli"][number]) => part === "sample";

function withoutTexts({ replyTexts: _, promptTexts: __, ...index }: ReplyIndex): KeptIndex {
  return {
    ...index,
    // Who rated others' replies, and how, is not ours to hand on.
    ratings: new Map(),
    meanRatings: index.meanRatings.map(() => Number.NaN),
    stimuli: index.stimuli.map(({ source, ...stimulus }) =>
      isSample(stimulus)
        ? stimulus
        : { ...stimulus, situation: "", context: stimulus.context.map(() => LEFT_OUT) },
    ),
    replies: index.replies.map((reply) => (reply.isFree ? reply : { ...reply, text: LEFT_OUT })),
  };
}

function describeTexts({ stimuli }: ReplyIndex, withoutText: number): string[] {
  const prompts = stimuli.filter((one) => !isSample(one)).length;
  if (withoutText === 0 && prompts === 0)
    return ["Every text here was written for this package or asked for by who made this view."];
  return [
    `Texts that are others' are left out: ${countNoun(withoutText, "reply", "replies")}, and what was said before ${countNoun(prompts, "stimulus", "stimuli")}. Identifiers and levels are here.`,
  ];
}

function keptPage(html: string): string {
  const [style, script] = ['href="/view.css"', '<script type="module" src="/view.mjs"></script>'];
  const privacy = /<p id="privacy">.*<\/p>/;
  if (!html.includes(style) || !html.includes(script) || !privacy.test(html)) {
    throw new RangeError("writeBundle: the page's head is another");
  }
  return html
    .replace(style, 'href="view.css"')
    .replace(
      script,
      '<script defer src="replies.js"></script>\n<script defer src="view.js"></script>',
    )
    .replace(
      privacy,
      '<p id="privacy"><b>No network.</b> This page is a folder of four files and asks nobody.</p>',
    );
}

// The page's own modules, but for the one that asks the server; and of the server those that answer. Modules are named by their
// places in the clone: no path of this machine is handed on.
function linkPage(): string {
  const page = (name: string): ModuleSource => ({
    id: `page/${name}`,
    text: readPageFile("view", name),
  });
  const compiled = (path: string): ModuleSource => ({
    id: relative(projectPath(), path),
    text: readFileSync(path, "utf8"),
  });
  return linkModules(page("view.mjs"), (name, from) => {
    if (name === "./ask.mjs") return page("ask-kept.mjs");
    if (name.endsWith(".mjs")) return page(basename(name));
    if (name === "../kept-api.js") return compiled(require.resolve("./kept-api"));
    // Of the scorer these modules need the mechanisms' names alone.
    if (name === "empathy-scorer")
      return { id: name, text: `exports.METRICS = ${JSON.stringify(METRICS)};` };
    const path = name.startsWith(".") ? join(projectPath(), dirname(from), name) : name;
    return compiled(require.resolve(path));
  });
}
