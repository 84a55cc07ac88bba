// A small corpus, written for these tests. Run as a program, prints the checksum of what is learned from it.
import { type Level, sha256Of } from "empathy-scorer";
import { encodeHead, type MetricModel } from "empathy-scorer/training";
import { trainSupport } from "../../apps/train/train-head";
import { type LabelledText, sortTexts, toTrainingRows } from "../../apps/train/training-rows";

const OPENINGS = [
  "My car broke down.",
  "I lost my keys.",
  "We are moving.",
  "Nobody called me.",
  "The exam was hard.",
];
const PARTS: readonly [string, Level][] = [
  ["I am so sorry to hear that.", 2],
  ["That sounds a bit sad.", 1],
  ["Garages are closed on Monday.", 0],
  ["You could ask a neighbour.", 0],
  ["Take it to the office.", 0],
];

/** Sentences, combined into as many texts as a small training run needs. */
export function handWritten(): LabelledText[] {
  return OPENINGS.flatMap((answered, at) =>
    PARTS.flatMap(([reply, level]) =>
      ["", " Good luck.", " It rains."].map((end, place) => ({
        group: `${at}`.repeat(3) + reply.length + place,
        answered,
        reply: `${at % 2 ? "Well, " : ""}${reply}${end}`,
        level,
        rationales: level > 0 ? [reply] : [],
      })),
    ),
  );
}

/** A model as bytes. */
export function bytesOf(model: MetricModel): Buffer {
  return encodeHead({ er: [model], ip: [model], ex: [model] });
}

/** Trains on texts, in whatever order they come. */
export function trainOn(texts: readonly LabelledText[]): Buffer {
  return bytesOf(trainSupport(toTrainingRows(sortTexts([...texts]))));
}

if (require.main === module) process.stdout.write(sha256Of(trainOn(handWritten())));
