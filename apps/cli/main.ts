import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { UserError } from "kit";
import { diskRemedy } from "kit/files";
import { projectPath } from "../../src/project";
import { addExamples, EmpathyCommand, type Examples, suggestChoices } from "./empathy-command";
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
    const known = error instanceof UserError || error instanceof Interrupted;
    const message = known ? error.message : describeDiskFault(error);
    if (message === undefined) throw error;
    process.stderr.write(`empathy: ${printable(message)}\n`);
    process.exitCode ??= 1;
  }
}

// A full disk or a folder that may not be written is met in many places, and is a fault of none.
function describeDiskFault(error: unknown): string | undefined {
  const { code, path, dest, syscall } = error as NodeJS.ErrnoException & { dest?: string };
  const remedy = syscall === undefined ? undefined : diskRemedy(error);
  return remedy && `${dest ?? path ?? syscall}: ${code}: ${remedy}`;
}

/** A command: what the list of commands says of it, and the code that runs only where it is named. */
interface ListedCommand {
  readonly name: string;
  readonly description: string;
  readonly examples: Examples;
  readonly load: () => (command: Command) => void;
}

// Loading all that the commands need takes seconds; one that is not named is not loaded.
const COMMANDS: readonly ListedCommand[] = [
  {
    name: "reproduce",
    description: "rerun every notebook in notebooks/ and regenerate every figure",
    examples: ["empathy reproduce", "empathy reproduce --check --verbose"],
    load: () =>
      (require("./reproduce-command") as typeof import("./reproduce-command")).defineReproduce,
  },
  {
    name: "study",
    description:
      "studies of your own beside the published one, and any study's figures and tables for a paper",
    examples: ["empathy study new mine", "empathy study figures mine --width 85mm"],
    load: () => (require("./study-command") as typeof import("./study-command")).defineStudy,
  },
  {
    name: "report",
    description: "write the results as one self-contained HTML page",
    examples: ["empathy report", "empathy report --out results.html"],
    load: () => (require("./report-command") as typeof import("./report-command")).defineReport,
  },
  {
    name: "run",
    description: "run notebooks without a browser and store their outputs in them",
    examples: [
      "empathy run notebooks/01-corpus.ipynb",
      "empathy run --check notebooks/teaching/*.ipynb",
    ],
    load: () => (require("./run-command") as typeof import("./run-command")).defineRun,
  },
  {
    name: "class",
    description: "for teachers: what came of a class's copies, slides, how long lessons take",
    examples: ["empathy class --collect handed-in --csv class.csv", "empathy class --slides"],
    load: () => (require("./class-command") as typeof import("./class-command")).defineClass,
  },
  {
    name: "kernel",
    description: "the kernel in your own Jupyter, for notebooks in any folder",
    examples: ["empathy kernel install", "empathy kernel remove"],
    load: () => (require("./kernel-command") as typeof import("./kernel-command")).defineKernel,
  },
  {
    name: "data",
    description: "the external files of data/sources.json",
    examples: ["empathy data list", "empathy data fetch ed kemp"],
    load: () => (require("./data-command") as typeof import("./data-command")).defineData,
  },
  {
    name: "import",
    description: "join a file of replies to the dialogues that they answer, and keep them",
    examples: [
      "empathy import --format csv --system my-system --dry-run replies.csv",
      "empathy import --format csv --system my-system --register replies.csv",
    ],
    load: () => (require("./import-command") as typeof import("./import-command")).defineImport,
  },
  {
    name: "ask",
    description: "ask a system for replies, and record every one of them once",
    examples: [
      "empathy ask --system retrieval --stimuli sample",
      "empathy ask --as my-model --base-url http://127.0.0.1:8000/v1 --model my/model --dry-run",
    ],
    load: () => (require("./ask-command") as typeof import("./ask-command")).defineAsk,
  },
  {
    name: "fit",
    description: "fit a mixed model to a CSV file",
    examples: [
      'empathy fit --data ratings.csv --formula "grade ~ system + (1 | rater)" --family cumulative --levels Bad,Okay,Good',
      'empathy fit --data ratings.csv --formula "rating ~ system * length + (1 | rater)" --means system --contrasts pairwise --trends length --figure pairs.svg',
    ],
    load: () => (require("./fit-command") as typeof import("./fit-command")).defineFit,
  },
  {
    name: "meta",
    description: "summarise effects with known variances: a random-effects meta-analysis",
    examples: [
      "empathy meta --data trials.csv --effect y --variance v --labels trial --figure forest.svg",
      "empathy meta --data models.csv --effect y --se sei --random publication/model --robust publication",
    ],
    load: () => (require("./meta-command") as typeof import("./meta-command")).defineMeta,
  },
  {
    name: "power",
    description:
      "how likely a test of a mixed model comes out, by simulation, from a pilot or from stated parameters",
    examples: [
      'empathy power --data pilot.csv --formula "y ~ x + (1 | subject)" --test x --effect x=0.3 --groups subject=20,40,80 --figure power.svg',
      'empathy power --formula "y ~ arm + (1 | subject)" --groups subject=40 --between arm=a,b --repeats 5 --effect "(Intercept)=0" --effect armb=0.4 --sd subject=0.5 --sd Residual=1 --test armb',
    ],
    load: () =>
      (require("./power-command") as typeof import("./power-command")).definePowerSimulation,
  },
  {
    name: "agree",
    description:
      "say how far raters agree, who rates how, and how many are needed, from any CSV file of ratings",
    examples: [
      "empathy agree --data ratings.csv --unit reply --rater rater --value rating",
      "empathy agree --data wide.csv --wide ann ben eve --weights ordinal --by-rater --components",
    ],
    load: () => (require("./agree-command") as typeof import("./agree-command")).defineAgree,
  },
  {
    name: "annotate",
    description:
      "have people rate a few hundred replies, and correct the classifier by their levels",
    examples: [
      "empathy annotate plan --systems human,kemp,gpt-4-empathy --budget 400 --raters 3",
      "empathy annotate read --plan annotations/study/plan.json --rater ana.csv ben.csv",
    ],
    load: () =>
      (require("./annotate-command") as typeof import("./annotate-command")).defineAnnotate,
  },
  {
    name: "view",
    description: "see replies side by side, with their levels, on a local web page",
    examples: ["empathy view", "empathy view --sample run-1.jsonl run-2.jsonl judged.csv"],
    load: () => (require("./view-command") as typeof import("./view-command")).defineView,
  },
  {
    name: "score",
    description:
      "give every reply of a table its levels of emotional reaction, interpretation, exploration",
    examples: [
      "empathy score --in replies.csv --out scored.csv",
      "empathy score --system my-system",
    ],
    load: () => (require("./score-command") as typeof import("./score-command")).defineScore,
  },
  {
    name: "read",
    description:
      "have a language model read replies of any system, as the published readings were made",
    examples: [
      "empathy read --system my-system --study mine --base-url http://127.0.0.1:8000/v1 --model my/model --dry-run",
      "empathy read --system kemp,gpt-4-empathy --provider openai --model gpt-5.6-terra --samples 2 --max-cost 5 --out gpt.csv",
    ],
    load: () => (require("./read-command") as typeof import("./read-command")).defineRead,
  },
  {
    name: "train",
    description: "train the embedded empathy classifier from the public files, and test it",
    examples: ["empathy train --out weights", "empathy train --evaluate"],
    load: () => (require("./train-command") as typeof import("./train-command")).defineTrain,
  },
];

function createProgram(args: readonly string[]): Command {
  const { version } = JSON.parse(readFileSync(projectPath("package.json"), "utf8"));
  const program = new EmpathyCommand("empathy")
    .description("reproduce and extend the evaluation of empathy in machine replies")
    .version(version)
    .showHelpAfterError("(`--help` shows what it takes)")
    .configureHelp({ showGlobalOptions: true });
  addExamples(program, ["empathy reproduce", "empathy score --in replies.csv --out scored.csv"]);
  for (const { name, description, examples, load } of COMMANDS) {
    const command = program.command(name).description(description);
    if (!args.includes(name)) continue;
    load()(command);
    suggestChoices(command);
    addExamples(command, examples);
  }
  return program;
}
