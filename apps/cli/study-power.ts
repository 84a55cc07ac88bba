import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import { keepFile } from "kit/files";
import { readStudy, studyFolder } from "../../src/study/study";
import { type PlanOptions, planPower } from "../claims/plan-power";
import { whole } from "./ask-options";
import { addExamples } from "./empathy-command";
import { drawTo, type FigureFlags, toFigureFile, WIDTH_OPTION } from "./figure-file";
import { parseList } from "./parse-list";
import { parseSeveral, parseWhole } from "./parse-options";
import { powerFigure } from "./power-figure";
import { formatPower, printPower, toPowerRows } from "./power-print";
import { printable } from "./printable";
import { Progress } from "./progress";

interface Flags extends Omit<PlanOptions, "effects">, FigureFlags {
  readonly effect?: readonly number[];
  readonly json?: boolean;
  readonly csv?: string;
}

/** Adds `empathy study power`. */
export function definePower(command: Command): void {
  const several = parseSeveral(parseWhole(1));
  const power = command
    .command("power")
    .description("how likely each claim's verdict is, with more models, prompts or readings")
    .argument("<name>", "a study; published for the project's own")
    .option(
      "--effect <points...>",
      "true differences on the claim's side, in points; by default the margin, twice it, and the present estimate",
      parseSeveral(parsePoints),
    )
    .option("--models <n...>", "models of the claim's own family (default: 5 10 20 40)", several)
    .addOption(whole("--per-collection <n>", "how many of them lie in one collection; as now", 1))
    .option("--prompts <n...>", "prompts per system, of the claim's sentiments together", several)
    .option("--readings <n...>", "readings per system, likewise", several)
    .option("--claims <ids>", "some of the claims only; with commas", parseList)
    .addOption(whole("--seed <n>", "of the simulated standard errors (default: 7)", 0))
    .option("--json", "print the rows as JSON")
    .option("--csv <file>", "write the rows to a file")
    .option("--figure <file>", "draw power over models: .pdf, .svg or .png")
    .option(...WIDTH_OPTION)
    .action(run);
  power.addHelpText("after", "\nOf a test of any mixed model, by simulation: `npx empathy power`.");
  addExamples(power, [
    "empathy study power published --claims er-above-human --figure power.svg",
    "empathy study power mine --effect 10 --models 5 10 20 --readings 200 400",
  ]);
}

function parsePoints(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Math.abs(value) <= 100) return value;
  throw new InvalidArgumentError("It should be a number of points from -100 to 100.");
}

async function run(name: string, { effect: effects, ...flags }: Flags): Promise<void> {
  const figure = toFigureFile(flags);
  const progress = new Progress();
  const study = readStudy(studyFolder(name));
  const plan = await progress.during("computing power", () =>
    planPower(study, { ...flags, effects }),
  );
  const rows = toPowerRows(plan);
  if (flags.csv !== undefined) keepFile(flags.csv, formatPower(rows));
  if (figure) {
    const { spec, leftOut } = powerFigure(plan, figure.id, effects !== undefined);
    await progress.during(`drawing ${figure.path}`, () => drawTo(figure, spec));
    if (leftOut.length > 0) {
      progress.note(
        `${figure.path}: leaves out ${leftOut.join(", ")}; name up to six with --claims`,
      );
    }
  }
  process.stdout.write(
    flags.json ? `${JSON.stringify(rows, null, 2)}\n` : printable(printPower(plan)),
  );
}
