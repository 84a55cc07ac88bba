import { type Command, InvalidArgumentError } from "commander";
import { countNoun, UserError } from "kit";
import { nameRun } from "../view/name-run";
import { openView } from "../view/open-view";
import { serveView, type ViewServer } from "../view/serve-view";
import { createViewApi, type ViewApi } from "../view/view-api";
import { wordMarker } from "../view/word-effects";
import { writeBundle } from "../view/write-bundle";
import { interruptible } from "./interruption";
import { Progress } from "./progress";

interface Flags {
  readonly sample?: boolean;
  readonly plan?: string;
  readonly rater?: readonly string[];
  readonly port?: number;
  readonly bundle?: string;
}

const ABOUT = `
FILES are shown beside what this machine holds: journals of \`empathy ask\`, imports, and tables with the columns
context and reply, or dialogue, turn and reply, such as \`empathy score --out\` writes; their levels are one more scorer.
Texts stay on this machine: the page answers on 127.0.0.1 only, until Ctrl-C. docs/seeing.md says what it shows.
--bundle keeps the page as a folder that opens without a server, with texts of the sample corpus and replies that were asked for here alone.`;

/** Says what `empathy view` takes and does. */
export function defineView(command: Command): void {
  command
    .argument("[files...]", "journals, imports and scored tables to show as well")
    .option("--sample", "the sample corpus only, even where the real one is at hand")
    .option("--plan <file>", "a plan of `empathy annotate`, to show its raters' levels")
    .option("--rater <files...>", "what the raters of the plan sent")
    .option(
      "--port <number>",
      "where the page answers (default: 8716, or one that is free)",
      parsePort,
    )
    .option("--bundle <folder>", "keep the view as a folder that opens without a server")
    .addHelpText("after", ABOUT)
    .action((files: readonly string[], flags: Flags) =>
      interruptible((signal) => show(files, flags, signal)),
    );
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("It should be a number from 0 to 65535.");
}

async function show(files: readonly string[], flags: Flags, signal: AbortSignal): Promise<void> {
  const { plan, rater: raters, sample = false, port, bundle } = flags;
  if ((plan === undefined) !== (raters === undefined)) {
    throw new UserError("--plan and --rater go together; name the plan and what its raters sent");
  }
  const progress = new Progress();
  const notes: string[] = [];
  const started = performance.now();
  const index = await progress.during("reading replies and levels", () =>
    openView({
      files,
      isSampleOnly: sample,
      note: (text) => notes.push(text),
      ...(plan !== undefined && raters ? { rated: { plan, raters } } : {}),
    }),
  );
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  signal.throwIfAborted();
  for (const text of notes) progress.note(`note: ${text}`);
  const { replies, systems, stimuli } = index;
  progress.note(
    `${countNoun(replies.length, "reply", "replies")} of ${countNoun(systems.length, "system")} ` +
      `to ${countNoun(stimuli.length, "stimulus", "stimuli")}, in ${seconds} s`,
  );
  const run = nameRun({ files, isSampleOnly: sample, plan });
  const markWords = wordMarker(index);
  if (bundle !== undefined) {
    const kept = await progress.during(`writing ${bundle}`, () =>
      writeBundle(bundle, index, { notes, run, markWords }),
    );
    const { page, withText, withoutText } = kept;
    progress.note(
      `${countNoun(withText, "reply", "replies")} with their texts, ${withoutText} without`,
    );
    process.stdout.write(`${page}\n`);
    return;
  }
  const server = await openServer(createViewApi(index, { notes, run, markWords }), port, progress);
  process.stdout.write(`${server.address}\n`);
  progress.note("open that address in a browser; Ctrl-C ends it");
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  await server.close();
}

// Browsers keep stars and notes for an address with its port: the same one each time, where it is free.
const USUAL_PORT = 8716;

async function openServer(
  api: ViewApi,
  port: number | undefined,
  progress: Progress,
): Promise<ViewServer> {
  if (port !== undefined) return serveView(api, port);
  try {
    return await serveView(api, USUAL_PORT);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    progress.note(
      `note: port ${USUAL_PORT} is taken; stars and notes of another port are not shown`,
    );
    return serveView(api);
  }
}
