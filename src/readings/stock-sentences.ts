// Sentences in which the reader sees more interpretation than people do: "that must be terrifying", "I can imagine". Which of
// the replies that were read hold one stands, without text, in `data/readings/stock-sentences.csv`.
import { studyPath } from "../project";
import { typedTable } from "../typed-table";
import { type ReplyPlace, replyKey } from "./reading-rows";
import type { CalibrationCount } from "./readings";

/** The committed table. */
export const STOCK_FILE = "data/readings/stock-sentences.csv";

export const STOCK_TABLE = typedTable<ReplyPlace>({
  system: "text",
  dialogue: "text",
  turn: "number",
  sample: "number",
});

/** Reads the table: the keys of replies that hold such a sentence. */
export function readStock(study: { readonly root: string }): Set<string> {
  return new Set(STOCK_TABLE.read(studyPath(study, STOCK_FILE)).map(replyKey));
}

/** Under which name calibration counts are of pairs with such sentences. */
const STOCK_PAIRS = "epitome-machine-like";

/**
 * Of such pairs in which the reader sees interpretation, the share in which people do.
 *
 * @returns undefined where nobody counted.
 */
export function stockPrecision(calibration: readonly CalibrationCount[]): number | undefined {
  const seen = calibration.filter(
    ({ source, metric, reader }) => source === STOCK_PAIRS && metric === "ip" && reader > 0,
  );
  const pairsOf = (rows: readonly CalibrationCount[]) =>
    rows.reduce((sum, { pairs }) => sum + pairs, 0);
  return seen.length === 0
    ? undefined
    : pairsOf(seen.filter(({ people }) => people > 0)) / pairsOf(seen);
}
