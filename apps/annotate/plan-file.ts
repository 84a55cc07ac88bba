// A plan's file, plan.json: which replies are drawn, how, and who reads which. It holds no text.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Level, Levels, Metric } from "empathy-scorer";
import { UserError } from "kit";
import { checkRegistry } from "kit/registry";
import { projectPath } from "../../src/project";
import type { DisagreementRule } from "./disagreement";
import type { ExpectedWidth } from "./expected-widths";
import type { ByMetric } from "./population";

const FORMAT = "empathy-annotate 1";

/** A stratum as the plan keeps it. */
export interface PlannedStratum {
  readonly system: string;
  readonly family: string;
  /** The predicted level, where strata are made by it. */
  readonly level?: Level;
  /** Number of replies in the population. */
  readonly size: number;
  /** Number of replies drawn. */
  readonly drawn: number;
  /** Mean predicted level of each metric over the whole stratum. */
  readonly predicted: ByMetric<number>;
  /** Share of its replies with a predicted level of 1 or more; plans of earlier versions do not say. */
  readonly shown?: ByMetric<number>;
}

/** A drawn reply: what its identifier in the pages stands for. */
interface PlannedReply {
  /** The only name by which raters know it, such as `r017`. */
  readonly id: string;
  /** Number of its stratum, from 0. */
  readonly stratum: number;
  readonly place: string;
  readonly predicted: Levels;
}

/** One rater's page: its name, and its replies in their order. */
interface PlannedPage {
  readonly page: string;
  readonly replies: readonly string[];
}

/** A draw of the replies on which readings and the classifier disagree most. */
interface PlannedDraw extends DisagreementRule {
  readonly by: "disagreement";
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
  /** How replies were drawn, where not at random within strata: then nothing follows from them about means. */
  readonly draw?: PlannedDraw;
  /** The metric whose predicted level divides the strata, where one does. */
  readonly strataBy?: Metric;
  /** The metrics whose mean variance the allocation minimises. */
  readonly metrics: readonly Metric[];
  /** Expected half-widths of 95 % intervals, before anyone has read. */
  readonly expected: readonly ExpectedWidth[];
  readonly strata: readonly PlannedStratum[];
  readonly replies: readonly PlannedReply[];
  readonly pages: readonly PlannedPage[];
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

/** Gives drawn replies, by their position, the only names by which raters know them. */
export function nameReplies(count: number): (at: number) => string {
  const digits = Math.max(3, String(count).length);
  return (at) => `r${String(at + 1).padStart(digits, "0")}`;
}

/** Completes a plan: its identifier stands for all that it says. */
export function sealPlan(plan: Omit<Plan, "id" | "format">): Plan {
  const rest = { format: FORMAT, ...plan };
  return { id: checksum(rest), ...rest };
}

// A letter first: a spreadsheet takes digits with an e among them for a number, and writes another one.
function checksum(plan: Omit<Plan, "id">): string {
  const digits = createHash("sha256").update(JSON.stringify(plan)).digest("hex");
  return `p${digits.slice(0, 15)}`;
}
