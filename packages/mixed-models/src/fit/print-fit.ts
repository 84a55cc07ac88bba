import { escapeMarkup } from "kit";
import type { FitOptions } from "./fit-options";
import { commonCoefficients } from "./ordinal-part";
import type { Coefficient, MixedFit, OrdinalPart } from "./result";

/** Prints a fit as plain text, for a terminal. */
export function fitToText(fit: MixedFit): string {
  return sheetToText(layOutFit(fit));
}

/** Prints a fit as Markdown. */
export function fitToMarkdown(fit: MixedFit): string {
  return sheetToMarkdown(layOutFit(fit));
}

/** Prints a fit as an HTML fragment, for notebooks. */
export function fitToHtml(fit: MixedFit): string {
  return sheetToHtml(layOutFit(fit));
}

/** Writes what a printed fit says as plain text. */
export function sheetToText({ heading, warnings, tables, footer }: FitSheet): string {
  const parts = [heading.join("\n"), ...warnings.map((warning) => `! ${warning}`)];
  return `${[...parts, ...tables.map(tableToText), footer.join("\n")].join("\n\n")}\n`;
}

/** Writes what a printed fit says as Markdown. */
export function sheetToMarkdown({ heading, warnings, tables, footer }: FitSheet): string {
  const [method, formula, ...more] = heading as [string, string, ...string[]];
  const parts = [`**${method}**`, formula.replace(/: (.*)$/, ": `$1`"), ...more];
  const notes = warnings.map((warning) => `> **Note.** ${warning}`);
  return `${[...parts, ...notes, ...tables.map(tableToMarkdown), ...footer].join("\n\n")}\n`;
}

/** Writes what a printed fit says as an HTML fragment. */
export function sheetToHtml({ heading, warnings, tables, footer }: FitSheet): string {
  const paragraph = (text: string) => `<p>${escapeMarkup(text)}</p>`;
  const notes = warnings.map((warning) => `<p><strong>Note.</strong> ${escapeMarkup(warning)}</p>`);
  return `${[...heading.map(paragraph), ...notes, ...tables.map(tableToHtml), ...footer.map(paragraph)].join("\n")}\n`;
}

/** Lays a table out for a terminal. */
export function tableToText({ title, columns, rows }: FitTable): string {
  const widths = columns.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]!.length)),
  );
  const isText = columns.map((_, column) => isTextColumn(rows, column));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => {
        const width = widths[column]!;
        return isText[column] ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd();
  return [`${title}:`, ...[columns, ...rows].map((cells) => ` ${line(cells)}`)].join("\n");
}

/** Lays a table out as Markdown. */
export function tableToMarkdown({ title, columns, rows }: FitTable): string {
  const rule = columns.map((_, column) => (isTextColumn(rows, column) ? "---" : "---:"));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return `${title}:\n\n${[columns, rule, ...rows].map(line).join("\n")}`;
}

function tableToHtml({ title, columns, rows }: FitTable): string {
  const cell = (tag: string, text: string, column: number) => {
    const side = isTextColumn(rows, column) ? "left" : "right";
    const content = escapeMarkup(text);
    // Where Jupyter does not trust a notebook it drops the style, and its own overrides the attribute.
    const inner = side === "left" ? `<div align="left">${content}</div>` : content;
    return `<${tag} align="${side}" style="text-align:${side}">${inner}</${tag}>`;
  };
  const line = (tag: string, cells: readonly string[]) =>
    `<tr>${cells.map((text, column) => cell(tag, text, column)).join("")}</tr>`;
  const body = rows.map((row) => line("td", row)).join("\n");
  return (
    `<table>\n<caption>${escapeMarkup(title)}</caption>\n<thead>${line("th", columns)}</thead>\n` +
    `<tbody>\n${body}\n</tbody>\n</table>`
  );
}

/** Whether a column of a table holds texts rather than numbers; a dash stands for a missing number. */
export function isTextColumn(rows: readonly (readonly string[])[], column: number): boolean {
  return rows.some(
    (row) => row[column] !== "" && row[column] !== "–" && !/^[<+−-]?\.?\d/.test(row[column]!),
  );
}

/** One table of a printed fit; cells are texts already rounded. */
export interface FitTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What a printed fit says, in order: sentences, then tables. */
interface FitSheet {
  readonly heading: readonly string[];
  /** What the reader must know first: what it means, and what to do. */
  readonly warnings: readonly string[];
  readonly tables: readonly FitTable[];
  readonly footer: readonly string[];
}

/** Lays a fit out for printing, as R's `summary` does; the formats differ in dress only. */
export function layOutFit(fit: MixedFit): FitSheet {
  const groups = Object.entries(fit.levels).map(([name, count]) => `${name} ${count}`);
  return {
    heading: [describeMethod(fit), `Formula: ${fit.formula}`, ...describeModelled(fit)],
    warnings: fit.warnings.map(({ message }) => message),
    tables: [criteria(fit), randomEffects(fit), ...coefficientTables(fit)],
    footer: [
      ...describePrior(fit),
      `Observations: ${fit.nobs}; levels: ${groups.join(", ")}.`,
      `Standard errors: ${fit.seMethod}. Gradient at the end: ${fit.gradientNorm.toExponential(1)}, ` +
        `after ${fit.evaluations.length} evaluations.`,
      ...(fit.degreesOfFreedom
        ? [
            `t, p and intervals: Student's t with ${fit.degreesOfFreedom.method}'s degrees of freedom.`,
          ]
        : []),
    ],
  };
}

