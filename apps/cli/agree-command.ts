import type { Command } from "commander";
import { largest, UserError } from "kit";
import { type CsvTable, labelsOf, readCsvTable } from "kit/tables";
import {
  agreementOfAll,
  agreementOfPairs,
  type OverallAgreement,
  type PairAgreement,
  type Rating,
} from "mixed-models/agreement";
import { whole } from "./ask-options";
import { printable } from "./printable";
import { Progress } from "./progress";

interface Flags {
  readonly data: string;
  readonly unit: string;
  readonly rater: string;
  readonly value: readonly string[];
  readonly raters?: readonly string[];
  readonly resamples: number;
  readonly seed: number;
  readonly json?: boolean;
}

interface ValueAgreement {
  readonly value: string;
  readonly overall: OverallAgreement;
  readonly pairs: readonly PairAgreement[];
}

/** Says what `empathy agree` takes and does. */
export function defineAgree(command: Command): void {
  command
    .requiredOption("--data <file>", "CSV file with a header; empty cells are missing ratings")
    .requiredOption("--unit <column>", "what was rated")
    .requiredOption("--rater <column>", "who rated it")
    .requiredOption("--value <column...>", "the rating, or several columns of ratings")
    .option(
      "--raters <name...>",
      "these raters only, in this order (default: all)",
      (name: string, others: readonly string[] = []) => [...others, name.normalize()],
    )
    .option("--resamples <count>", "bootstrap resamples for the intervals", Number, 2000)
    .addOption(whole("--seed <number>", "of the bootstrap", 0).default(1))
    .option("--json", "print every coefficient as JSON")
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const { data, resamples, seed, json } = flags;
  if (!Number.isInteger(resamples) || resamples < 1) {
    throw new UserError("--resamples should be a whole number from 1");
  }
  const progress = new Progress();
  const table = await progress.during(`reading ${data}`, () => readCsvTable(data, progress));
  for (const column of [flags.unit, flags.rater, ...flags.value]) {
    if (Object.hasOwn(table, column)) continue;
    const known = Object.keys(table).join(", ");
    throw new UserError(`${data}: has no column '${column}'; it has ${known}`);
  }
  const raters = chooseRaters(table, flags);
  const results: ValueAgreement[] = [];
  for (const value of flags.value) {
    const ratings = toRatings(table, value, raters, flags);
    const pairs = await progress.during(`resampling '${value}'`, () =>
      agreementOfPairs(ratings, raters, { resamples, seed }),
    );
    results.push({ value, overall: agreementOfAll(ratings), pairs });
  }
  for (const { value, pairs } of results) {
    if (pairs.some(({ units }) => units > 0)) continue;
    progress.onNote(`${data}: '${value}': no unit has ratings of two raters`);
  }
  if (json) process.stdout.write(`${JSON.stringify({ raters, values: results }, null, 2)}\n`);
  else process.stdout.write(printable(describe(raters, results)));
}

// One name in two forms of Unicode is one rater.
function namesOf(table: CsvTable, rater: string): (string | null)[] {
  return labelsOf(table, rater).map((name) => name?.normalize() ?? null);
}

function chooseRaters(table: CsvTable, { data, rater, raters }: Flags): string[] {
  const names = namesOf(table, rater);
  const unnamed = names.indexOf(null);
  if (unnamed >= 0)
    throw new UserError(`${data}: row ${unnamed + 1} has no '${rater}'; fill it in`);
  const twice = raters?.find((name, at) => raters.indexOf(name) !== at);
  if (twice !== undefined) throw new UserError(`--raters names '${twice}' twice; name each once`);
  const found = [...new Set(names.map(String))];
  const unknown = raters?.find((name) => !found.includes(name));
  if (unknown) {
    throw new UserError(
      `${data}: has no rater '${unknown}' in '${rater}'; it has ${found.join(", ")}`,
    );
  }
  const chosen = raters ? [...raters] : found;
  if (chosen.length >= 2) return chosen;
  throw new UserError(`${data}: '${rater}' names one rater only; agreement needs two`);
}

/** Lays one column of ratings out as one row a unit, one column a rater. */
function toRatings(
  table: CsvTable,
  value: string,
  raters: readonly string[],
  flags: Flags,
): Rating[][] {
  const { data, unit, rater } = flags;
  const rows = new Map<string, Rating[]>();
  const [units, given] = [labelsOf(table, unit), table[value] as Rating[]];
  refuseInfinite(given, value, data);
  for (const [at, name] of namesOf(table, rater).entries()) {
    const column = raters.indexOf(String(name));
    if (column === -1) continue;
    const id = units[at] ?? null;
    if (id === null) throw new UserError(`${data}: row ${at + 1} has no '${unit}'; fill it in`);
    const row = rows.get(id) ?? raters.map(() => null);
    const rating = given[at] as Rating;
    if (row[column] !== null && rating !== null) {
      throw new UserError(
        `${data}: row ${at + 1}: ${name} rates '${id}' a second time; keep one rating of each rater`,
      );
    }
    row[column] = rating ?? row[column] ?? null;
    rows.set(id, row);
  }
  return [...rows.values()];
}

function refuseInfinite(ratings: readonly Rating[], value: string, data: string): void {
  const row = ratings.findIndex((rating) => Math.abs(Number(rating)) === Number.POSITIVE_INFINITY);
  if (row < 0) return;
  throw new UserError(
    `${data}: row ${row + 1} of '${value}' is infinite; correct it, or leave it empty`,
  );
}

function describe(raters: readonly string[], results: readonly ValueAgreement[]): string {
  const pairs = raters.flatMap((one, at) =>
    raters.slice(at + 1).map((other) => `${one} ~ ${other}`),
  );
  const nameWidth = largest([...pairs, "Krippendorff's alpha"].map(({ length }) => length));
  const lines: string[] = [];
  for (const { value, overall, pairs: found } of results) {
    const isQuadratic = found.some(({ kappaQuadratic }) => kappaQuadratic !== null);
    const kappa = isQuadratic ? "quadratic kappa" : "kappa";
    lines.push(`${value} (${overall.units} units)`);
    lines.push(`  ${"".padEnd(nameWidth)}  ${kappa.padEnd(16)} 95 % interval   agreement  units`);
    for (const pair of found) {
      const main = isQuadratic ? pair.kappaQuadratic : pair.kappa;
      const range = pair.interval
        ? `${show(pair.interval.lower)} to ${show(pair.interval.upper)}`
        : "";
      lines.push(
        `  ${pair.raters.join(" ~ ").padEnd(nameWidth)}  ${show(main).padEnd(16)} ${range.padEnd(15)} ${show(pair.percent).padStart(9)}  ${String(pair.units).padStart(5)}`,
      );
    }
    lines.push(`  ${"Fleiss' kappa".padEnd(nameWidth)}  ${show(overall.fleissKappa)}`);
    const { alphaNominal, alphaOrdinal, alphaInterval } = overall;
    const alpha = isQuadratic
      ? `${show(alphaOrdinal)} ordinal, ${show(alphaInterval)} interval`
      : `${show(alphaNominal)} nominal`;
    lines.push(`  ${"Krippendorff's alpha".padEnd(nameWidth)}  ${alpha}`);
    lines.push(`  ${"Gwet's AC1".padEnd(nameWidth)}  ${show(overall.ac1)}`, "");
  }
  return lines.join("\n");
}

function show(value: number | null): string {
  return value === null ? "–" : value.toFixed(3).replace("-", "−");
}
