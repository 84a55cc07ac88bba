// Finds which of the replies that were read hold a stock sentence.
import { readReadings, replyKey } from "../../src/readings/readings";
import { STOCK_TABLE } from "../../src/readings/stock-sentences";
import type { StudyTexts } from "../replies/published-stage";
import { listStudyReplies } from "../replies/score-stage";

// The sentences by which pairs of post and reply were picked for calibration: data/readings/card.md.
const STOCK =
  /\b(?:must (?:be|feel|have)|sounds? like|i (?:(?:can|could|totally|completely|definitely|really) )*(?:understand how|imagine))\b/i;

/**
 * Whether a reply holds such a sentence.
 *
 * @example
 * holdsStock("That must be hard."); // => true
 */
export function holdsStock(reply: string): boolean {
  return STOCK.test(reply.replaceAll("’", "'"));
}

/** Builds the table: the replies that were read and hold such a sentence, in the order of the readings. */
export function buildStockTable(root: string, texts: StudyTexts): string {
  const stock = new Set<string>();
  for (const { system, replies, toRequest } of listStudyReplies(texts)) {
    for (const reply of replies) {
      if (holdsStock(toRequest(reply).reply)) stock.add(replyKey({ ...reply, system }));
    }
  }
  const found = readReadings({ root }).filter((reply) => stock.has(replyKey(reply)));
  return STOCK_TABLE.format(found);
}
