import { didYouMean, UserError } from "kit";
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
} from "mixed-models";
export const SCALES = ["link", "response", "expected"] as const;

/** One of `SCALES`. */
export type Scale = (typeof SCALES)[number];

/** What `empathy fit` is asked besides the fit. */
export interface QuestionFlags {
  readonly means?: string;
  readonly by?: string;
  readonly trends?: string;
  readonly contrasts?: string;
  readonly adjust?: Adjustment;
  readonly at?: readonly string[];
  readonly scale?: Scale;
  readonly twoValued?: "both" | "mean";
}

/** The questions, read before anything is computed. */
export interface Questions {
  /** Factors whose means are compared, also where `by` names them; undefined where no means are asked for. */
  readonly means: readonly string[] | undefined;
  readonly by: readonly string[];
  readonly trends: readonly string[];
  readonly contrasts: ContrastMethod | undefined;
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
}

const METHODS = ["pairwise", "revpairwise", "reference=LEVEL"];

/**
 * Reads what is asked besides the fit.
 *
 * @param family undefined where it is not known yet; `answerQuestions` then refuses what does not go with it.
 * @throws UserError if a flag lacks the one that it belongs to, or cannot be read.
 */
export function readQuestions(flags: QuestionFlags, family: Family | undefined): Questions {
  const questions = {
    means: flags.means === undefined ? undefined : splitNames(flags.means),
    by: splitNames(flags.by ?? ""),
    trends: splitNames(flags.trends ?? ""),
    contrasts: flags.contrasts === undefined ? undefined : toMethod(flags.contrasts),
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
  if (scale !== "expected" || family === "cumulative") return;
  throw new UserError("--scale expected is the mean grade, for --family cumulative; leave it out");
}

function refuseLonely(flags: QuestionFlags, { means, trends, by }: Questions): void {
  for (const name of ["by", "contrasts", "at", "scale", "twoValued"] as const) {
    if (flags[name] === undefined || means || trends.length > 0) continue;
    throw new UserError(
      `--${name === "twoValued" ? "two-valued" : name} needs --means or --trends; add one of them`,
    );
  }
  if (flags.adjust !== undefined && flags.contrasts === undefined) {
    throw new UserError("--adjust needs --contrasts; add it");
  }
  if (flags.contrasts !== undefined && !means && by.length === 0) {
    throw new UserError("--contrasts of slopes needs --by, the factors whose slopes are compared");
  }
}

function splitNames(text: string): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function toMethod(text: string): ContrastMethod {
  if (text === "pairwise" || text === "revpairwise") return text;
  const [kind, ...level] = text.split("=");
  if (kind === "reference" && level.join("=") !== "") return { reference: level.join("=") };
  if (text === "treatment" || text === "sum") {
    throw new UserError(`--contrasts ${text}: how factors are coded is --coding ${text}`);
  }
  throw new UserError(
    `--contrasts ${text}: choose one of ${METHODS.join(", ")}${didYouMean(text, METHODS)}`,
  );
}

function toSetting(text: string): [string, string[]] {
  const end = text.indexOf("=");
  const values = end < 1 ? [] : splitNames(text.slice(end + 1));
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
  { by, scale, contrasts: method, adjust, twoValued }: Questions,
  names: readonly string[],
  at: GridValues,
): FitAnswer {
  const over = [...new Set([...names, ...by])];
  const types = { link: "latent", response: "probabilities", expected: "expected" } as const;
  const type = fit.ordinal ? types[scale] : "latent";
  const means = marginalMeans(fit, { over, at, type, twoValued });
  // Probabilities of one grade are compared with each other.
  const apart = by.filter((name) => !names.includes(name));
  const within = type === "probabilities" ? [...apart, fit.design.response.name] : apart;
  const options = { by: within, ...(adjust ? { adjust } : {}) };
  return {
    scale,
    means,
    ...(method ? { contrasts: contrastMeans(means, { ...options, method }) } : {}),
  };
}

// Slopes for the levels of `by` are compared with each other.
function answerSlopes(
  fit: MixedFit,
  { by, contrasts: method, adjust, twoValued }: Questions,
  of: string,
  at: GridValues,
): FitAnswer {
  const means = marginalSlopes(fit, { of, over: by, at, twoValued });
  const options = adjust ? { adjust } : {};
  const isCompared = method && by.length > 0;
  return {
    slopeOf: of,
    scale: "link",
    means,
    ...(isCompared ? { contrasts: contrastMeans(means, { ...options, method }) } : {}),
  };
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
