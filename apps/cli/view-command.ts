import { type Command, InvalidArgumentError } from "commander";
import { countNoun, UserError } from "kit";
import { openView } from "../view/open-view";
import { serveView } from "../view/serve-view";
import { createViewApi } from "../view/view-api";
import { interruptible } from "./interruption";
import { Progress } from "./progress";

interface Flags {
  readonly sample?: boolean;
  readonly plan?: string;
  readonly rater?: readonly string[];
  readonly port?: number;
}

const ABOUT = `
FILES are shown beside what this machine holds: journals of \`empathy ask\`, imports, and tables with the columns
context and reply, or dialogue, turn and reply, such as \`empathy score --out\` writes; their levels are one more scorer.
Texts stay on this machine: the page answers on 127.0.0.1 only, until Ctrl-C. docs/seeing.md says what it shows.`;

/** Says what `empathy view` takes and does. */
export function defineView(command: Command): void {
  command
    .argument("[files...]", "journals, imports and scored tables to show as well")
    .option("--sample", "the sample corpus only, even where the real one is at hand")
    .option("--plan <file>", "a plan of `empathy annotate`, to show its raters' levels")
    .option("--rater <files...>", "what the raters of the plan sent")
    .option("--port <number>", "where the page answers (default: a port that is free)", parsePort)
    .addHelpText("after", ABOUT)
    .action((files: readonly string[], flags: Flags) =>
      interruptible((signal) => run(files, flags, signal)),
    );
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("It should be a number from 0 to 65535.");
}

async function run(files: readonly string[], flags: Flags, signal: AbortSignal): Promise<void> {
  const { plan, rater: raters, sample = false, port } = flags;
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
  const server = await serveView(createViewApi(index, { notes }), port);
  process.stdout.write(`${server.address}\n`);
  progress.note("open that address in a browser; Ctrl-C ends it");
  await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  await server.close();
}
