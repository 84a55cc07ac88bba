import { UserError } from "kit";
import {
  type Family,
  type FitOptions,
  fitMixed,
  type MixedFit,
  namesOfFactor,
  parseFormula,
  satterthwaite,
  type Table,
} from "mixed-models";
import { restoreFit } from "mixed-models/node";

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
  readonly link?: "logit" | "probit";
  readonly thresholds?: "flexible" | "equidistant";
  readonly levels?: string;
  readonly coding?: "treatment" | "sum";
  readonly df?: "satterthwaite" | "normal";
}

/**
 * Fits the model; linear ones are tested by t with Satterthwaite's degrees of freedom, unless they are told otherwise.
 *
 * @throws UserError if the formula, an option or a cell cannot be taken.
 */
export function fitModel(flags: ModelFlags, table: Table): MixedFit {
  return testAs(flags.df, fitMixed(flags.formula, table, fitOptions(flags)));
}

/** What `empathy fit` is told of a model that was kept: a file in place of a formula and options. */
export type KeptFlags = Partial<ModelFlags> & { readonly from?: string };

const ABOUT_THE_MODEL = [
  "formula",
  "family",
  "method",
  "nodes",
  "weights",
  "success",
  "memory",
  "link",
  "thresholds",
  "levels",
  "coding",
] as const;

/**
 * Fits the model, or reads it back from a file on the data that it was fitted to.
 *
 * @throws UserError if there is neither a formula nor a file, or both; if the file holds no fit of these data; or as `fitModel`.
 */
export function fitOrRestore(flags: KeptFlags, table: Table): MixedFit {
  if (flags.from === undefined) return fitModel(requireFormula(flags), table);
  return testAs(flags.df, restoreFit(flags.from, table));
}

/** Refuses what does not make a model, before data are read. */
export function requireFormula({ from, ...flags }: KeptFlags): ModelFlags {
  const { formula } = flags;
  if (formula !== undefined) return { ...flags, formula };
  throw new UserError(
    'give the model with --formula "y ~ x + (1 | group)", or a fit that was kept with --from',
  );
}

/** Refuses options of a model beside a file that holds it. */
export function refuseModelOptions(flags: KeptFlags): void {
  const given = ABOUT_THE_MODEL.find((name) => flags[name] !== undefined);
  if (given === undefined) return;
  throw new UserError(
    `--${given} goes without --from, whose file says what was fitted; leave it out`,
  );
}

function fitOptions(flags: ModelFlags): FitOptions {
  const { family, method, nodes, weights, link, thresholds, coding, levels, formula } = flags;
  const { success, memory } = flags;
  return {
    ...(family ? { family } : {}),
    ...(method ? { method } : {}),
    ...(nodes === undefined ? {} : { nodes }),
    ...(weights === undefined ? {} : { weights }),
    ...(success === undefined ? {} : { success }),
    ...(memory === undefined ? {} : { memory }),
    ...(link ? { link } : {}),
    ...(thresholds ? { thresholds } : {}),
    ...(coding ? { contrasts: coding } : {}),
    ...(levels === undefined ? {} : { levels: gradesOf(formula, levels) }),
  };
}

function testAs(df: ModelFlags["df"], fit: MixedFit): MixedFit {
  const isStudent = df === undefined ? fit.family === "gaussian" : df === "satterthwaite";
  return isStudent ? satterthwaite(fit) : fit;
}

// The response's levels, by its name.
function gradesOf(formula: string, levels: string): Readonly<Record<string, readonly string[]>> {
  const name = namesOfFactor(parseFormula(formula).response).at(-1);
  return name === undefined ? {} : { [name]: levels.split(",").map((level) => level.trim()) };
}
