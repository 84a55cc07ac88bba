// What judges and fine-tuned classifiers are told: EPITOME's definitions in our own words, `data/judge-prompts.json`.
import { readRegistry } from "../../checked-json";
import { projectPath } from "../../project";
import type { Message } from "../../replies/render-prompt";
import { METRICS, type Metric } from "../levels";
import type { ScoreRequest } from "../scorer";

/** An instruction to rate replies. */
export interface JudgePrompt {
  readonly id: string;
  /** Raised whenever a word changes, so that a record says which words were sent. */
  readonly version: number;
  readonly title: string;
  readonly origin: string;
  readonly instruction: string;
  readonly metrics: Readonly<Record<Metric, string>>;
  /** The form in which a judge of all three mechanisms answers. */
  readonly answer: string;
  /** The form in which a classifier of one mechanism answers. */
  readonly single: string;
}

/**
 * Reads the instruction to rate replies.
 *
 * @throws UserError naming file, prompt, field and what is wrong with it.
 */
export function readJudgePrompt(path = projectPath("data", "judge-prompts.json")): JudgePrompt {
  const schema = projectPath("data", "judge-prompts.schema.json");
  return readRegistry<JudgePrompt>(path, schema, "prompts", "prompt")[0]!;
}

/** Puts a reply to a judge of all three mechanisms. */
export function askForAll(prompt: JudgePrompt, request: ScoreRequest): Message[] {
  const { instruction, metrics, answer } = prompt;
  const told = [instruction, ...METRICS.map((metric) => `${metric}: ${metrics[metric]}`), answer];
  return [
    { role: "system", content: told.join("\n\n") },
    { role: "user", content: describeReply(request) },
  ];
}

/** Puts a reply to a classifier of one mechanism. */
export function askForOne(prompt: JudgePrompt, metric: Metric, request: ScoreRequest): Message[] {
  const told = [prompt.instruction, prompt.metrics[metric], prompt.single];
  return [
    { role: "system", content: told.join("\n\n") },
    { role: "user", content: describeReply(request) },
  ];
}

/**
 * Lays out a reply and what was said before it; the last utterance before the reply is the speaker's.
 *
 * @example
 * const request = { context: ["My dog died."], reply: "Oh no." };
 * describeReply(request).split("\n")[0]; // => "Speaker: My dog died."
 */
export function describeReply({ context, reply }: ScoreRequest): string {
  const said = context.map((text, at) => {
    const who = (context.length - at) % 2 === 1 ? "Speaker" : "Listener";
    return `${who}: ${text}`;
  });
  return [...said, "", "The listener's reply, to be rated:", reply].join("\n").trimStart();
}
