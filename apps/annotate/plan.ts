// A plan of a study by people: which replies are drawn, how, and who reads which. It holds no text.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { byMetric, type Level, type Levels, METRICS, type Metric } from "empathy-scorer";
import { UserError } from "kit";
import { checkRegistry } from "kit/registry";
import { projectPath } from "../../src/project";
import { allocate } from "./allocate";
import { drawSample } from "./draw-sample";
import { type ErrorsByLevel, readExpectedErrors } from "./expected-errors";
import { type ExpectedWidth, expectWidths } from "./expected-widths";
import type { ByMetric, PopulationReply } from "./population";
import { type Stratum, stratify } from "./strata";

const FORMAT = "empathy-annotate 1";

/** A stratum as the plan keeps it. */
export interface PlannedStratum {
  readonly system: string;
  readonly family: string;
  readonly level: Level;
  /** Number of replies in the population. */
  readonly size: number;
  /** Number of replies drawn. */
  readonly drawn: number;
  /** Mean predicted level of each metric over the whole stratum. */
  readonly predicted: ByMetric<number>;
}

/** A drawn reply: what its identifier in the pages stands for. */
export interface PlannedReply {
  /** The only name by which raters know it, such as `r017`. */
  readonly id: string;
  /** Number of its stratum, from 0. */
  readonly stratum: number;
  readonly place: string;
  readonly predicted: Levels;
}

/** One rater's page: its name, and its replies in their order. */
export interface PlannedPage {
  readonly page: string;
  readonly replies: readonly string[];
}

/** A plan, as its file has it. */
export interface Plan {
  /** Stands in every rater's file: `p` and 15 digits of a sha256 of all that follows. */
  readonly id: string;
  readonly format: string;
  readonly scorer: string;
  readonly seed: number;
  /** Number of readings: replies that all raters read count once a rater. */
  readonly budget: number;
  readonly overlap: number;
  /** The metric whose predicted level divides the strata. */
  readonly strataBy: Metric;
  /** The metrics whose mean variance the allocation minimises. */
  readonly metrics: readonly Metric[];
  /** Expected half-widths of 95 % intervals, before anyone has read. */
  readonly expected: readonly ExpectedWidth[];
  readonly strata: readonly PlannedStratum[];
  readonly replies: readonly PlannedReply[];
  readonly pages: readonly PlannedPage[];
}

/** What a plan is asked for. */
export interface PlanOptions {
  readonly scorer: string;
  /** Number of readings. */
  readonly budget: number;
  /** Number of raters, from 1. */
  readonly raters: number;
  /** Number of replies that all raters read. */
  readonly overlap: number;
  readonly seed: number;
  /** The one metric that the allocation is made for; all three by default. */
  readonly metric?: Metric | undefined;
  /** Expected errors; those of EPITOME's confusions by default. */
  readonly errors?: ByMetric<ErrorsByLevel>;
}

/** A plan, and which reply of the population each of its replies is. */
export interface MadePlan {
  readonly plan: Plan;
  /** Positions in the population, in the order of `plan.replies`. */
  readonly members: readonly number[];
}

/**
 * Draws a two-phase sample: strata of system by predicted level, the second phase at random within them.
 *
 * Strata are made by the metric that is asked for, or else by the one that leaves the least expected variance.
 *
 * @throws UserError if the budget does not suffice for two replies of each stratum.
 */
