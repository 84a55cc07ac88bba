// Systems to compare where no other is at hand: three ways of looking a reply up in the sample corpus. They are in no registry
// and no study, and every text that they find was written for this package.
import { Bm25Index, type Bm25Weights } from "../../src/asking/bm25";
import { readPool } from "../../src/asking/retrieval-provider";
import type { Dialogue } from "../../src/corpus/dialogue";
import { listenerTurns, stimulusAt } from "../../src/corpus/stimulus";
import type { CollectionBuilder } from "./collection";

/** A way of looking a reply up. */
interface Lookup {
  readonly id: string;
  readonly way: string;
  readonly weights: Bm25Weights;
  /** What is looked up, of the utterances before the reply. */
  readonly query: (context: readonly string[]) => string;
}

const whole = (context: readonly string[]) => context.join("\n");

const LOOKUPS: readonly Lookup[] = [
  { id: "lookup", way: "all that was said before, k1 1.2, b 0.75", weights: {}, query: whole },
  {
    id: "lookup-last-turn",
    way: "the last utterance alone, k1 1.2, b 0.75",
    weights: {},
    query: (context) => context.at(-1) ?? "",
  },
  {
    id: "lookup-any-word",
    way: "all that was said before, k1 0, b 0: neither repetition nor length counts",
    weights: { k1: 0, b: 0 },
    query: whole,
  },
];

/** Adds the three systems and their replies to the sample corpus, none from the dialogue that is answered. */
export async function addSampleSystems(
  builder: CollectionBuilder,
  sample: readonly Dialogue[],
): Promise<void> {
  const pool = await readPool("sample");
  for (const { id, way, weights, query } of LOOKUPS) {
    const system = builder.addSystem({
      id,
      name: "BM25 over the sample corpus",
      family: "for the sample corpus only",
      model: "BM25",
      instruction: "none: finds the reply to the most similar context of another dialogue",
      way,
      shown: "all",
    });
    const index = new Bm25Index(pool.contexts, weights);
    for (const dialogue of sample) {
      for (const turn of listenerTurns(dialogue)) {
        const context = stimulusAt(dialogue, turn).context.map(({ text }) => text);
        const found = index.search(query(context), (at) => pool.dialogues[at] !== dialogue.id);
        const stimulus = builder.findStimulus(dialogue.id, turn);
        const text = found && pool.replies[found.document];
        if (text === undefined || stimulus === undefined) continue;
        builder.addReply({ stimulus, system, sample: 1, text, isFree: true });
      }
    }
  }
}
