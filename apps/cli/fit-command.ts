import { type Command, Option } from "commander";
import { UserError } from "kit";
import { keepFile } from "kit/files";
import { readCsvTable } from "kit/tables";
import {
  coefficientTables,
  type FitTable,
  layOutFit,
  type MixedFit,
  sheetToHtml,
  sheetToMarkdown,
  sheetToText,
  varianceExplained,
} from "mixed-models";
import { testProportionalOdds } from "mixed-models/hypotheses";
import { fitToJson } from "mixed-models/node";
import { drawTo, type FigureFlags, toFigureFile, WIDTH_OPTION } from "./figure-file";
import { answerToJson } from "./fit-answer-json";
import { compareWith, comparisonTable } from "./fit-compare";
import {
  checkDiagnostics,
  type DiagnosticFlags,
  type Diagnostics,
  diagnose,
  diagnosticFigure,
} from "./fit-diagnostics";
import { fitFigure } from "./fit-figure";
import { fitOrRestore, type KeptFlags, refuseModelOptions, requireFormula } from "./fit-kept";
import { meansFigure } from "./fit-means-figure";
import { describeExplained, tablesOf } from "./fit-print";
import { PROFILED, profileOf, profileTable } from "./fit-profile";
import { answerQuestions, type QuestionFlags, readQuestions, SCALES } from "./fit-questions";
import { oddsTable, TEST_TYPES, type TestFlag, testsTable, testTerms } from "./fit-tests";
import { type Asked, TIDY_KINDS, type TidyFlags, tidyCsv } from "./fit-tidy";
import { defineModel } from "./model-options";
import { collect } from "./parse-options";
import { printable } from "./printable";
import { Progress } from "./progress";
import { toTableFile, withoutTags, writeTables } from "./table-file";

interface Flags extends KeptFlags, QuestionFlags, FigureFlags, TidyFlags, DiagnosticFlags {
  readonly data: string;
  readonly save?: string;
  readonly raw?: boolean;
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly html?: boolean;
  readonly table?: string;
  readonly tests?: TestFlag;
  readonly proportionalOdds?: boolean;
  readonly compare?: readonly string[];
  readonly profile?: (typeof PROFILED)[number];
}

/** Says what `empathy fit` takes and does. */
export function defineFit(command: Command): void {
  command
    .requiredOption("--data <file>", "CSV file with a header; empty cells are missing values")
    .option("--formula <formula>", 'in R\'s notation, such as "y ~ a * b + (1 | g)"')
    .option("--from <file>", "in place of a formula: a fit of these data that --save kept");
  defineModel(command);
  defineDiagnostics(defineQuestions(defineTests(command)))
    .option("--save <file>", "keep the fit as JSON, for --from")
    .addOption(
      new Option(
        "--tidy <what>",
        "print CSV under broom's names; random: standard deviations, levels: conditional modes",
      ).choices([...TIDY_KINDS]),
    )
    .option("--glance", "print CSV: the fit in one line")
    .option("--augment", "print CSV: the data's rows with fitted values and residuals")
    .option("--json", "print the fit as JSON")
    .option("--markdown", "print the fit as Markdown")
    .option("--html", "print the fit as HTML")
    .option(
      "--figure <file>",
      "draw contrasts, else means or slopes, else coefficients: .pdf, .svg, .png",
    )
    .option("--raw", "in the figure, means over the observations, the second factor in colours")
    .option(...WIDTH_OPTION)
    .option(
      "--table <file>",
      "write coefficients, tests, means, slopes, contrasts: .csv, .md, .tex",
    )
    .action(run);
}

function defineQuestions(command: Command): Command {
  return command
    .option("--means <factors>", 'marginal means over factors, such as "family,sentiment"')
    .option("--trends <covariates>", "slopes of covariates")
    .option("--by <factors>", "compare means within their levels; give slopes for each of them")
    .option(
      "--contrasts <kind>",
      'of means and slopes: pairwise, revpairwise, consecutive, polynomial, reference=LEVEL, or some as "a - (b + c)/2; a - b"',
    )
    .option(
      "--interaction <kinds>",
      'differences of differences: pairwise for all variables of --means, or "a=pairwise,b=reference=LEVEL"',
    )
    .option("--equivalence <margin>", "test whether contrasts lie within a margin", Number)
    .option("--non-inferiority <margin>", "test whether they lie no further below 0", Number)
    .option("--non-superiority <margin>", "test whether they lie no further above 0", Number)
    .addOption(
      new Option(
        "--adjust <method>",
        "of contrasts (default: tukey for pairs, holm for a reference)",
      ).choices(["none", "holm", "bonferroni", "sidak", "tukey"]),
    )
    .option(
      "--at <setting>",
      'values of a variable, such as "length=20,60"; may be repeated',
      collect,
    )
    .addOption(
      new Option(
        "--two-valued <place>",
        "where covariates such as 0 and 1 are held (default: both, as emmeans has them)",
      ).choices(["both", "mean"]),
    )
    .addOption(
      new Option(
        "--scale <scale>",
        "of means and contrasts (default: link): probabilities with odds ratios (response), differences or ratios of them, mean grades",
      ).choices([...SCALES]),
    );
}

function defineTests(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--tests <type>",
        "test each term: F for gaussian, else chi-square; III averages over what contains it",
      ).choices([...TEST_TYPES]),
    )
    .option(
      "--proportional-odds",
      "for cumulative: test whether each term's effects are the same at all thresholds",
    )
    .option(
      "--compare <formula>",
      "likelihood-ratio tests of nested models; may be repeated",
      collect,
    )
    .addOption(
      new Option("--profile [what]", "profile intervals of variances, coefficients, or all of them")
        .choices([...PROFILED])
        .preset("all"),
    );
}

