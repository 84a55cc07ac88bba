// How far a head's shares move between trainings of one method: `data/validity/seeds.csv`. CARE's authors trained nine methods
// with four seeds each. Their replies are no systems of their own, since a unit counts once whatever its seeds.
import { METRICS, type Metric } from "empathy-scorer";
import type { OrderEvidence } from "../systems/order-evidence";
import { alike, typedTable } from "../typed-table";
import { type Study, studyPath } from "./study";

/** The committed table. */
export const SEEDS_FILE = "data/validity/seeds.csv";

/** The methods, by the identifiers of their units' systems; the Transformer is every publication's baseline. */
export const SEED_METHODS = [
  "care",
  "rec-ec",
  "gee-mime",
  "cem",
  "empdg",
  "kemp",
  "mime",
  "moel",
  "transformer",
] as const;

/** What one training's replies are like, and which share of them one head gives each metric to, at first or later turns. */
export interface SeedShares extends OrderEvidence, Readonly<Record<Metric, number>> {
  readonly method: (typeof SEED_METHODS)[number];
  readonly seed: number;
  /** Replies that joined, at all turns. */
  readonly replies: number;
  /** Different ones among them. */
  readonly distinct: number;
  /** Share of the five most frequent. */
  readonly topFive: number;
  readonly scorer: string;
  readonly turns: "first" | "later";
}

/** `data/validity/seeds.csv`, shares to four decimals. */
export const SEEDS_TABLE = typedTable<SeedShares>(
  {
    method: "text",
    seed: "number",
    replies: "number",
    distinct: "number",
    topFive: "number",
    own: "number",
    next: "number",
    scorer: "text",
    turns: "text",
    ...alike(METRICS, "number"),
  },
  4,
);

/**
 * Reads how far shares move between trainings of a method.
 *
 * @throws UserError if the table is missing or broken.
 */
export function readSeedShares(study: Pick<Study, "root">): SeedShares[] {
  return SEEDS_TABLE.read(studyPath(study, SEEDS_FILE));
}
