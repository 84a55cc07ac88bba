// What a chat model is fine-tuned on: EPITOME's open nine tenths, one JSONL file a metric.
import { createTokenCounter, type Message } from "ask-models";
import { METRICS, type Metric, sha256Of } from "empathy-scorer";
import type { Places } from "../../src/sources/locate-source";
import { askForOne, type JudgePrompt } from "../scoring/judge-prompt";
import { readPairs } from "./training-rows";

/** A training file, and what it holds. */
export interface TuningFile {
  readonly metric: Metric;
  /** Lines of JSON, each a chat that ends with the level. */
  readonly text: string;
  readonly sha256: string;
  readonly rows: number;
  /** Tokens of one pass over the file. */
  readonly tokens: number;
  /** Whether they are counted with the model's own tokenizer. */
  readonly exactTokens: boolean;
}

/**
 * Builds the three training files. The locked tenth of the pairs is in none of them.
 *
 * Rows are in an order that depends on their texts alone: the same source gives the same bytes.
 *
 * @param model to be tuned; its tokenizer counts.
 * @throws UserError if EPITOME is not on this machine.
 */
export async function buildTuningFiles(
  prompt: JudgePrompt,
  model: string,
  places?: Places,
): Promise<TuningFile[]> {
  const counter = await createTokenCounter(model);
  const files: TuningFile[] = [];
  for (const metric of METRICS) {
    const pairs = await readPairs(metric, "open", places);
    let tokens = 0;
    const lines = pairs.map(({ answered, reply, level }) => {
      const asked = askForOne(prompt, metric, { context: [answered], reply });
      const messages: Message[] = [...asked, { role: "assistant", content: String(level) }];
      tokens += counter.count({ messages } as never);
      return `${JSON.stringify({ messages })}\n`;
    });
    const text = lines.join("");
    const sha256 = sha256Of(Buffer.from(text));
    files.push({ metric, text, sha256, rows: lines.length, tokens, exactTokens: counter.exact });
  }
  return files;
}