export function makePlan(replies: readonly PopulationReply[], options: PlanOptions): MadePlan {
  const { scorer, budget, raters, overlap, seed, metric } = options;
  const draws = countDraws(budget, overlap, raters);
  const metrics = metric ? [metric] : METRICS;
  const errors = options.errors ?? readExpectedErrors();
  const { strataBy, strata, counts } = chooseStrata(replies, metrics, errors, draws);
  const { replies: drawn, pages } = drawSample(
    strata.map(({ members }) => members),
    counts,
    { raters, overlap, seed },
  );
  const digits = Math.max(3, String(drawn.length).length);
  const idOf = (at: number) => `r${String(at + 1).padStart(digits, "0")}`;
  const plan = {
    format: FORMAT,
    scorer,
    seed,
    budget,
    overlap,
    strataBy,
    metrics,
    expected: expectWidths(strata, counts),
    strata: strata.map((stratum, at) => describe(stratum, counts[at] ?? 0)),
    replies: drawn.flatMap(({ member, stratum }, at) => {
      const reply = replies[member];
      if (!reply) return [];
      return [{ id: idOf(at), stratum, place: reply.place, predicted: reply.predicted }];
    }),
    pages: pages.map((own, at) => ({ page: `rater-${at + 1}`, replies: own.map(idOf) })),
  };
  return { plan: { id: checksum(plan), ...plan }, members: drawn.map(({ member }) => member) };
}

function countDraws(budget: number, overlap: number, raters: number): number {
  const draws = raters > 1 ? budget - overlap * (raters - 1) : budget;
  if (raters === 1 || overlap <= draws) return draws;
  throw new UserError(
    `${budget} readings do not suffice for ${raters} raters of ${overlap} shared replies; raise --budget or lower --overlap`,
  );
}

function chooseStrata(
  replies: readonly PopulationReply[],
  metrics: readonly Metric[],
  errors: ByMetric<ErrorsByLevel>,
  draws: number,
) {
  const candidates = metrics.map((strataBy) => {
    const strata = stratify(replies, strataBy, errors);
    const costs = strata.map(({ share, variance }) =>
      metrics.reduce((sum, metric) => sum + share ** 2 * variance[metric], 0),
    );
    const counts = allocate(
      strata.map(({ members }, at) => ({ size: members.length, cost: costs[at] ?? 0 })),
      draws,
    );
    const expected = costs.reduce((sum, cost, at) => {
      const [size, count] = [strata[at]?.members.length ?? 1, counts[at] ?? 1];
      return sum + cost * (1 / count - 1 / size);
    }, 0);
    return { strataBy, strata, counts, expected };
  });
  return candidates.reduce((best, other) => (other.expected < best.expected ? other : best));
}

function describe(stratum: Stratum, drawn: number): PlannedStratum {
  const { system, family, level, members } = stratum;
  const predicted = byMetric((metric) => Number(stratum.predicted[metric].toFixed(9)));
  return { system, family, level, size: members.length, drawn, predicted };
}

/** Writes a plan as JSON. */
export function formatPlan(plan: Plan): string {
  return `${JSON.stringify(plan, null, 1)}\n`;
}

/**
 * Reads a plan.
 *
 * @throws UserError if the file is missing, is no plan, was changed since it was made, or lacks something.
 */
export function readPlan(path: string): Plan {
  const plan = parse(path);
  if (plan?.format !== FORMAT) {
    throw new UserError(
      `${path}: is not a plan; name the plan.json that \`npx empathy annotate plan\` wrote`,
    );
  }
  const { id, ...rest } = plan;
  if (id !== checksum(rest)) {
    throw new UserError(
      `${path}: was changed since it was made; restore it, or make it again with the same options`,
    );
  }
  checkPlan(plan, path);
  return plan;
}

// Whoever can compute the checksum can write any plan.
function checkPlan(plan: Plan, path: string): void {
  const schemaPath = projectPath("data", "plan.schema.json");
  checkRegistry(plan, { path, schemaPath, list: "replies", noun: "reply" });
  const lost = plan.replies.find(({ stratum }) => stratum >= plan.strata.length);
  if (!lost) return;
  throw new UserError(
    `${path}: reply '${lost.id}' is of stratum ${lost.stratum}, and there are ${plan.strata.length}; make the plan again`,
  );
}

function parse(path: string): Plan | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw new UserError(
      `${path}: cannot be read; name the plan.json that \`npx empathy annotate plan\` wrote`,
    );
  }
}

// A letter first: a spreadsheet takes digits with an e among them for a number, and writes another one.
function checksum(plan: Omit<Plan, "id">): string {
  const digits = createHash("sha256").update(JSON.stringify(plan)).digest("hex");
  return `p${digits.slice(0, 15)}`;
}
