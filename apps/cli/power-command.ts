import { type Command, Option } from "commander";
import { UserError } from "kit";
import { tableToText } from "mixed-models";
import { preparePower } from "mixed-models/node";
import { number, whole } from "./ask-options";
import { drawTo, type FigureFlags, toFigureFile, WIDTH_OPTION } from "./figure-file";
import { given } from "./given";
import { defineModel } from "./model-options";
import { collect } from "./parse-options";
import { simulatedPowerFigure } from "./power-curve-figure";
import { type ModelFlags, openModel, type StudyModel } from "./power-model";
import { namingOptions } from "./power-names";
import { type PlannedStudy, planStudies } from "./power-plans";
import { readNumbers, readSizes } from "./power-settings";
import { failureNotes, powerTable, type StudyPower } from "./power-tables";
import { printable } from "./printable";
import { Progress } from "./progress";
import { toTableFile, writeTables } from "./table-file";

interface Flags extends ModelFlags, FigureFlags {
  readonly test?: string;
  readonly term?: string;
  readonly effect?: readonly string[];
  readonly groups?: readonly string[];
  readonly rows?: readonly string[];
  readonly alpha?: number;
  readonly simulations: number;
  readonly seed: number;
  readonly workers: number;
  readonly table?: string;
  readonly json?: boolean;
}

/** Says what `empathy power` takes and does. */
export function definePowerSimulation(command: Command): void {
  command
    .option("--data <file>", "a pilot; or, where it lacks the response, a planned table")
    .option("--formula <formula>", 'in R\'s notation, such as "y ~ x + (1 | subject)"')
    .option("--from <file>", "in place of a formula: a fit of these data that `fit --save` kept")
    .addOption(
      new Option(
        "--test <coefficient>",
        "tested by t with Satterthwaite's degrees of freedom, or by z",
      ).conflicts("term"),
    )
    .option("--term <term>", "in its place a term, such as a:b: tested by likelihood ratio")
    .option(
      "--effect <name=value>",
      "a coefficient in place of the pilot's; with commas several; may be repeated",
      collect,
    )
    .option(
      "--sd <group=value>",
      "a standard deviation likewise: of a group, Residual, or one effect as subject:x=0.2",
      collect,
    )
    .option(
      "--groups <group=n>",
      "numbers of levels, such as subject=20,40,80; may be repeated",
      collect,
    )
    .option("--rows <group=n>", "of data: rows in each level, such as subject=10", collect)
    .option("--within <name=values>", "without data: every group has all of these values", collect)
    .option(
      "--between <name=values>",
      "without data: each level of the first group has one",
      collect,
    )
    .addOption(whole("--repeats <n>", "without data: rows of each combination (default: 1)", 1))
    .option("--cuts <numbers>", "without a pilot, of grades: their thresholds, such as -1,0,1");
  defineModel(command)
    .addOption(number("--alpha <level>", "of the test (default: 0.05)", Number.MIN_VALUE, 0.5))
    .addOption(whole("--simulations <n>", "simulated studies", 1).default(1000))
    .addOption(whole("--seed <number>", "of the simulation", 0).default(1))
    .addOption(whole("--workers <n>", "threads; the result does not depend on them", 1).default(2))
    .option("--json", "print the powers as JSON")
    .option(
      "--figure <file>",
      "draw power over the first of several sizes or effects: .pdf, .svg, .png",
    )
    .option(...WIDTH_OPTION)
    .option("--table <file>", "write the powers: .csv, .md, .tex")
    .action(run)
    .addHelpText(
      "after",
      "\nOf claims about models, prompts and readings: `npx empathy study power`.",
    );
}

async function run(flags: Flags): Promise<void> {
  if (flags.test === undefined && flags.term === undefined) {
    throw new UserError("say what is tested: a coefficient with --test, or a term with --term");
  }
  const figure = toFigureFile(flags);
  const tableFile = toTableFile(flags.table);
  const { studies, axes } = planStudies({
    groups: readSizes("--groups", flags.groups, 2),
    rows: readSizes("--rows", flags.rows, 1),
    effect: readNumbers("--effect", flags.effect),
  });
  if (figure && axes.length === 0) simulatedPowerFigure(figure, [], axes);
  const progress = new Progress();
  const modelOf = await openModel(flags, progress);
  const found: StudyPower[] = [];
  const onProgress = (done: number) =>
    progress.show(
      `study ${found.length + 1} of ${studies.length}: ${done} of ${flags.simulations}`,
    );
  const planned = await namingOptions(() =>
    studies.map((study) => prepare(flags, study, modelOf(study), onProgress)),
  );
  for (const { study, pilot, run } of planned) {
    const power = await run();
    progress.clear();
    if (found.length === 0) notePilot(flags, pilot, study, progress);
    found.push({ study, power });
  }
  if (figure) {
    const spec = simulatedPowerFigure(figure, found, axes);
    await progress.during(`drawing ${figure.path}`, () => drawTo(figure, spec));
  }
  const table = powerTable(found);
  if (tableFile) progress.noteFiles(writeTables(tableFile, [table]));
  const notes = failureNotes(found).map((note) => `! ${note}\n\n`);
  process.stdout.write(
    flags.json
      ? `${JSON.stringify(found.map(toJson), null, 2)}\n`
      : printable(`${notes.join("")}${tableToText(table)}\n`),
  );
}

// All are checked before the first is simulated.
function prepare(
  { test, term, df, alpha, simulations, seed, workers }: Flags,
  study: PlannedStudy,
  { model, changes, pilot }: StudyModel,
  onProgress: (done: number) => void,
) {
  if (df === "kenward-roger") {
    throw new UserError("--df kenward-roger: simulated tests are by satterthwaite or normal");
  }
  const run = preparePower(model, {
    ...changes,
    ...given({ test, term, df, alpha }),
    simulations,
    seed,
    workers,
    onProgress,
  });
  return { study, pilot, run };
}

// A pilot's estimate is too large where the pilot was small and its test came out.
function notePilot(
  { test, data }: Flags,
  pilot: StudyModel["pilot"],
  { effect }: PlannedStudy,
  progress: Progress,
): void {
  if (!pilot || test === undefined || Object.hasOwn(effect, test)) return;
  progress.onNote(
    `${data}: '${test}' is simulated as the pilot estimates it; give the difference that would matter with --effect ${test}=VALUE`,
  );
}

function toJson({ study, power }: StudyPower) {
  const { p: _p, ...summary } = power;
  return { ...summary, effects: study.effect };
}
