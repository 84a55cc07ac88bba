// Some files hold replies and no contexts: they are joined by the order of KEMP's file.
import { UserError } from "kit";
import type { PublishedRecord } from "../published-record";
import { KEMP, readLabelledFormat } from "./labelled-formats";

/**
 * Reads the contexts that a file without any is joined by.
 *
 * @param order a file in KEMP's format.
 * @throws UserError if it is not on this machine.
 */
export function readContexts(
  path: string,
  order: string | undefined,
): AsyncGenerator<PublishedRecord> {
  if (order !== undefined) return readLabelledFormat(order, KEMP);
  throw new UserError(
    `${path}: has no contexts and is joined by the order of KEMP's file, which is not on this machine; ` +
      "`npx empathy data fetch kemp` downloads it",
  );
}

/**
 * Puts records of KEMP's order into the one in which an evaluation in batches of two meets them: two dialogues at a time, a
 * turn of one and a turn of the other, and where one ends the next that nobody has begun. ParlAI evaluates so with
 * `--batchsize 2`.
 */
export function takeByTwos<Item extends Pick<PublishedRecord, "context">>(
  records: readonly Item[],
): Item[] {
  const dialogues = groupByDialogue(records);
  const taken: Item[] = [];
  const streams: Item[][] = [[], []];
  let next = 0;
  while (taken.length < records.length) {
    for (const [at, stream] of streams.entries()) {
      const rest = stream.length > 0 ? stream : (dialogues[next++] ?? []);
      taken.push(...rest.slice(0, 1));
      streams[at] = rest.slice(1);
    }
  }
  return taken;
}

// A record is of the dialogue of the one before where its context goes on from that one's.
function groupByDialogue<Item extends Pick<PublishedRecord, "context">>(
  records: readonly Item[],
): Item[][] {
  const dialogues: Item[][] = [];
  for (const record of records) {
    const last = dialogues.at(-1);
    if (last && goesOn(last.at(-1)?.context ?? [], record.context ?? [])) last.push(record);
    else dialogues.push([record]);
  }
  return dialogues;
}

function goesOn(before: readonly string[], context: readonly string[]): boolean {
  return context.length > before.length && before.every((text, at) => context[at] === text);
}
