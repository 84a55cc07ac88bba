// The formats that are records of labelled lines, each as data: which line holds what.
import type { PublishedRecord } from "../published-record";
import {
  type LabelledValue,
  type Layout,
  readLabelledRecords,
  readUtterances,
} from "./labelled-records";

/** A layout, and what its lines hold. */
export interface LabelledFormat extends Layout {
  /** The line that names the conversation's emotion, where one is known to. */
  readonly emotion?: string;
  readonly reference: string;
  /** What each system's reply is labelled, and what the system is called; empty for the only one. */
  readonly replies: Readonly<Record<string, string>>;
}

/** KEMP (github.com/qtli/KEMP). */
export const KEMP: LabelledFormat = {
  name: "kemp",
  labels: ["Emotion:", "Context:", "Concept:", "Pred:", "Ref:"],
  emotion: "Emotion:",
  reference: "Ref:",
  replies: { "Pred:": "" },
};

/** MIME, three decodings (github.com/declare-lab/MIME); its first line adds two scores to the emotion. */
export const MIME: LabelledFormat = {
  name: "mime",
  headerLines: 3,
  rule: /^-+$/,
  labels: ["emotion:", "Context:", "Topk:", "Beam:", "Greedy:", "Ref:"],
  emotion: "emotion:",
  reference: "Ref:",
  replies: { "Topk:": "Topk", "Beam:": "Beam", "Greedy:": "Greedy" },
};

/** CEM, two decodings (github.com/Sahandfer/CEM); two lines of scores come first. */
export const CEM: LabelledFormat = {
  name: "cem",
  headerLines: 2,
  rule: /^-+$/,
  labels: ["Emotion:", "Pred Emotions:", "Context:", "Beam:", "Greedy:", "Ref:"],
  emotion: "Emotion:",
  reference: "Ref:",
  replies: { "Beam:": "Beam", "Greedy:": "Greedy" },
};

/** CAB (github.com/geri-emp/CAB). Which of its emotion lines is the conversation's is not documented. */
export const CAB: LabelledFormat = {
  name: "cab",
  rule: /^[-=_*]{3,}$/,
  labels: [
    "Context:",
    "Situation:",
    "Knowledge:",
    "Emotion_s:",
    "Emotion_l:",
    "Emotion:",
    "Act:",
    "Greedy:",
    "Ref:",
  ],
  reference: "Ref:",
  replies: { "Greedy:": "" },
};

/**
 * Reads a file of labelled records; memory does not grow with it.
 *
 * @throws UserError naming file and line if the layout or a list of utterances is broken.
 */
export async function* readLabelledFormat(
  path: string,
  format: LabelledFormat,
): AsyncGenerator<PublishedRecord> {
  for await (const record of readLabelledRecords(path, format)) {
    const at = (label: string) => record.get(label) as LabelledValue;
    yield {
      line: at(format.labels[0] as string).line,
      ...(format.emotion ? { emotion: at(format.emotion).text.split("\t")[0] as string } : {}),
      context: readUtterances(path, at("Context:")),
      reference: at(format.reference).text,
      replies: Object.entries(format.replies).map(([label, column]) => ({
        column,
        text: at(label).text,
      })),
    };
  }
}
