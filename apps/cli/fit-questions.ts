import { UserError } from "kit";
/** The scales that means are given on: that of the linear predictor, of the response, or the mean grade. */
import {
  type Adjustment,
  type ContrastMethod,
  contrastMeans,
  type Family,
  type GridValues,
  type MarginalMeans,
  type MeanContrasts,
  type MixedFit,
  marginalMeans,
  marginalSlopes,
  regridMeans,
} from "mixed-models";
import {
  type EquivalenceSide,
  type EquivalenceTests,
  interactionContrast,
  testEquivalence,
} from "mixed-models/hypotheses";
import { isMethod, readInteraction, readMethod } from "./fit-contrasts";
import { parseList } from "./parse-list";

/** On which scale means and their contrasts are: `response` has odds ratios, `difference` and `ratio` are of probabilities. */
export const SCALES = ["link", "response", "difference", "ratio", "expected"] as const;

/** One of `SCALES`. */
export type Scale = (typeof SCALES)[number];

/** What `empathy fit` is asked besides the fit. */
export interface QuestionFlags {
  readonly means?: string;
  readonly by?: string;
  readonly trends?: string;
  readonly contrasts?: string;
  readonly interaction?: string;
  readonly equivalence?: number;
  readonly nonInferiority?: number;
  readonly nonSuperiority?: number;
  readonly adjust?: Adjustment;
  readonly at?: readonly string[];
  readonly scale?: Scale;
  readonly twoValued?: "both" | "mean";
}

/** The questions, read before anything is computed. */
export interface Questions {
  /** Factors whose means are compared; undefined where no means are asked for. */
  readonly means: readonly string[] | undefined;
  readonly by: readonly string[];
  readonly trends: readonly string[];
  readonly contrasts: ContrastMethod | undefined;
  /** For each variable its own contrasts, or one kind for all. */
  readonly interaction: Readonly<Record<string, ContrastMethod>> | ContrastMethod | undefined;
  readonly margin: { readonly side: EquivalenceSide; readonly margin: number } | undefined;
  readonly adjust: Adjustment | undefined;
  /** Texts, which a covariate's values are not yet. */
  readonly at: Readonly<Record<string, readonly string[]>>;
  readonly scale: Scale;
  readonly twoValued: "both" | "mean";
}

/** Means or slopes that were asked for, with their contrasts where they were. */
export interface FitAnswer {
  /** The covariate, where the numbers are its slopes. */
  readonly slopeOf?: string;
  readonly scale: Scale;
  readonly means: MarginalMeans;
  readonly contrasts?: MeanContrasts;
  readonly equivalence?: EquivalenceTests;
}

/**
 * Reads what is asked besides the fit.
 *
 * @param family undefined where it is not known yet; `answerQuestions` then refuses what does not go with it.
 * @throws UserError if a flag lacks the one that it belongs to, or cannot be read.
 */
export function readQuestions(flags: QuestionFlags, family: Family | undefined): Questions {
  const questions = {
    means: flags.means === undefined ? undefined : parseList(flags.means),
    by: parseList(flags.by ?? ""),
    trends: parseList(flags.trends ?? ""),
    contrasts: flags.contrasts === undefined ? undefined : readMethod(flags.contrasts),
    interaction: flags.interaction === undefined ? undefined : readInteraction(flags.interaction),
    margin: readMargin(flags),
    adjust: flags.adjust,
    at: Object.fromEntries((flags.at ?? []).map(toSetting)),
    scale: flags.scale ?? "link",
    twoValued: flags.twoValued ?? "both",
  };
  refuseLonely(flags, questions);
  if (family !== undefined) refuseScale(questions, family);
  return questions;
}

function refuseScale({ scale }: Questions, family: Family): void {
  if (scale === "expected" && family !== "cumulative") {
    throw new UserError(
      "--scale expected is the mean grade, for --family cumulative; leave it out",
    );
  }
  if (scale === "difference" && family === "gaussian") {
    throw new UserError(
      "--scale difference is of probabilities; contrasts of a linear model are differences: leave it out",
    );
  }
}

function refuseLonely(flags: QuestionFlags, { means, trends, by }: Questions): void {
  refuseLonelyContrasts(flags, means);
  for (const name of ["by", "contrasts", "at", "scale", "twoValued"] as const) {
    if (flags[name] === undefined || means || trends.length > 0) continue;
    throw new UserError(
      `--${name === "twoValued" ? "two-valued" : name} needs --means or --trends; add one of them`,
    );
  }
  if (flags.contrasts !== undefined && !means && by.length === 0) {
    throw new UserError("--contrasts of slopes needs --by, the factors whose slopes are compared");
  }
}

function refuseLonelyContrasts(flags: QuestionFlags, means: Questions["means"]): void {
  const { contrasts, interaction } = flags;
  if (contrasts !== undefined && interaction !== undefined) {
    throw new UserError(
      "--contrasts and --interaction are different contrasts; choose one of them",
    );
  }
  if (interaction !== undefined && !means) {
    throw new UserError("--interaction needs --means, two factors at least; add it");
  }
  for (const name of ["adjust", ...MARGINS.map(({ flag }) => flag)] as const) {
    if (flags[name] === undefined || contrasts !== undefined || interaction !== undefined) continue;
    throw new UserError(`--${toOption(name)} needs --contrasts or --interaction; add one of them`);
  }
}

const MARGINS = [
  { flag: "equivalence", side: "equivalent" },
  { flag: "nonInferiority", side: "non-inferior" },
  { flag: "nonSuperiority", side: "non-superior" },
] as const;

