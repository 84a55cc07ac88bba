import { join, relative } from "node:path";
import { METRICS, type Metric } from "empathy-scorer";
import { largest, UserError } from "kit";
import { tableToText } from "mixed-models";
import { readFilePopulation } from "../annotate/file-population";
import { makePlan, type Plan } from "../annotate/plan";
import type { Population } from "../annotate/population";
import { readPublishedPopulation } from "../annotate/published-population";
import { readSamplePopulation } from "../annotate/sample-population";
import { writeStudy } from "../annotate/write-study";
import { printable } from "./printable";

interface Flags {
  readonly systems?: string;
  readonly scorer: string;
  readonly replies?: string;
  readonly sample?: boolean;
  readonly budget: number;
  readonly raters: number;
  readonly overlap: number;
  readonly metric?: Metric;
  readonly seed: number;
  readonly out: string;
  readonly dryRun?: boolean;
}

/** Runs `empathy annotate plan`. */
export async function planStudy(flags: Flags): Promise<void> {
  const population = await findPopulation(flags);
  const { budget, raters, overlap, metric, seed, out } = flags;
  const { scorer, replies } = population;
  const made = makePlan(replies, {
    scorer,
    budget,
    raters,
    metric,
    seed,
    overlap: raters > 1 ? overlap : 0,
  });
  process.stdout.write(printable(describe(made.plan)));
  if (flags.dryRun) return;
  for (const file of await writeStudy(out, made, population)) {
    process.stdout.write(`${printable(relative(process.cwd(), file) || file)}\n`);
  }
  const read = `npx empathy annotate read --plan ${join(out, "plan.json")} --rater FILE…`;
  process.stdout.write(
    `Each rater opens one page and sends its file back; then: ${printable(read)}\n`,
  );
}

async function findPopulation(flags: Flags): Promise<Population> {
  const { systems, replies, sample, scorer } = flags;
  const named = [systems, replies, sample].filter((one) => one !== undefined);
  if (named.length !== 1) {
    throw new UserError("say whose replies are to be rated: one of --systems, --replies, --sample");
  }
  if (sample) return readSamplePopulation();
  if (replies !== undefined) return readFilePopulation(replies);
  const ids = (systems ?? "").split(",").map((id) => id.trim());
  return readPublishedPopulation([...new Set(ids.filter(Boolean))], scorer);
}

function describe(plan: Plan): string {
  const { strata, replies, pages, overlap, strataBy, expected } = plan;
  const size = strata.reduce((sum, stratum) => sum + stratum.size, 0);
  const perRater = largest(pages.map((page) => page.replies.length));
  const shared = pages.length > 1 ? `, ${overlap} of them shared` : "";
  const who = pages.length === 1 ? "1 rater" : `${pages.length} raters`;
  const lines = [
    `Plan ${plan.id}: ${replies.length} of ${size} replies, in ${strata.length} strata of system by level of ${strataBy.toUpperCase()};`,
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
  const note = `Expected from the classifier's errors on EPITOME; where it errs more, or raters waver, intervals are wider.`;
  return `${lines.join("\n")}\n\n${table}\n\n${note}\n`;
}
