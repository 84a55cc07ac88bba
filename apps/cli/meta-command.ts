import { type Command, Option } from "commander";
import { tableToMarkdown, tableToText } from "mixed-models";
import type { MetaFit } from "mixed-models/meta";
import { type ForestRow, forestPlot, type PlotlySpec } from "plotly-stills";
import {
  drawTo,
  type FigureFile,
  type FigureFlags,
  toFigureFile,
  WIDTH_OPTION,
} from "./figure-file";
import { listRows, type MetaFlags, metaOf } from "./meta-of";
import { layOutMeta, type MetaSheet, type NamedPrediction } from "./meta-print";
import { type MetaColumns, readMetaTable } from "./meta-table";
import { printable } from "./printable";
import { Progress } from "./progress";
import { toTableFile, withoutTags, writeTables } from "./table-file";

interface Flags extends MetaColumns, MetaFlags, FigureFlags {
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly table?: string;
}

/** Says what `empathy meta` takes and does. */
export function defineMeta(command: Command): void {
  command
    .requiredOption("--data <file>", "CSV file with a header and one effect in each row")
    .requiredOption("--effect <column>", "the effects")
    .option("--variance <column>", "their sampling variances (squared standard errors)")
    .option("--covariance <file>", "their sampling covariance: k rows of k numbers, in CSV")
    .option(
      "--moderators <columns>",
      'such as "family,year" or "0 + family"; texts are factors, numbers are numbers',
    )
    .option("--groups <column>", "groups with a variance between true effects each")
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
        "default: hartung-knapp for one group, satterthwaite for several, z for FE",
      ).choices(["hartung-knapp", "satterthwaite", "t", "z"]),
    )
    .option("--level <coverage>", "of intervals", Number, 0.95)
    .option("--truncated", "keep Hartung and Knapp's factor from falling below 1")
    .option("--json", "print the fit as JSON; infinite degrees of freedom are null")
    .option("--markdown", "print the fit as Markdown")
    .option("--figure <file>", "draw a forest plot: .pdf, .svg, .png")
    .option(...WIDTH_OPTION)
    .option("--table <file>", "write the tables of the fit: .csv, .md, .tex")
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const figure = toFigureFile(flags);
  const tableFile = flags.table === undefined ? undefined : toTableFile(flags.table);
  const table = await readMetaTable(flags, new Progress());
  const progress = new Progress();
  const { fit, predictions } = await progress.during("estimating", () => metaOf(flags, table));
  if (figure) {
    const spec = toFigure(figure, listRows(table, fit, predictions), flags);
    await progress.during(`drawing ${figure.path}`, () => drawTo(figure, spec));
  }
  if (tableFile) {
    progress.noteFiles(writeTables(tableFile, layOutMeta(fit, predictions).tables));
  }
  process.stdout.write(present(fit, predictions, flags));
}

function present(
  fit: MetaFit,
  predictions: readonly NamedPrediction[],
  { json, markdown }: Flags,
): string {
  if (json) return `${JSON.stringify({ ...fit, predictions }, null, 2)}\n`;
  const sheet = layOutMeta(fit, predictions);
  return printable(markdown ? toMarkdown(sheet) : toText(sheet));
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

function toFigure(
  { id }: FigureFile,
  rows: readonly ForestRow[],
  { effect, level }: Flags,
): PlotlySpec {
  return forestPlot(rows, {
    id,
    title: `Effects and their mean, with ${Number((100 * level).toFixed(4))} % intervals; pale: the next true effect`,
    axis: effect,
  });
}