function describePrior({ options }: MixedFit): string[] {
  const { prior } = options as FitOptions;
  if (!prior) return [];
  const {
    kind,
    scale = 2.5,
    interceptScale = 10,
  } = typeof prior === "string" ? { kind: prior } : prior;
  const named = kind === "cauchy" ? "Cauchy" : "normal";
  return [
    `Posterior mode: independent ${named} priors of the fixed effects, scale ${scale} (intercept ${interceptScale}), ` +
      "numbers in units of two standard deviations.",
  ];
}

/** The coefficients of a fit, as a paper shows them: fixed effects, and thresholds where there are any. */
export function coefficientTables(fit: MixedFit): FitTable[] {
  return [
    ...(commonCoefficients(fit).length > 0
      ? [effectsTable(fit, "Fixed effects", commonCoefficients(fit))]
      : []),
    ...(fit.ordinal?.nominal
      ? [effectsTable(fit, "Nominal effects, by threshold", fit.ordinal.nominal.effects)]
      : []),
    ...(fit.ordinal ? [thresholds(fit.ordinal)] : []),
  ];
}

function describeMethod({ family, method, integration, ordinal, link }: MixedFit): string {
  const by = method === "REML" ? "REML" : "maximum likelihood";
  if (ordinal) {
    return `Cumulative link mixed model (${ordinal.link}, ${ordinal.kind} thresholds) fitted by ${by} (${integration})`;
  }
  return family === "gaussian"
    ? `Linear mixed model fitted by ${by}`
    : `Binomial mixed model (${link} link) fitted by ${by} (${integration})`;
}

function describeModelled({ modelled }: MixedFit): string[] {
  if (!modelled) return [];
  const { name, successes, trials } = modelled;
  return [`Modelled: ${name}, ${successes} of ${trials}`];
}

function criteria(fit: MixedFit): FitTable {
  const values = [fit.aic, fit.aicc, fit.bic, fit.logLik, fit.minusTwoLogLik];
  return {
    title: fit.method === "REML" ? "Fit (criteria from the REML likelihood)" : "Fit",
    columns: ["AIC", "AICc", "BIC", "logLik", "-2 logLik", "parameters"],
    rows: [[...values.map((value) => value.toFixed(1)), String(fit.df)]],
  };
}

function randomEffects(fit: MixedFit): FitTable {
  const hasCorrelation = fit.variances.some(({ corr }) => corr !== null);
  const columns = ["group", "name", "variance", "sd", ...(hasCorrelation ? ["corr"] : [])];
  const rows = fit.variances.map(({ group, name, variance, sd, corr }) => {
    const correlations = corr === null ? [] : typeof corr === "number" ? [corr] : corr;
    const shown = correlations.map((value) => value.toFixed(2)).join(" ");
    return [
      group,
      name,
      significant(variance),
      significant(sd),
      ...(hasCorrelation ? [shown] : []),
    ];
  });
  return { title: "Random effects", columns, rows };
}

function effectsTable(fit: MixedFit, title: string, effects: readonly Coefficient[]): FitTable {
  const isLogOdds = (fit.link ?? fit.ordinal?.link) === "logit";
  const statistic = fit.degreesOfFreedom ? ["df", "t"] : ["z"];
  return {
    title: isLogOdds ? `${title} (log-odds)` : title,
    columns: ["name", "estimate", "se", ...statistic, "p", "95 % from", "to"],
    rows: effects.map(({ name, estimate, se, z, df, p, lower, upper }) => [
      name,
      ...[estimate, se].map((value) => value.toFixed(digitsFor(se))),
      ...(fit.degreesOfFreedom ? [formatDf(df)] : []),
      z.toFixed(2),
      formatP(p),
      ...[lower, upper].map((value) => value.toFixed(digitsFor(se) - 1)),
    ]),
  };
}

// Without a test: nobody expects a threshold to be zero.
function thresholds({ thresholds: all, spacing, nominal }: OrdinalPart): FitTable {
  return {
    title: nominal ? "Thresholds, where nominal terms are 0" : "Thresholds",
    columns: ["name", "estimate", "se", "z", "95 % from", "to"],
    rows: [...all, ...(spacing ? [spacing] : [])].map(({ name, estimate, se, z, lower, upper }) => [
      name,
      ...[estimate, se].map((value) => value.toFixed(4)),
      z.toFixed(2),
      ...[lower, upper].map((value) => value.toFixed(3)),
    ]),
  };
}

/**
 * Says how many digits after the decimal point an estimate is written with: 4, or as many as its standard error needs to show two.
 *
 * @example
 * digitsFor(0.0000137); // => 6
 */
export function digitsFor(se: number): number {
  const needed = 1 - Math.floor(Math.log10(se));
  return se > 0 && needed > 4 ? Math.min(needed, MOST_DIGITS) : 4;
}

const MOST_DIGITS = 15;

/** Writes a probability as papers do. */
export function formatP(p: number): string {
  return p < 0.0001 ? "<.0001" : p.toFixed(4);
}

/** Writes degrees of freedom with one digit after the decimal point; nothing where there are none. */
export function formatDf(df: number | undefined): string {
  return df === undefined ? "" : df.toFixed(1);
}

/** Writes a number with four digits that count. */
export function significant(value: number): string {
  if (value === 0) return "0";
  return Math.abs(value) >= 1e-4 && Math.abs(value) < 1e6
    ? value.toPrecision(4)
    : value.toExponential(2);
}
