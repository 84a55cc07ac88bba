import { relative } from "node:path";
import { METRICS, type Metric } from "empathy-scorer";
import { countNoun, largest, UserError } from "kit";
import { tableToText } from "mixed-models";
import { projectPath } from "../../src/project";
import { DISAGREEMENT_RULE } from "../annotate/disagreement";
import { makeDisputePlan } from "../annotate/dispute-plan";
import { expectErrorsOf } from "../annotate/expected-errors";
import { readFilePopulation } from "../annotate/file-population";
import { type MadePlan, makePlan } from "../annotate/plan";
import { type Plan, readPlan } from "../annotate/plan-file";
import { findPlanned } from "../annotate/plan-pages";
import type { Population } from "../annotate/population";
import { readPublishedPopulation } from "../annotate/published-population";
import { readSamplePopulation } from "../annotate/sample-population";
import { writePlan, writeStudy } from "../annotate/write-study";
import { parseList } from "./parse-list";
import { printable } from "./printable";

interface Flags {
  readonly systems?: string;
  readonly scorer: string;
  readonly replies?: string;
  readonly sample?: boolean;
  readonly disagreement?: number;
  readonly budget: number;
  readonly raters: number;
  readonly overlap?: number;
  readonly metric?: Metric;
  readonly seed: number;
  readonly out: string;
  readonly dryRun?: boolean;
}

/** Replies that every rater reads, by default and where the budget allows for them. */
export const SHARED_REPLIES = 30;

/** Runs `empathy annotate plan`. */
export async function planStudy(flags: Flags): Promise<void> {
  const { made, population, countedOn } = await choosePlan(flags);
  process.stdout.write(
    printable(countedOn === undefined ? describeDraw(made.plan) : describe(made.plan, countedOn)),
  );
  if (!flags.dryRun) await keepStudy(flags.out, made, population);
}

/** Writes a plan with its pages into a folder, or alone into a file, and says what comes next. */
async function keepStudy(
  out: string,
  made: MadePlan,
  population: Population | undefined,
): Promise<void> {
  const isAlone = out.endsWith(".json") || !population;
  const files = isAlone ? [writePlan(out, made.plan)] : await writeStudy(out, made, population);
  for (const file of files) {
    process.stdout.write(`${printable(relative(process.cwd(), file) || file)}\n`);
  }
  const path = files.at(-1) as string;
  const read = `npx empathy annotate read --plan ${path} --rater FILE…`;
  const pages = `npx empathy annotate pages --plan ${path} --out FOLDER`;
  process.stdout.write(
    isAlone
      ? `\`${printable(pages)}\` writes one page for each rater.\n`
      : `Each rater opens one page and sends its file back; then: ${printable(read)}\n`,
  );
}

interface PagesFlags {
  readonly plan: string;
  readonly out: string;
}

/** Runs `empathy annotate pages`. */
export async function writePages({ plan: path, out }: PagesFlags): Promise<void> {
  if (out.endsWith(".json")) throw new UserError(`--out ${out}: name a folder for the pages`);
  const { made, population } = findPlanned(readPlan(path), path);
  await keepStudy(out, made, population);
}

interface ChosenPlan {
  readonly made: MadePlan;
  readonly population: Population;
  /** What the expected half-widths rest on; a draw of the replies on which instruments disagree expects none. */
  readonly countedOn?: string;
}

async function choosePlan(flags: Flags): Promise<ChosenPlan> {
  const { scorer, budget, raters, metric, seed, disagreement } = flags;
  if (disagreement !== undefined) {
    refuseOthers(flags);
    const overlap = raters > 1 ? (flags.overlap ?? SHARED_REPLIES) : 0;
    const rule = { ...DISAGREEMENT_RULE, ofFamily: disagreement };
    const root = projectPath();
    return findPlanned(makeDisputePlan({ root }, { scorer, raters, overlap, seed, rule }), "plan");
  }
  const population = await findPopulation(flags);
  const most = Math.min(SHARED_REPLIES, Math.floor(budget / raters / 2));
  const overlap = raters > 1 ? (flags.overlap ?? most) : 0;
  const { errors, countedOn } = expectErrorsOf(population.scorer);
  const options = { scorer: population.scorer, budget, raters, metric, seed, overlap, errors };
  return { made: makePlan(population.replies, options), population, countedOn };
}

function refuseOthers({ systems, replies, sample, metric }: Flags): void {
  if ((systems ?? replies ?? sample ?? metric) === undefined) return;
  throw new UserError(
    "--disagreement chooses among all replies that were read; leave out --systems, --replies, --sample and --metric",
  );
}

async function findPopulation(flags: Flags): Promise<Population> {
  const { systems, replies, sample, scorer } = flags;
  const named = [systems, replies, sample].filter((one) => one !== undefined);
  if (named.length !== 1) {
    throw new UserError(
      "say whose replies are to be rated: one of --systems, --replies, --sample, --disagreement",
    );
  }
  if (sample) return readSamplePopulation();
  if (replies !== undefined) return readFilePopulation(replies);
  return readPublishedPopulation([...new Set(parseList(systems ?? ""))], scorer);
}

function describe(plan: Plan, countedOn: string): string {
  const { strata, replies, pages, overlap, strataBy, expected } = plan;
  const size = strata.reduce((sum, stratum) => sum + stratum.size, 0);
  const perRater = largest(pages.map((page) => page.replies.length));
  const shared = pages.length > 1 ? `, ${overlap} of them shared` : "";
  const who = countNoun(pages.length, "rater");
  const lines = [
    `Plan ${plan.id}: ${replies.length} of ${size} replies, in ${strata.length} strata of system by level of ${strataBy?.toUpperCase()};`,
    `${who}, ${perRater} replies at most for one${shared}.`,
  ];
  const table = tableToText({
    title: "Expected half-width of the 95 % interval of the mean level",
    columns: ["", "replies", ...METRICS.map((metric) => metric.toUpperCase())],
    rows: expected.map(({ kind, name, drawn, halfWidth }) => [
      kind === "family" ? `family ${name}` : name,
      String(drawn),
      ...METRICS.map((metric) => halfWidth[metric].toFixed(3)),
    ]),
  });
  const note = `Expected from ${countedOn}; where it errs more, or raters waver, intervals are wider.`;
  return `${lines.join("\n")}\n\n${table}\n\n${note}\n`;
}

function describeDraw(plan: Plan): string {
  const { strata, replies, pages, overlap, scorer, draw } = plan;
  const size = strata.reduce((sum, stratum) => sum + stratum.size, 0);
  const shared = pages.length > 1 ? `, ${overlap} of them read by all` : "";
  const who = countNoun(pages.length, "rater");
  const table = tableToText({
    title: `Replies on which readings and ${scorer} disagree most`,
    columns: ["", "family", "read", "drawn"],
    rows: strata.map(({ system, family, size: read, drawn }) => [
      system,
      family,
      String(read),
      String(drawn),
    ]),
  });
  const rule = `Of each family ${draw?.ofFamily}, of each system ${draw?.leastOfSystem} at least and ${100 * (draw?.mostShare ?? 1)} % of its family's at most.`;
  return `Plan ${plan.id}: ${replies.length} of ${size} replies for ${who}${shared}.\n${rule}\n\n${table}\n\n`;
}
