// How the embedded heads agree with readings of replies, by family: `data/validity/head-readings.csv`.
import { type Level, type Levels, METRICS, type Metric } from "empathy-scorer";
import { HEADS, type Head } from "empathy-scorer/training";
import { formatCsvTable } from "kit/tables";
import { toAccuracy } from "../../src/claims/accuracy";
import { readLevels } from "../../src/claims/scored-levels";
import { projectPath } from "../../src/project";
import { medianLevels, type ReadReply, readReadings, replyKey } from "../../src/readings/readings";
import { type Family, readSystems } from "../../src/systems/system";
import { quadraticKappa } from "../../src/validity/measures";

/** A reply's level by the readings and by a head. */
interface LevelPair {
  readonly reading: Level;
  readonly head: Level;
}

const COLUMNS = [
  "head",
  "family",
  "metric",
  "replies",
  "quadratic_kappa",
  "kappa",
  "sensitivity",
  "specificity",
  "readings_share",
  "head_share",
  "bias",
] as const;

/** One line of the table: a head, a family and a metric. */
export type HeadAgreement = {
  readonly head: Head;
  readonly family: string;
  readonly metric: Metric;
} & ReturnType<typeof measurePairs>;

/** Families as the table has them, and whether a system's family belongs. */
const FAMILIES: readonly (readonly [name: string, has: (family: Family) => boolean])[] = [
  ["human", (family) => family === "human"],
  ["ecs", (family) => family === "ecs"],
  ["llm", (family) => family === "llm"],
  ["all", () => true],
];

/**
 * Compares the committed levels of every head with the readings, each reply once: the heads that ship a model for each fold
 * of dialogues score every reply by one that had not seen its dialogue.
 *
 * Kappa, sensitivity, specificity and shares are of any level against none. Replies of systems without scores are left out.
 *
 * @throws UserError if a table is missing or broken.
 */
export function measureHeads(root = projectPath()): HeadAgreement[] {
  const families = new Map(readSystems().map(({ id, family }) => [id, family]));
  const readings = readReadings({ root }).filter(({ system }) => families.has(system));
  return HEADS.flatMap((head) => {
    const systems = new Set(readings.map(({ system }) => system));
    const levels = readLevels({ root }, `embedded-${head}`, systems);
    return FAMILIES.flatMap(([family, has]) => {
      const own = readings.filter(({ system }) => has(families.get(system) as Family));
      return METRICS.map((metric) => ({
        head,
        family,
        metric,
        ...measurePairs(pairsOf(own, levels, metric)),
      }));
    });
  });
}

/** Writes the agreements as CSV text. */
export function formatHeadAgreement(rows: readonly HeadAgreement[]): string {
  return formatCsvTable(COLUMNS, rows);
}

/** Measures how a head's levels agree with the readings'. */
export function measurePairs(pairs: readonly LevelPair[]) {
  const [read, found] = [pairs.map(({ reading }) => reading), pairs.map(({ head }) => head)];
  const count = (isRead: boolean, isFound: boolean) =>
    pairs.filter(({ reading, head }) => reading > 0 === isRead && head > 0 === isFound).length;
  const { kappa, sensitivity, specificity, reference, instrument, bias } = toAccuracy({
    both: count(true, true),
    onlyReference: count(true, false),
    onlyInstrument: count(false, true),
    neither: count(false, false),
  });
  return {
    replies: pairs.length,
    quadratic_kappa: round(quadraticKappa(read, found)),
    kappa: round(kappa),
    sensitivity: round(sensitivity),
    specificity: round(specificity),
    readings_share: round(reference),
    head_share: round(instrument),
    bias: round(bias),
  };
}

function pairsOf(
  readings: readonly ReadReply[],
  levels: ReadonlyMap<string, Levels>,
  metric: Metric,
): LevelPair[] {
  return readings.flatMap((reply) => {
    const found = levels.get(replyKey(reply));
    return found ? { reading: medianLevels(reply)[metric], head: found[metric] } : [];
  });
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
