import { type Command, Option } from "commander";
import { loadScorer } from "../empathy/embedded-scorer";
import { HEADS, type Head } from "../empathy/recipes";
import { scoreFile } from "../empathy/score-file";
import type { TableFormat } from "../empathy/table-rows";
import { interruptible } from "./interruption";
import { Progress } from "./progress";

interface Flags {
  readonly in: string;
  readonly out: string;
  readonly head: Head;
  readonly format?: TableFormat;
  readonly contextColumn: string;
  readonly replyColumn: string;
  readonly openingColumn?: string;
}

/** Adds `empathy score`. */
export function addScoreCommand(program: Command): void {
  program
    .command("score")
    .description(
      "give every reply of a table its levels of emotional reaction, interpretation, exploration",
    )
    .requiredOption(
      "--in <file>",
      "CSV, TSV or JSONL with a context and a reply in each row; - for standard input",
    )
    .requiredOption("--out <file>", "the same table with the scores added; - for standard output")
    .addOption(
      new Option("--head <head>", "which classifier: for dialogue, or for posts of peer support")
        .choices(HEADS)
        .default("dialogue"),
    )
    .addOption(
      new Option("--format <format>", "by default what the file's name ends in").choices([
        "csv",
        "tsv",
        "jsonl",
      ]),
    )
    .option(
      "--context-column <name>",
      "what was said before: a JSON list, or a line for each utterance",
      "context",
    )
    .option("--reply-column <name>", "the text that is scored", "reply")
    .option(
      "--opening-column <name>",
      "the dialogue's first utterance, where the context does not begin with it",
    )
    .action((flags: Flags) => interruptible((signal) => run(flags, signal)));
}

async function run(flags: Flags, signal: AbortSignal): Promise<void> {
  const progress = new Progress();
  const started = performance.now();
  try {
    const rows = await scoreFile(loadScorer(flags.head), {
      input: flags.in,
      output: flags.out,
      format: flags.format,
      columns: {
        context: flags.contextColumn,
        reply: flags.replyColumn,
        opening: flags.openingColumn,
      },
      signal,
      onProgress: (count) => progress.show(`${flags.in}: ${count} replies scored`),
    });
    progress.note(
      `${flags.in}: ${rows} replies scored in ${((performance.now() - started) / 1000).toFixed(1)} s`,
    );
  } finally {
    progress.clear();
  }
}
