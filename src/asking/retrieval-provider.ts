// The classic baseline on EmpatheticDialogues (Rashkin et al. 2019): look up the most similar context
// among known dialogues and give the reply that its listener gave. Similarity is BM25.
import { createHash } from "node:crypto";
import type { Answer, Provider, RequestBody } from "ask-models";
import type { Dialogue } from "../corpus/dialogue";
import { readDialogues } from "../corpus/read-dialogues";
import { listenerTurns, stimulusAt } from "../corpus/stimulus";
import { projectPath } from "../project";
import { requireCorpusArchive } from "../sources/corpus-archive";
import { defaultPlaces, type Places } from "../sources/locate-source";
import { Bm25Index } from "./bm25";

/** Which dialogues replies are taken from: this package's own, or EmpatheticDialogues' training part. */
export type PoolName = "sample" | "train";

/** Known replies with the contexts that they followed. */
export interface ReplyPool {
  readonly name: PoolName;
  /** Identifies the contents: the first 16 digits of their SHA-256. */
  readonly sum: string;
  readonly dialogues: readonly string[];
  readonly contexts: readonly string[];
  readonly replies: readonly string[];
}

/**
 * Reads the dialogues that replies are taken from.
 *
 * @throws UserError if the training part is asked for and EmpatheticDialogues is not on this machine.
 */
export async function readPool(
  name: PoolName,
  places: Places = defaultPlaces(),
): Promise<ReplyPool> {
  const path =
    name === "sample"
      ? projectPath("data", "sample", "sample.csv")
      : await requireCorpusArchive(
          places,
          "take replies from the sample corpus with --pool sample",
        );
  const split = name;
  const pool = { dialogues: [] as string[], contexts: [] as string[], replies: [] as string[] };
  const hash = createHash("sha256");
  for await (const dialogue of readDialogues(path, { splits: [split] })) {
    for (const { context, reply } of knownReplies(dialogue)) {
      pool.dialogues.push(dialogue.id);
      pool.contexts.push(context);
      pool.replies.push(reply);
      hash.update(JSON.stringify([dialogue.id, context, reply]));
    }
  }
  return { name, sum: hash.digest("hex").slice(0, 16), ...pool };
}

/** The name under which a pool's replies are recorded as a model's. */
export function modelOfPool({ name, sum }: ReplyPool): string {
  return `bm25@1/${name}-${sum}`;
}

/** Answers with the reply that followed the most similar context, never one of the same dialogue. */
export class RetrievalProvider implements Provider {
  private readonly index: Bm25Index;

  constructor(private readonly pool: ReplyPool) {
    this.index = new Bm25Index(pool.contexts);
  }

  async ask({ messages = [], excluded }: RequestBody): Promise<Answer> {
    const query = messages.map(({ content }) => content).join("\n");
    const { dialogues, replies } = this.pool;
    const match = this.index.search(query, (document) => dialogues[document] !== excluded);
    const model = modelOfPool(this.pool);
    if (!match) return { status: "empty", reason: "no other dialogue is known", model };
    return { status: "ok", text: replies[match.document] as string, model };
  }
}

function* knownReplies(dialogue: Dialogue): Generator<{ context: string; reply: string }> {
  for (const turn of listenerTurns(dialogue)) {
    const { context, humanReply } = stimulusAt(dialogue, turn);
    const reply = humanReply?.trim();
    if (reply) yield { context: context.map(({ text }) => text).join("\n"), reply };
  }
}
