import { type Command, Option } from "commander";
import { namesOfFactor } from "../mixed/design/model-frame";
import { fitToJson } from "../mixed/fit/fit-json";
import { type FitOptions, fitMixed } from "../mixed/fit/fit-mixed";
import { fitToMarkdown, fitToText } from "../mixed/fit/print-fit";
import { parseFormula } from "../mixed/formula/formula";
import type { Family } from "../mixed/objective/model-data";
import { readCsvTable } from "../tables/read-columns";
import { printable } from "./printable";
import { Progress } from "./progress";

interface Flags {
  readonly data: string;
  readonly formula: string;
  readonly family: Family;
  readonly method?: "ML" | "REML";
  readonly nodes?: number;
  readonly weights?: string;
  readonly link?: "logit" | "probit";
  readonly thresholds?: "flexible" | "equidistant";
  readonly levels?: string;
  readonly contrasts?: "treatment" | "sum";
  readonly json?: boolean;
  readonly markdown?: boolean;
}

/** Says what `empathy fit` takes and does. */
export function defineFit(command: Command): void {
  command
    .requiredOption("--data <file>", "CSV file with a header; empty cells are missing values")
    .requiredOption("--formula <formula>", 'in R\'s notation, such as "y ~ a * b + (1 | g)"')
    .addOption(
      new Option("--family <family>", "how the response is distributed")
        .choices(["gaussian", "binomial", "cumulative"])
        .default("gaussian"),
    )
    .addOption(
      new Option("--method <method>", "for gaussian; REML by default").choices(["ML", "REML"]),
    )
    .option("--nodes <count>", "quadrature nodes, for one random intercept (default: 1)", Number)
    .option("--weights <column>", "column of prior weights, or of trials")
    .addOption(
      new Option("--link <link>", "for cumulative (default: logit)").choices(["logit", "probit"]),
    )
    .addOption(
      new Option("--thresholds <kind>", "for cumulative (default: flexible)").choices([
        "flexible",
        "equidistant",
      ]),
    )
    .option("--levels <grades>", 'the response\'s grades from the lowest, such as "Bad,Okay,Good"')
    .addOption(
      new Option("--contrasts <coding>", "of factors (default: treatment)").choices([
        "treatment",
        "sum",
      ]),
    )
    .option("--json", "print the fit as JSON")
    .option("--markdown", "print the fit as Markdown")
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const { data, formula, json, markdown, levels, ...rest } = flags;
  const options: FitOptions =
    levels === undefined ? rest : { ...rest, levels: gradesOf(formula, levels) };
  const progress = new Progress();
  const table = await progress.during(`reading ${data}`, () => readCsvTable(data));
  const fit = await progress.during(`fitting ${formula}`, () => fitMixed(formula, table, options));
  if (json) process.stdout.write(`${JSON.stringify(fitToJson(fit), null, 2)}\n`);
  else process.stdout.write(printable(markdown ? withoutTags(fitToMarkdown(fit)) : fitToText(fit)));
}

// The response's levels, by its name.
function gradesOf(formula: string, levels: string): Readonly<Record<string, readonly string[]>> {
  const name = namesOfFactor(parseFormula(formula).response).at(-1);
  return name === undefined ? {} : { [name]: levels.split(",").map((level) => level.trim()) };
}

// Names and levels come from the file, and whoever renders Markdown renders the HTML within it.
function withoutTags(markdown: string): string {
  return markdown.replace(/<(?=[a-z!?/])/gi, "&lt;");
}