function defineDiagnostics(command: Command): Command {
  return command
    .option(
      "--check [group]",
      "residuals beside simulated ones: uniformity, dispersion, outliers; of rows, or of sums by a group",
    )
    .option("--influence <group>", "what each of its levels does to the fixed effects")
    .option("--refit", "for --influence: fit again without each level, in place of one step")
    .option(
      "--plot <kind>",
      "what --figure draws: residuals, modes=GROUP (random effects with intervals), influence",
    )
    .option("--simulations <count>", "of --check (default: 250)")
    .option("--seed <number>", "of --check (default: 1)");
}

async function run(flags: Flags): Promise<void> {
  const { data, from, save } = flags;
  const figure = toFigureFile(flags);
  const tableFile = toTableFile(flags.table);
  if (flags.raw && !figure) throw new UserError("--raw: name the figure's file with --figure");
  refuseSeveralOutputs(flags);
  checkDiagnostics(flags, figure !== undefined);
  const what = from === undefined ? `fitting ${requireFormula(flags).formula}` : `reading ${from}`;
  if (from !== undefined) refuseModelOptions(flags);
  const family = from === undefined ? (flags.family ?? "gaussian") : undefined;
  const questions = readQuestions(flags, family);
  const progress = new Progress();
  const table = await progress.during(`reading ${data}`, () => readCsvTable(data, progress));
  const fit = await progress.during(what, () => fitOrRestore(flags, table));
  if (save !== undefined) keepFile(save, `${JSON.stringify(fitToJson(fit))}\n`);
  const answers = await progress.during("averaging", () => answerQuestions(fit, questions));
  const tests = flags.tests && testTerms(fit, flags.tests);
  const odds = flags.proportionalOdds
    ? await progress.during("testing proportional odds", () => testProportionalOdds(fit))
    : undefined;
  const { compare, profile: profiled } = flags;
  const models =
    compare && (await progress.during("comparing", () => compareWith(fit, compare, table)));
  const profile = profiled && (await progress.during("profiling", () => profileOf(fit, profiled)));
  const diagnostics = await progress.during("checking", () => diagnose(fit, flags));
  const asked = { answers, tests, odds, models, profile, diagnostics };
  if (figure) {
    const spec = flags.plot
      ? diagnosticFigure(figure, flags.plot, fit, diagnostics)
      : flags.raw
        ? meansFigure(figure, fit, answers, table)
        : fitFigure(figure, fit, answers);
    await progress.during(`drawing ${figure.path}`, () => drawTo(figure, spec));
  }
  if (tableFile) {
    const tables = [...coefficientTables(fit), ...askedTables(fit, asked)];
    progress.noteFiles(writeTables(tableFile, tables));
  }
  const csv = tidyCsv(flags, { fit, table, ...asked });
  process.stdout.write(csv ?? present(fit, asked, flags));
}

type AskedAll = Asked & { readonly diagnostics: Diagnostics };

function askedTables(
  fit: MixedFit,
  { answers, tests, odds, models, profile, diagnostics }: AskedAll,
): FitTable[] {
  return [
    ...(profile ? [profileTable(profile)] : []),
    ...(tests ? [testsTable(fit, tests)] : []),
    ...(odds ? [oddsTable(odds)] : []),
    ...(models ? [comparisonTable(models)] : []),
    ...answers.flatMap((answer) => tablesOf(fit, answer)),
    ...diagnostics.tables,
  ];
}

const OUTPUTS = ["tidy", "glance", "augment", "json", "markdown", "html"] as const;

function refuseSeveralOutputs(flags: Flags): void {
  const given = OUTPUTS.filter((name) => flags[name] !== undefined);
  if (given.length < 2) return;
  throw new UserError(
    `${given.map((name) => `--${name}`).join(" and ")} each print something else; choose one of them`,
  );
}

function present(fit: MixedFit, asked: AskedAll, { json, markdown, html }: Flags): string {
  if (json) return `${JSON.stringify(toJson(fit, asked), null, 2)}\n`;
  const sheet = layOutFit(fit);
  const whole = {
    ...sheet,
    tables: [...sheet.tables, ...askedTables(fit, asked)],
    footer: [...(hasNominal(fit) ? [] : [describeExplained(fit)]), ...sheet.footer],
  };
  if (html) return printable(sheetToHtml(whole));
  return printable(markdown ? withoutTags(sheetToMarkdown(whole)) : sheetToText(whole));
}

// Shares of variance need effects that all thresholds have.
function hasNominal({ ordinal }: MixedFit): boolean {
  return ordinal?.nominal !== undefined;
}

function toJson(fit: MixedFit, { answers, tests, odds, models, profile, diagnostics }: AskedAll) {
  const means = answers.find(({ slopeOf }) => slopeOf === undefined);
  const trends = answers.filter(({ slopeOf }) => slopeOf !== undefined);
  return {
    ...fitToJson(fit),
    tests,
    proportionalOdds: odds,
    comparison: models,
    profile,
    varianceExplained: hasNominal(fit) ? undefined : varianceExplained(fit),
    means: means && answerToJson(means),
    trends: trends.length > 0 ? trends.map(answerToJson) : undefined,
    residualTests: diagnostics.residuals?.tests,
    influence: diagnostics.influence,
  };
}
