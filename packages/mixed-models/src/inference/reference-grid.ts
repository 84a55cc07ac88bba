import { didYouMean, listNames, UserError } from "kit";
import type { Design } from "../design/design";
import { checkLevel } from "../design/factor";
import type { VariableSummary } from "../design/summarize-variables";
import { formatNumber } from "../formula/format-number";
import { refuseMemory } from "../numerics/memory";

type Value = string | number | boolean;

/** Values at which variables are held: of a numeric covariate, or some of a factor's levels. */
export type GridValues = Readonly<Record<string, Value | readonly Value[]>>;

/** One variable of a reference grid and its values there. */
export interface GridVariable {
  /** Column of the table. */
  readonly name: string;
  readonly kind: "factor" | "numeric";
  /** Levels of a factor as texts, values of a covariate as numbers. */
  readonly values: readonly (string | number)[];
  /** Whether `at` leaves out some of the factor's levels. */
  readonly isRestricted: boolean;
}

/** The variables of a reference grid: those of `over` in its order, then the averaged ones. */
export interface ReferenceGrid {
  readonly over: readonly GridVariable[];
  readonly averaged: readonly GridVariable[];
}

/**
 * Lays out the grid over which means are taken: every level of every factor, and the mean of each numeric
 * covariate unless `at` gives values; of a covariate with two values both, where they are `kept`.
 *
 * @param over columns that the means are for, factors or covariates with values in `at`.
 * @throws UserError if a name is not a variable of the fixed effects or comes twice, a covariate in `over`
 *   has no values, or a value is not a level or not a finite number,
 *   or the grid needs too much memory.
 */
export function layOutGrid(
  { variables, fixed }: Design,
  over: readonly string[],
  at: GridValues = {},
  isKept = true,
): ReferenceGrid {
  for (const name of [...over, ...Object.keys(at)]) checkName(name, variables);
  const twice = over.find((name, position) => over.indexOf(name) !== position);
  if (twice !== undefined) throw new UserError(`'${twice}' is listed twice in over; name it once`);
  const grid = (name: string) => gridVariable(name, variables.get(name)!, at, isKept);
  const held = over.map(grid);
  for (const { name, kind, values } of held) {
    if (kind === "factor" || Object.hasOwn(at, name) || values.length > 1) continue;
    throw new UserError(
      `'${name}' in over is a number; say for which values: at: { ${name}: [...] }`,
    );
  }
  const others = [...variables.keys()].filter((name) => !over.includes(name));
  const averaged = others.map(grid);
  const all = [...held, ...averaged];
  const size = all.reduce((product, { values }) => product * values.length, 1);
  refuseMemory(
    2 * size * fixed.names.length,
    `the ${size} points of the grid over ${all.map(({ name }) => name).join(", ")}`,
    "hold variables at fewer values by at",
  );
  return { over: held, averaged };
}

function checkName(name: string, variables: ReadonlyMap<string, VariableSummary>): void {
  if (variables.has(name)) return;
  const known = [...variables.keys()];
  const advice = known.length > 0 ? `; they read: ${listNames(known)}` : "; they read none";
  throw new UserError(
    `'${name}' is not a variable of the fixed effects${didYouMean(name, known) || advice}`,
  );
}

function gridVariable(
  name: string,
  summary: VariableSummary,
  at: GridValues,
  isKept: boolean,
): GridVariable {
  const asked = Object.hasOwn(at, name) ? [...new Set([at[name]].flat() as Value[])] : undefined;
  if (asked?.length === 0)
    throw new UserError(`at gives no value for '${name}'; give one at least`);
  if (summary.kind === "numeric") {
    const { mean, min, max, isTwoValued } = summary;
    const usual = isKept && isTwoValued ? [min, max] : [mean];
    const values = asked?.map((value) => toNumber(name, value)) ?? usual;
    return { name, kind: "numeric", values, isRestricted: false };
  }
  const { levels } = summary;
  const values = asked?.map((value) => toLevel(name, value, levels)) ?? levels;
  return { name, kind: "factor", values, isRestricted: values.length < levels.length };
}

function toNumber(name: string, value: Value): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new UserError(`at: '${value}' for '${name}' is not a finite number; give one`);
}

function toLevel(name: string, value: Value, levels: readonly string[]): string {
  const plain = typeof value === "boolean" ? String(value).toUpperCase() : String(value);
  const level = typeof value === "number" && !levels.includes(plain) ? formatNumber(value) : plain;
  return levels[checkLevel(level, name, levels)]!;
}