function toOption(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function readMargin(flags: QuestionFlags): Questions["margin"] {
  const [first, second] = MARGINS.filter(({ flag }) => flags[flag] !== undefined);
  if (!first) return undefined;
  if (second) {
    throw new UserError(
      `--${toOption(first.flag)} and --${toOption(second.flag)} are different tests; choose one of them`,
    );
  }
  const margin = flags[first.flag] ?? Number.NaN;
  if (margin > 0 && margin < Number.POSITIVE_INFINITY) return { side: first.side, margin };
  throw new UserError(
    `--${toOption(first.flag)}: the margin should be a number above 0, such as 0.2`,
  );
}

function toSetting(text: string): [string, string[]] {
  const end = text.indexOf("=");
  const values = end < 1 ? [] : parseList(text.slice(end + 1));
  if (values.length > 0) return [text.slice(0, end).trim(), values];
  throw new UserError(`--at ${text}: should name a variable and its values, such as length=20,60`);
}

/**
 * Computes the means, slopes and contrasts that were asked for: the means first.
 *
 * @throws UserError if a name is not a variable of the fixed effects, or the questions do not fit the model.
 */
export function answerQuestions(fit: MixedFit, questions: Questions): FitAnswer[] {
  refuseScale(questions, fit.family);
  const at = settings(fit, questions);
  refuseNumbers(fit, questions);
  const { means } = questions;
  return [
    ...(means ? [answerMeans(fit, questions, means, at)] : []),
    ...questions.trends.map((of) => answerSlopes(fit, questions, of, at)),
  ];
}

function answerMeans(
  fit: MixedFit,
  questions: Questions,
  names: readonly string[],
  at: GridValues,
): FitAnswer {
  const { by, scale, contrasts: method, adjust, twoValued } = questions;
  const apart = apartOf(questions);
  const over = [...new Set([...names, ...by])];
  const types = {
    link: "latent",
    response: "probabilities",
    difference: "probabilities",
    ratio: "probabilities",
    expected: "expected",
  } as const;
  const type = fit.ordinal ? types[scale] : "latent";
  const averaged = marginalMeans(fit, { over, at, type, twoValued });
  const means = scale === "difference" ? regridMeans(averaged, "response") : averaged;
  const scaled = scale === "ratio" && isCompared(questions) ? regridMeans(means, "log") : means;
  // Probabilities of one grade are compared with each other.
  const within = type === "probabilities" ? [...apart, fit.design.response.name] : apart;
  const options = adjust ? { adjust } : {};
  if (method) {
    if (over.every((name) => apart.includes(name))) {
      throw new UserError("--by leaves no factor to compare; name another one in --means");
    }
    const contrasts = contrastMeans(scaled, { ...options, by: within, method });
    return { scale, means, ...compared(contrasts, questions) };
  }
  const factors = interactionOf(questions, over);
  if (!factors) return { scale, means };
  const contrasts = interactionContrast(scaled, factors, options);
  return { scale, means, ...compared(contrasts, questions) };
}

function isCompared({ contrasts, interaction }: Questions): boolean {
  return contrasts !== undefined || interaction !== undefined;
}

// Factors within whose levels means are compared. Beside --trends, which --by belongs to as well, those of --means are compared all the same.
function apartOf({ by, means = [], trends }: Questions): string[] {
  return trends.length === 0 ? [...by] : by.filter((name) => !means.includes(name));
}

function interactionOf(questions: Questions, over: readonly string[]) {
  const { interaction } = questions;
  if (interaction === undefined) return undefined;
  const apart = apartOf(questions);
  const crossed = over.filter((name) => !apart.includes(name));
  if (crossed.length < 2) {
    throw new UserError(
      "--interaction needs two factors at least; name them in --means, or use --contrasts",
    );
  }
  if (typeof interaction === "object" && !isMethod(interaction)) return interaction;
  return Object.fromEntries(crossed.map((name) => [name, interaction]));
}

// With the tests against a margin where one was given.
function compared(contrasts: MeanContrasts, { margin }: Questions) {
  return margin ? { contrasts, equivalence: testEquivalence(contrasts, margin) } : { contrasts };
}

// Slopes for the levels of `by` are compared with each other.
function answerSlopes(fit: MixedFit, questions: Questions, of: string, at: GridValues): FitAnswer {
  const { by, contrasts: method, adjust, twoValued } = questions;
  const means = marginalSlopes(fit, { of, over: by, at, twoValued });
  const own = { slopeOf: of, scale: "link", means } as const;
  if (!method || by.length === 0) return own;
  const contrasts = contrastMeans(means, { method, ...(adjust ? { adjust } : {}) });
  return { ...own, ...compared(contrasts, questions) };
}

function settings({ design }: MixedFit, { at }: Questions): GridValues {
  const entries = Object.entries(at).map(([name, values]) => {
    const isNumeric = design.variables.get(name)?.kind === "numeric";
    return [name, isNumeric ? values.map(toNumber) : values] as const;
  });
  return Object.fromEntries(entries);
}

// A text that is none is refused with the name of its variable.
function toNumber(text: string): number | string {
  return Number.isFinite(Number(text)) ? Number(text) : text;
}

function refuseNumbers({ design }: MixedFit, questions: Questions): void {
  const { means = [], by, at, twoValued } = questions;
  const isOpen = (name: string) => {
    const summary = design.variables.get(name);
    if (summary?.kind !== "numeric" || Object.hasOwn(at, name)) return false;
    return !summary.isTwoValued || twoValued === "mean";
  };
  const name = [...means, ...by].find(isOpen);
  if (name === undefined) return;
  throw new UserError(
    `'${name}' is a number; say for which values with --at ${name}=1,2, or ask for its slope with --trends ${name}`,
  );
}
