// A reply's place in words, as plans have it, and back.
import type { ReplyPlace } from "../../src/readings/reading-rows";

/** Where a reply stands, in words. */
export function placeOf({ dialogue, turn, sample }: Omit<ReplyPlace, "system">): string {
  return `${dialogue} turn ${turn} sample ${sample}`;
}

/** Reads a place back; undefined for the file and line of a table of one's own, which is in no dialogue. */
export function parsePlace(place: string): Omit<ReplyPlace, "system"> | undefined {
  const [, dialogue, turn, sample] = /^(\S+) turn (\d+) sample (\d+)$/.exec(place) ?? [];
  if (dialogue === undefined) return undefined;
  return { dialogue, turn: Number(turn), sample: Number(sample) };
}
