// What classifiers find in what people say that listeners do, as counts: `data/validity/acts.csv`, which stands beside
// `data/readings/criteria.csv`, where readings are counted in the same way.
import { byMetric, type Metric } from "empathy-scorer";
import { projectPath } from "../project";
import { typedTable } from "../typed-table";

/** In how many items with a label a classifier finds each metric. */
export interface ActCount {
  readonly source: "eqt" | "intent";
  readonly label: string;
  /** The classifier: a folder of `data/scores`. */
  readonly scorer: string;
  readonly items: number;
  /** Items that stand in a dialogue: they are scored with all utterances before them, the others without any. */
  readonly inDialogue: number;
  /** Items that reach level 1 or 2. */
  readonly any: Readonly<Record<Metric, number>>;
}

interface ActRow extends Pick<ActCount, "source" | "label" | "scorer" | "items"> {
  readonly in_dialogue: number;
  readonly er_any: number;
  readonly ip_any: number;
  readonly ex_any: number;
}

const TABLE = typedTable<ActRow>({
  source: "text",
  label: "text",
  scorer: "text",
  items: "number",
  in_dialogue: "number",
  er_any: "number",
  ip_any: "number",
  ex_any: "number",
});

/** Writes the counts as a table. */
export function formatActs(counts: readonly ActCount[]): string {
  return TABLE.format(
    counts.map(({ source, label, scorer, items, inDialogue, any }) => ({
      source,
      label,
      scorer,
      items,
      in_dialogue: inDialogue,
      er_any: any.er,
      ip_any: any.ip,
      ex_any: any.ex,
    })),
  );
}

/**
 * Reads in how many items with a label the classifiers find each metric.
 *
 * @param path `data/validity/acts.csv` by default.
 * @throws UserError if the file is missing or broken.
 */
export function readActCounts(path = projectPath("data", "validity", "acts.csv")): ActCount[] {
  return TABLE.read(path).map(({ source, label, scorer, items, in_dialogue, ...row }) => ({
    source,
    label,
    scorer,
    items,
    inDialogue: in_dialogue,
    any: byMetric((metric) => row[`${metric}_any`]),
  }));
}
