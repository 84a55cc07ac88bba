import { didYouMean, listNames, UserError } from "kit";
import { type Formula, parseFormula } from "../formula/formula";
import { type Columns, type Table, toColumns } from "./columns";
import type { Contrast } from "./factor-contrast";
import { buildFixed, type ContrastOption, type FixedDesign } from "./fixed-design";
import { buildGrades } from "./grades";
import { type LevelOptions, type Missing, ModelFrame, namesOfFactor } from "./model-frame";
import { buildRandom, type RandomDesign } from "./random-design";
import { buildResponse, type Response } from "./response";
import { summarizeVariables, type VariableSummary } from "./summarize-variables";

/** A mixed model's data, ready to fit. */
export interface Design {
  readonly formula: Formula;
  /** Number of rows used: those without a missing value in any variable of the formula. */
  readonly rows: number;
  /** Their positions in the table, from 0, ascending. */
  readonly usedRows: Int32Array;
  readonly missing: Missing;
  readonly response: Response;
  readonly fixed: FixedDesign;
  /** One for each random term, in the order of the formula. */
  readonly random: readonly RandomDesign[];
  /** The columns that the fixed effects read, over the used rows. */
  readonly variables: ReadonlyMap<string, VariableSummary>;
}

/** How factors are coded; every field has a default. */
export interface DesignOptions extends LevelOptions {
  /** Column of weights: rows that lack one are left out and counted. */
  readonly weights?: string | undefined;
  /** `treatment` by default. Random slopes always have treatment contrasts, as in lme4. */
  readonly contrasts?: ContrastOption | undefined;
  /** What matrices may take, in GiB: 4 by default. A model that needs more is refused before it takes any. */
  readonly memory?: number | undefined;
  /** The value of a response with two values that is modelled, in place of the second of its levels. */
  readonly success?: string | undefined;
  /** Whether the response is grades in order; see grades.ts. */
  readonly isGraded?: boolean;
}

/**
 * Builds the model matrices of a mixed model from a table, exactly as R and lme4 do.
 *
 * Texts and truth values are factors; a group's numbers are too. Rows with a missing value in any
 * variable of the formula are left out and counted. Columns that earlier ones determine are dropped.
 *
 * @throws UserError if the formula cannot be read, a column is unknown or infinite, no row is
 *   left, the response does not vary, or an option names no factor of the formula.
 *
 * @example
 * buildDesign("y ~ g", { y: [1, 2, 3], g: ["a", "b", "b"] }).fixed.names; // => ["(Intercept)", "gb"]
 */
export function buildDesign(
  formula: Formula | string,
  table: Table,
  options: DesignOptions = {},
): Design {
  const parsed = typeof formula === "string" ? parseFormula(formula) : formula;
  const columns = toColumns(table);
  checkOptions(parsed, columns, options);
  const frame = new ModelFrame(parsed, columns, options, options.weights);
  return {
    formula: parsed,
    rows: frame.usedRows.length,
    usedRows: frame.usedRows,
    missing: frame.missing,
    response: options.isGraded
      ? buildGrades(parsed.response, frame)
      : buildResponse(parsed.response, frame, options.success),
    fixed: buildFixed(parsed.fixed, frame, options.contrasts, options.memory),
    random: parsed.random.map((term) => buildRandom(term, frame, options.memory)),
    variables: summarizeVariables(parsed.fixed, frame),
  };
}

function checkOptions(formula: Formula, columns: Columns, options: DesignOptions): void {
  const { contrasts, levels, reference } = options;
  const asked: Readonly<Record<string, unknown>> = {
    ...levels,
    ...reference,
    ...(typeof contrasts === "object" ? (contrasts as Record<string, Contrast>) : {}),
  };
  if (options.isGraded) refuseReference(formula, reference);
  const known = factorNames(formula, columns);
  if (options.isGraded) known.unshift(...namesOfFactor(formula.response));
  for (const name of Object.keys(asked)) {
    if (known.includes(name)) continue;
    const advice = `${didYouMean(name, known)} The factors are: ${listNames(known)}`;
    throw new UserError(
      `the options name '${name}', which is not a factor of the formula${advice.replace(/^ /, ". ")}`,
    );
  }
}

function refuseReference(formula: Formula, reference: DesignOptions["reference"] = {}): void {
  const name = namesOfFactor(formula.response).find((one) => Object.hasOwn(reference, one));
  if (name === undefined) return;
  throw new UserError(
    `the grades of '${name}' have no reference level; give their order in levels`,
  );
}

function factorNames({ response, fixed, random }: Formula, columns: Columns): string[] {
  const slopes = random.flatMap(({ effects }) => effects.variables);
  const groups = random.flatMap(({ factors }) => factors);
  const isNumeric = (name: string) => columns.get(name).kind === "numeric";
  const variables = [response, ...fixed.variables, ...slopes].filter(
    (one) => one.kind !== "name" || !isNumeric(one.name),
  );
  return [...new Set([...variables, ...groups].flatMap(namesOfFactor))];
}
