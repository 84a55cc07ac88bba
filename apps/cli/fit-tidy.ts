import { UserError } from "kit";
import { formatCsvTable } from "kit/tables";
import type { ComparedModel, MixedFit, Table } from "mixed-models";
import type { JointTests, ProportionalOddsTests } from "mixed-models/hypotheses";
import { augmentFit, glanceFit, tidyFit } from "mixed-models/report";
import { comparisonRows } from "./fit-compare";
import { ratiosOf, shownContrast, shownMean } from "./fit-print";
import { type Profile, withProfile } from "./fit-profile";
import type { FitAnswer } from "./fit-questions";
import { oddsRows, testRows } from "./fit-tests";

/** What `--tidy` lists. */
export const TIDY_KINDS = [
  "coefficients",
  "random",
  "levels",
  "means",
  "contrasts",
  "equivalence",
  "tests",
  "comparison",
  "odds",
] as const;

/** One of them. */
type TidyKind = (typeof TIDY_KINDS)[number];

/** What is printed as CSV in place of the fit. */
export interface TidyFlags {
  readonly tidy?: TidyKind;
  readonly glance?: boolean;
  readonly augment?: boolean;
}

/** What was asked besides the fit; undefined what was not. */
export interface Asked {
  readonly answers: readonly FitAnswer[];
  readonly tests?: JointTests | undefined;
  readonly odds?: ProportionalOddsTests | undefined;
  readonly models?: readonly ComparedModel[] | undefined;
  readonly profile?: Profile | undefined;
}

/** A fit with what was asked besides, and the table that it was made from. */
interface TidiedFit extends Asked {
  readonly fit: MixedFit;
  readonly table: Table;
}

type Row = Readonly<Record<string, unknown>>;

/**
 * Writes what was asked for as CSV under broom's names; undefined where nothing was.
 *
 * @throws UserError if means or contrasts are listed that were not asked for, or several kinds of them were.
 */
export function tidyCsv(
  { tidy, glance, augment }: TidyFlags,
  { fit, table, answers, tests, odds, models, profile }: TidiedFit,
): string | undefined {
  if (glance) return toCsv([{ ...glanceFit(fit) }]);
  if (augment) return toCsv(augmented(fit, table as Readonly<Record<string, readonly unknown[]>>));
  if (tidy === undefined) return undefined;
  if (tidy === "means" || tidy === "contrasts" || tidy === "equivalence")
    return toCsv(answerRows(tidy, answers));
  if (tidy === "tests") {
    if (tests) return toCsv(testRows(tests));
    throw new UserError("--tidy tests needs --tests; add it, such as --tests III");
  }
  if (tidy === "comparison") {
    if (models) return toCsv(comparisonRows(models));
    throw new UserError("--tidy comparison needs --compare with a formula; add it");
  }
  if (tidy === "odds") {
    if (odds) return toCsv(oddsRows(odds));
    throw new UserError("--tidy odds needs --proportional-odds; add it");
  }
  const effects = { coefficients: "fixed", random: "ran_pars", levels: "ran_vals" } as const;
  const rows = tidyFit(fit, effects[tidy]);
  return toCsv((profile ? withProfile(rows, profile) : rows).map((row) => ({ ...row })));
}

function toCsv(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return formatCsvTable(
    columns,
    rows.map((row) => fill(row, columns)),
  );
}

function fill(row: Row, columns: readonly string[]): Record<string, string | number | null> {
  return Object.fromEntries(
    columns.map((name) => {
      const value = row[name] ?? null;
      if (value === null || typeof value === "string") return [name, value];
      if (typeof value !== "number") return [name, String(value)];
      return [name, Number.isFinite(value) ? value : null];
    }),
  );
}

// The table's own columns, then what the fit says of its rows.
function augmented(fit: MixedFit, table: Readonly<Record<string, readonly unknown[]>>): Row[] {
  const names = Object.keys(table);
  return augmentFit(fit).map((row) => {
    const at = row[".rownames"] - 1;
    const own = Object.fromEntries(names.map((name) => [name, table[name]?.[at]]));
    return { ...own, ...row };
  });
}

function answerRows(
  tidy: "means" | "contrasts" | "equivalence",
  answers: readonly FitAnswer[],
): Row[] {
  const [answer, ...others] = answers;
  if (!answer || others.length > 0) {
    throw new UserError(
      `--tidy ${tidy} lists one kind of them; give either --means or --trends with one covariate`,
    );
  }
  if (tidy === "means") return meanRows(answer);
  if (tidy === "equivalence") {
    if (answer.equivalence) return equivalenceRows(answer, answer.equivalence);
    throw new UserError("--tidy equivalence needs a margin; add one, such as --equivalence 0.2");
  }
  if (answer.contrasts) return contrastRows(answer, answer.contrasts);
  throw new UserError("--tidy contrasts needs --contrasts; add it, such as --contrasts pairwise");
}

function meanRows(answer: FitAnswer): Row[] {
  const { over, means } = answer.means;
  return means.map((mean) => {
    const shown = shownMean(answer, mean);
    return {
      ...Object.fromEntries(over.map((name) => [name, mean.levels[name]])),
      ...(answer.slopeOf === undefined ? {} : { term: answer.slopeOf }),
      estimate: shown?.estimate,
      "std.error": shown?.se,
      ...(mean.df === undefined ? {} : { df: mean.df }),
      "conf.low": shown?.lower,
      "conf.high": shown?.upper,
    };
  });
}

function contrastRows(
  answer: FitAnswer,
  { contrasts, adjust }: NonNullable<FitAnswer["contrasts"]>,
): Row[] {
  const term = termOf(answer, contrasts);
  return contrasts.map((one) => {
    const shown = shownContrast(answer, one);
    return {
      ...one.by,
      term,
      contrast: one.name,
      "null.value": ratiosOf(answer) ? 1 : 0,
      estimate: shown?.estimate,
      "std.error": shown?.se,
      ...(one.df === undefined ? {} : { df: one.df }),
      "conf.low": shown?.lower,
      "conf.high": shown?.upper,
      statistic: one.z,
      [adjust === "none" ? "p.value" : "adj.p.value"]: one.p,
    };
  });
}

// The variables whose means are compared.
function termOf({ means }: FitAnswer, all: readonly { readonly by: object }[]): string {
  const apart = new Set(all.flatMap(({ by }) => Object.keys(by)));
  return means.over.filter((name) => !apart.has(name)).join("*");
}

function equivalenceRows(
  answer: FitAnswer,
  { tests, margin, side, adjust }: NonNullable<FitAnswer["equivalence"]>,
): Row[] {
  const term = termOf(answer, tests);
  return tests.map((one) => ({
    ...one.by,
    term,
    contrast: one.name,
    side,
    delta: margin,
    estimate: one.estimate,
    "std.error": one.se,
    ...(one.df === undefined ? {} : { df: one.df }),
    "conf.low": one.lower,
    "conf.high": one.upper,
    statistic: one.z,
    [adjust === "none" ? "p.value" : "adj.p.value"]: one.p,
  }));
}
