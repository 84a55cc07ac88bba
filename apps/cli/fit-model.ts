import {
  type Family,
  type FitOptions,
  fitMixed,
  type GradeLink,
  type MixedFit,
  namesOfFactor,
  parseFormula,
  satterthwaite,
  type Table,
} from "mixed-models";
import { kenwardRoger } from "mixed-models/hypotheses";
import { given } from "./given";

/** The model that `empathy fit` is asked for, as its options name it. */
export interface ModelFlags {
  readonly formula: string;
  /** `gaussian` by default. */
  readonly family?: Family;
  readonly method?: "ML" | "REML";
  readonly nodes?: number;
  readonly weights?: string;
  readonly success?: string;
  readonly memory?: number;
  readonly link?: GradeLink;
  readonly offset?: string;
  readonly prior?: "cauchy" | "normal";
  readonly thresholds?: "flexible" | "equidistant";
  readonly nominal?: string;
  readonly levels?: string;
  readonly coding?: "treatment" | "sum";
  readonly df?: "satterthwaite" | "kenward-roger" | "normal";
}

/**
 * Fits the model; linear ones are tested by t with Satterthwaite's degrees of freedom, unless they are told otherwise.
 *
 * @throws UserError if the formula, an option or a cell cannot be taken.
 */
export function fitModel(flags: ModelFlags, table: Table): MixedFit {
  return testAs(flags.df, fitMixed(flags.formula, table, fitOptions(flags)));
}

/** The options that `fitMixed` takes under the same names. */
const OPTIONS = [
  "family",
  "method",
  "nodes",
  "weights",
  "offset",
  "prior",
  "success",
  "memory",
  "link",
  "thresholds",
  "nominal",
] as const;

/** What makes a model, of all options of the command. */
export const ABOUT_THE_MODEL = ["formula", ...OPTIONS, "levels", "coding"] as const;

/** What `fitMixed` is told of a model. */
export function fitOptions(flags: ModelFlags): FitOptions {
  const { formula, levels, coding } = flags;
  const named = Object.fromEntries(OPTIONS.map((name) => [name, flags[name]]));
  return given({
    ...(named as Pick<ModelFlags, (typeof OPTIONS)[number]>),
    contrasts: coding,
    levels: levels === undefined ? undefined : gradesOf(formula, levels),
  });
}

/** Tests a fit as it was asked for: linear models by t, unless they are told otherwise. */
export function testAs(df: ModelFlags["df"], fit: MixedFit): MixedFit {
  const kind = df ?? (fit.family === "gaussian" ? "satterthwaite" : "normal");
  if (kind === "kenward-roger") return kenwardRoger(fit);
  return kind === "satterthwaite" ? satterthwaite(fit) : fit;
}

// The response's levels, by its name.
function gradesOf(formula: string, levels: string): Readonly<Record<string, readonly string[]>> {
  const name = namesOfFactor(parseFormula(formula).response).at(-1);
  return name === undefined ? {} : { [name]: levels.split(",").map((level) => level.trim()) };
}
