import { type Command, Option } from "commander";
import { isMissing, type Missing } from "kit";
import { readCsvTable } from "kit/tables";
import type { Generalizability, LeniencyStudy } from "mixed-models/agreement";
import { WEIGHTINGS } from "mixed-models/agreement";
import { type AgreeAnswer, answerAgreement } from "./agree-answers";
import { type AgreeFlags, checkFlags, refuseRatings, toSteps } from "./agree-flags";
import { agreeTables, printAgreement } from "./agree-print";
import { readRatings } from "./agree-ratings";
import { whole } from "./ask-options";
import { given } from "./given";
import { parseSeveral, parseWhole } from "./parse-options";
import { printable } from "./printable";
import { Progress } from "./progress";
import { toTableFile, writeTables } from "./table-file";

/** Says what `empathy agree` takes and does. */
export function defineAgree(command: Command): void {
  command
    .requiredOption("--data <file>", "CSV file with a header; empty cells are missing ratings")
    .option("--unit <column>", "what was rated; of a wide table each row is a unit without it")
    .option("--rater <column>", "who rated it")
    .option("--value <column...>", "the rating, or several columns of ratings")
    .addOption(
      new Option(
        "--wide <column...>",
        "in place of --rater and --value: the raters' columns of a table with a row a unit",
      ).conflicts(["rater", "value", "raters", "replicates"]),
    )
    .option(
      "--raters <name...>",
      "these raters only, in this order (default: all)",
      (name: string, others: readonly string[] = []) => [...others, name.normalize()],
    )
    .addOption(
      new Option("--weights <kind>", "of Gwet's AC2 (default: quadratic)").choices(WEIGHTINGS),
    )
    .addOption(
      new Option(
        "--interval <method>",
        "how limits come of resamples (default: percentile)",
      ).choices(["percentile", "bca"]),
    )
    .option(
      "--scale <steps...>",
      "every step of the scale, for AC and alpha's intervals (default: those that were given)",
    )
    .option("--resamples <count>", "bootstrap resamples for the intervals", Number, 2000)
    .addOption(whole("--seed <number>", "of the bootstrap", 0).default(1))
    .option("--by-rater", "bias of each rater and pair, confusion, leniency")
    .option("--components", "variances of units and raters, and reliability of means over raters")
    .option(
      "--for-raters <n...>",
      "with --components: numbers of raters (default: 1 2 3 5 10 and as many as there are)",
      parseSeveral(parseWhole(1)),
    )
    .option(
      "--replicates <column>",
      "with --components: which of a rater's ratings of a unit each row is; nothing else is computed",
    )
    .option("--table <file>", "write the tables: .csv, .md, .tex")
    .option("--json", "print every coefficient as JSON")
    .action(run);
}

async function run(flags: AgreeFlags): Promise<void> {
  const { data, resamples, seed, json, interval, weights, byRater, components, forRaters } = flags;
  checkFlags(flags);
  const scale = flags.scale && toSteps(flags.scale);
  const tableFile = toTableFile(flags.table);
  const progress = new Progress();
  const table = await progress.during(`reading ${data}`, () => readCsvTable(data, progress));
  const { raters, values } = readRatings(table, flags);
  const questions = given({
    resamples,
    seed,
    method: interval,
    weighting: weights,
    scale,
    byRater,
    components,
    forRaters,
  });
  const answers: AgreeAnswer[] = [];
  for (const rated of values) {
    refuseRatings(flags, rated, scale);
    answers.push(
      await progress.during(`resampling '${rated.value}'`, () =>
        answerAgreement(rated, raters, questions),
      ),
    );
  }
  for (const { value, pairs } of answers) {
    if (!pairs || pairs.some(({ units }) => units > 0)) continue;
    progress.onNote(`${data}: '${value}': no unit has ratings of two raters`);
  }
  const weighting = weights ?? "quadratic";
  if (tableFile) {
    const tables = answers.flatMap((answer) => agreeTables(answer, weighting));
    progress.noteFiles(writeTables(tableFile, tables));
  }
  process.stdout.write(
    json
      ? `${JSON.stringify({ raters, weighting, values: answers.map(toJson) }, null, 2)}\n`
      : printable(`${answers.map((one) => printAgreement(one, weighting)).join("\n\n")}\n`),
  );
}

// Fits are named by what they found; their data stay out.
function toJson({ bias, components, ...answer }: AgreeAnswer) {
  return {
    ...answer,
    bias: bias && { ...bias, leniency: withoutFit(bias.leniency) },
    components: components && withoutFit(components),
  };
}

function withoutFit(study: Generalizability | LeniencyStudy | Missing) {
  if (isMissing(study)) return study;
  const { fit, ...found } = study;
  return { formula: fit.formula, warnings: fit.warnings, ...found };
}
