import { type Command, Option } from "commander";
import { UserError } from "kit";
import { tableToMarkdown, tableToText } from "mixed-models";
import type { MetaFit, MultilevelFit } from "mixed-models/meta";
import { drawTo, type FigureFlags, toFigureFile, WIDTH_OPTION } from "./figure-file";
import { answerTables } from "./meta-answers-print";
import { META_PLOTS, metaFigure } from "./meta-figure";
import { metaOf } from "./meta-of";
import { layOutMeta, type MetaSheet, type NamedPrediction } from "./meta-print";
import { answerMeta, type MetaAnswers, type MetaQuestions } from "./meta-questions";
import { readMetaTable } from "./meta-table";
import { printable } from "./printable";
import { Progress } from "./progress";
import { toTableFile, withoutTags, writeTables } from "./table-file";

interface Flags extends MetaQuestions, FigureFlags {
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly table?: string;
  readonly plot?: (typeof META_PLOTS)[number];
}

/** Says what `empathy meta` takes and does. */
export function defineMeta(command: Command): void {
  command
    .requiredOption("--data <file>", "CSV file with a header and one effect in each row")
    .requiredOption("--effect <column>", "the effects")
    .option("--variance <column>", "their sampling variances (squared standard errors)")
    .option("--se <column>", "their standard errors, in place of variances")
    .option("--covariance <file>", "their sampling covariance: k rows of k numbers, in CSV")
    .option(
      "--moderators <columns>",
      'such as "family,year" or "0 + family"; texts are factors, numbers are numbers',
    )
    .option("--groups <column>", "groups with a variance between true effects each")
    .option(
      "--random <terms>",
      'random effects, such as "publication/model" or "family | publication": a multilevel model',
    )
    .option("--robust <column>", "clusters of robust standard errors (CR2)")
    .option("--labels <column>", "names of the effects")
    .addOption(
      new Option("--method <method>", "how variances are estimated (default: REML)").choices([
        "REML",
        "ML",
        "FE",
        "DL",
        "PM",
      ]),
    )
    .addOption(
      new Option(
        "--interval <interval>",
        "default: hartung-knapp for one group, satterthwaite for several, t with --random, z for FE",
      ).choices(["hartung-knapp", "satterthwaite", "t", "z"]),
    )
    .option("--level <coverage>", "of intervals", Number, 0.95)
    .option("--truncated", "keep Hartung and Knapp's factor from falling below 1")
    .option(
      "--leave-one-out [column]",
      "fit without each effect, or without each group of a column",
    )
    .option("--influence", "of each effect: DFFITS, Cook's distance, hat values, DFBETAS")
    .addOption(
      new Option(
        "--egger [model]",
        "test the funnel's symmetry: in the model (random, the default) or as Egger did (classic)",
      ).choices(["random", "classic"]),
    )
    .option("--json", "print the fit as JSON; infinite degrees of freedom are null")
    .option("--markdown", "print the fit as Markdown")
    .option("--figure <file>", "draw a figure: .pdf, .svg, .png")
    .addOption(
      new Option("--plot <kind>", "which figure (default: forest); bubble: along a number").choices(
        META_PLOTS,
      ),
    )
    .option(...WIDTH_OPTION)
    .option("--table <file>", "write the tables of the fit: .csv, .md, .tex")
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const { plot = "forest", effect } = flags;
  const figure = toFigureFile(flags);
  if (flags.plot && !figure) {
    throw new UserError(`--plot ${flags.plot}: name the figure's file with --figure`);
  }
  const tableFile = toTableFile(flags.table);
  const progress = new Progress();
  const table = await readMetaTable(flags, progress);
  const { fit, predictions } = await progress.during("estimating", () => metaOf(flags, table));
  const answers = await progress.during("answering", () => answerMeta(flags, table, fit));
  if (figure) {
    const spec = metaFigure(figure, plot, { table, fit, predictions, answers, effect });
    await progress.during(`drawing ${figure.path}`, () => drawTo(figure, spec));
  }
  const own = layOutMeta(fit, predictions);
  const sheet = {
    ...own,
    warnings: [...own.warnings, ...(answers.robust?.warnings ?? [])],
    tables: [...own.tables, ...answerTables(answers, fit)],
  };
  if (tableFile) progress.noteFiles(writeTables(tableFile, sheet.tables));
  const text = flags.markdown ? toMarkdown(sheet) : toText(sheet);
  process.stdout.write(flags.json ? toJson(fit, predictions, answers) : printable(text));
}

// Fits of tests and of what was left out say again what stands beside them.
function toJson(
  fit: MetaFit | MultilevelFit,
  predictions: readonly NamedPrediction[],
  { egger, leftOut, ...answers }: MetaAnswers,
): string {
  const whole = {
    ...fit,
    predictions,
    ...answers,
    egger: egger && withoutFit(egger),
    leftOut: leftOut?.map(withoutFit),
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

function withoutFit<One extends object>({ fit: _fit, ...rest }: One & { readonly fit: unknown }) {
  return rest;
}

function toText({ heading, warnings, tables, footer }: MetaSheet): string {
  const parts = [...heading, ...warnings.map((warning) => `! ${warning}`)];
  return `${[...parts, ...tables.map(tableToText), footer.join("\n")].join("\n\n")}\n`;
}

function toMarkdown({ heading, warnings, tables, footer }: MetaSheet): string {
  const notes = warnings.map((warning) => `> **Note.** ${warning}`);
  const parts = heading.map((line) => `**${line}**`);
  const text = [...parts, ...notes, ...tables.map(tableToMarkdown), ...footer].join("\n\n");
  return `${withoutTags(text)}\n`;
}
