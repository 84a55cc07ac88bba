import { readFileSync } from "node:fs";
import { Command } from "commander";
import { projectPath } from "../project";
import { UserError } from "../user-error";
import { Interrupted } from "./interruption";
import { printable } from "./printable";

/**
 * Runs the `empathy` command.
 *
 * A user's mistake is answered with one line and status 1; only a fault of the program itself shows a
 * stack trace. A reader that closes the output early (`| head`) ends the command quietly.
 *
 * @param args the words after the command's name.
 */
export async function main(args: readonly string[]): Promise<void> {
  const program = createProgram(args);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof UserError) && !(error instanceof Interrupted)) throw error;
    process.stderr.write(`empathy: ${printable(error.message)}\n`);
    process.exitCode ??= 1;
  }
}

/** A command: what the list of commands says of it, and the code that runs only where it is named. */
interface ListedCommand {
  readonly name: string;
  readonly description: string;
  readonly load: () => (command: Command) => void;
}

// Loading all that the commands need takes seconds; one that is not named is not loaded.
const COMMANDS: readonly ListedCommand[] = [
  {
    name: "reproduce",
    description: "rerun every notebook in notebooks/ and regenerate every figure",
    load: () =>
      (require("./reproduce-command") as typeof import("./reproduce-command")).defineReproduce,
  },
  {
    name: "report",
    description: "write the results as one self-contained HTML page",
    load: () => (require("./report-command") as typeof import("./report-command")).defineReport,
  },
  {
    name: "run",
    description: "run notebooks without a browser and store their outputs in them",
    load: () => (require("./run-command") as typeof import("./run-command")).defineRun,
  },
  {
    name: "data",
    description: "the external files of data/sources.json",
    load: () => (require("./data-command") as typeof import("./data-command")).defineData,
  },
  {
    name: "import",
    description: "join a file of replies to the dialogues that they answer, and keep them",
    load: () => (require("./import-command") as typeof import("./import-command")).defineImport,
  },
  {
    name: "ask",
    description: "ask a system for replies, and record every one of them once",
    load: () => (require("./ask-command") as typeof import("./ask-command")).defineAsk,
  },
  {
    name: "fit",
    description: "fit a mixed model to a CSV file",
    load: () => (require("./fit-command") as typeof import("./fit-command")).defineFit,
  },
  {
    name: "meta",
    description: "summarise effects with known variances: a random-effects meta-analysis",
    load: () => (require("./meta-command") as typeof import("./meta-command")).defineMeta,
  },
  {
    name: "agree",
    description: "say how far raters agree, from a CSV file with one rating of one unit a row",
    load: () => (require("./agree-command") as typeof import("./agree-command")).defineAgree,
  },
  {
    name: "annotate",
    description:
      "have people rate a few hundred replies, and correct the classifier by their levels",
    load: () =>
      (require("./annotate-command") as typeof import("./annotate-command")).defineAnnotate,
  },
  {
    name: "score",
    description:
      "give every reply of a table its levels of emotional reaction, interpretation, exploration",
    load: () => (require("./score-command") as typeof import("./score-command")).defineScore,
  },
  {
    name: "train",
    description: "train the embedded empathy classifier from the public files, and test it",
    load: () => (require("./train-command") as typeof import("./train-command")).defineTrain,
  },
];

function createProgram(args: readonly string[]): Command {
  const { version } = JSON.parse(readFileSync(projectPath("package.json"), "utf8"));
  const program = new Command("empathy")
    .description("reproduce and extend the evaluation of empathy in machine replies")
    .version(version)
    .showHelpAfterError("(`--help` shows what it takes)")
    .configureHelp({ showGlobalOptions: true });
  for (const { name, description, load } of COMMANDS) {
    const command = program.command(name).description(description);
    if (args.includes(name)) load()(command);
  }
  return program;
}
