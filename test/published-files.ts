// Files in each published format, written from the package's own sample corpus. The replies in them are
// written here too; no system wrote them.
import type { Dialogue } from "../src/corpus/dialogue";
import { readAllDialogues } from "../src/corpus/read-dialogues";
import { listenerTurns, stimulusAt } from "../src/corpus/stimulus";
import { projectPath } from "../src/project";
import { takeByTwos } from "../src/systems/formats/kemp-order";
import { WELIVITA_ARMS } from "../src/systems/formats/welivita";

/** A stimulus with a made-up reply, as the formats hold it. */
export interface MadeRecord {
  readonly dialogue: string;
  readonly turn: number;
  readonly emotion: string;
  readonly situation: string;
  readonly context: readonly string[];
  readonly reference: string;
  readonly reply: string;
}

/** The sample corpus. */
export function readSample(): Promise<Dialogue[]> {
  return readAllDialogues(projectPath("data", "sample", "sample.csv"));
}

/** A record for every listener turn that has a reference reply. */
export function recordsOf(dialogues: readonly Dialogue[]): MadeRecord[] {
  return dialogues.flatMap((dialogue) =>
    listenerTurns(dialogue).map((turn) => {
      const { context, humanReply } = stimulusAt(dialogue, turn);
      return {
        dialogue: dialogue.id,
        turn,
        emotion: dialogue.emotion,
        situation: dialogue.situation,
        context: context.map(({ text }) => text),
        reference: humanReply as string,
        reply: `oh no , that is a lot . reply ${turn} to ${dialogue.id} ?`,
      };
    }),
  );
}

/** Cuts text into words as the older systems' repositories do: lower case, contractions, punctuation. */
export function tokenise(text: string): string {
  let plain = text.toLowerCase();
  const pairs = [
    ["it's", "it is"],
    ["don't", "do not"],
    ["doesn't", "does not"],
    ["didn't", "did not"],
    ["you'd", "you would"],
    ["you're", "you are"],
    ["you'll", "you will"],
    ["i'm", "i am"],
    ["they're", "they are"],
    ["that's", "that is"],
    ["what's", "what is"],
    ["couldn't", "could not"],
    ["i've", "i have"],
    ["we've", "we have"],
    ["can't", "cannot"],
    ["i'd", "i would"],
    ["aren't", "are not"],
    ["isn't", "is not"],
    ["wasn't", "was not"],
    ["weren't", "were not"],
    ["won't", "will not"],
    ["there's", "there is"],
    ["there're", "there are"],
  ] as const;
  for (const [short, long] of pairs) plain = plain.replaceAll(short, long);
  return plain
    .replace(/\bcannot\b/g, "can not")
    .replace(/n't\b/g, " n't")
    .replace(/'(s|re|ve|d|ll|m)\b/g, " '$1")
    .replace(/([.,!?;:()"$%&])/g, " $1 ")
    .replace(/\s+/g, " ")
    .trim();
}

/** Writes a list of strings as Python's `repr` does. */
export function toPython(list: readonly string[]): string {
  const items = list.map((text) => {
    const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
    const escaped = text
      .replaceAll("\\", "\\\\")
      .replaceAll(quote, `\\${quote}`)
      .replaceAll("\n", "\\n")
      .replaceAll("\t", "\\t");
    return quote + escaped + quote;
  });
  return `[${items.join(", ")}]`;
}

type Writer = (records: readonly MadeRecord[]) => string;

const quoted = (cells: readonly unknown[], delimiter: string) =>
  cells.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(delimiter);

const tokens = (context: readonly string[]) => toPython(context.map(tokenise));

/** How each format's file is written. */
export const WRITERS: Readonly<Record<string, Writer>> = {
  kemp: lines(
    (r) =>
      `Emotion:${r.emotion} \nContext:${tokens(r.context)} \nConcept:[defaultdict(<class 'list'>, {})] \nPred:${r.reply}  \nRef:${tokenise(r.reference)} \n`,
  ),
  moel: lines(
    (r) =>
      `Emotion: ${r.emotion}\nContext: ${tokens(r.context)}\ntrs: one ${r.reply}\ntrs+multitask: two ${r.reply}\nMOE: three ${r.reply}\nMOE+oracle: four ${r.reply}\nref: ${tokenise(r.reference)}\n\n`,
  ),
  mime: (records) =>
    `### COMMENT: made for a test ###\nEVAL\tLoss\ntest\t1\n${lines(
      (r) =>
        `emotion:${r.emotion}\tvader-score: 0.1\tpredicted_emotion: sad\nContext:${tokens(r.context)}\nTopk:one ${r.reply} \nBeam: two ${r.reply} \nGreedy:three ${r.reply} \nRef:${tokenise(r.reference)}\n${"-".repeat(70)}\n`,
    )(records)}`,
  empdg: lines(
    (r) =>
      `emotion:${r.emotion} \nContext:${tokens(r.context)} \nEmotion_context:['word'] \nPred:${r.reply}  \nRef:${tokenise(r.reference)} \n`,
  ),
  cab: lines(
    (r) =>
      `Context:${tokens(r.context)}\nSituation:${tokens([r.situation])}\nKnowledge:[]\nEmotion_s:sad\nEmotion_l:happy\nEmotion:0\nAct:agreeing\nGreedy:${r.reply}\nRef:${tokenise(r.reference)}\n${"-".repeat(60)}\n`,
  ),
  cem: (records) =>
    `EVAL\tLoss\n3.5\t1\n${lines(
      (r) =>
        `Emotion: ${r.emotion}\nPred Emotions: sad, proud, afraid\nContext:${tokens(r.context)}\nBeam:one ${r.reply} \nGreedy:two ${r.reply}\nRef:${tokenise(r.reference)}\n${"-".repeat(63)}\n`,
    )(records)}`,
  "welivita-pu": (records) =>
    `part_no,dialog_id,emotion,speaker_uttr,response_human,${WELIVITA_ARMS.map((arm) => `response_${arm},rating_${arm}`).join(",")}\n${records
      .filter(({ turn }) => turn === 2)
      .map((r) => {
        const arms = WELIVITA_ARMS.flatMap((arm) => [`${arm} says: ${r.reply}`, 2]);
        return `${quoted([0, r.dialogue, r.emotion, r.context.at(-1), r.reference, ...arms], ",")}\n`;
      })
      .join("")}`,
  "automating-empathy": (records) =>
    JSON.stringify(
      records.map((r, id) => ({
        id,
        context: r.context,
        target: r.reference,
        prediction: ` ${r.reply}`,
      })),
    ),
  "turbo-jsonl": lines((r) => {
    const shown = [
      `A: ${r.situation}`,
      ...r.context.map((text, at) => `${"AB"[at % 2]}: ${text}`),
    ].slice(-3);
    return `${JSON.stringify({
      dialog_id: `ed_test_${r.dialogue}`,
      turn_id: r.turn,
      context: shown.join(" <eot> ").replaceAll(",", "_comma_"),
      ground_truth_response: r.reference,
      generated_response: r.reply,
      emotion: r.emotion,
    })}\n`;
  }),
  "llama-factory": lines(
    (r) =>
      `${JSON.stringify({
        label: `[gMASK]sop Emotion:${r.emotion}\n Response:${tokenise(r.reference)}`,
        predict: `Emotion:sad\n Response:${r.reply}`,
      })}\n`,
  ),
  "kemp-lines": lines(({ reply }) => `${reply}\n`),
  "kemp-lines-by-twos": (records) =>
    takeByTwos(records)
      .map(({ reply }) => `${reply}\n`)
      .join(""),
  parlai: (records) => {
    const dialogues = new Map<string, MadeRecord[]>();
    for (const record of records) {
      dialogues.set(record.dialogue, [...(dialogues.get(record.dialogue) ?? []), record]);
    }
    return [...dialogues.values()]
      .map((turns) => ({
        dialog: turns.map((r) => [
          { id: "teacher", text: r.context.at(-1), eval_labels: [r.reference], emotion: r.emotion },
          { id: "model", text: r.reply },
        ]),
        context: [],
      }))
      .map((line) => `${JSON.stringify(line)}\n`)
      .join("");
  },
  empo: (records) =>
    `~Unnamed: 0~chat_templates~gen_targets~prevs~emotions~gens\n${records
      .map((r, at) => {
        const chat = r.context.map(
          (text, of) => `<|${of % 2 ? "assistant" : "user"}|>\n${text}</s>\n`,
        );
        const template = `<|system|>\nBe kind.</s>\n${chat.join("")}<|assistant|>\n`;
        return `${quoted([at, at, template, r.reference, r.context.at(-1), r.emotion, r.reply], "~")}\n`;
      })
      .join("")}`,
  "empo-csv": (records) =>
    `target_id,conv_id,utterance_idx,emotion_context,raw_utterance,prior_dialog,generated_text\n${records
      .map((r) => {
        const said = r.context.map((text, of) =>
          of % 2 ? `<listener> ${text} </listener>` : `<speaker> ${text} </speaker>`,
        );
        return `${quoted([r.dialogue, r.dialogue, r.turn, r.emotion, r.reference, said.join(" "), r.reply], ",")}\n`;
      })
      .join("")}`,
  affective: (records) =>
    JSON.stringify({
      model: "none",
      responses: records.map((r) => ({
        prompt_metadata: {
          conv_id: r.dialogue,
          utterance_idx: String(r.turn - 1),
          context_field: r.emotion,
        },
        prompt_text: r.situation.replaceAll(",", "_comma_"),
        responses: [1, 2, 3].map((run) => ({ run, response: `${r.reply} ${run}` })),
      })),
    }),
  csv: (records) =>
    `dialogue,turn,reply,prompt\n${records
      .map((r) => `${quoted([r.dialogue, r.turn, r.reply, r.context.at(-1)], ",")}\n`)
      .join("")}`,
  jsonl: lines(
    (r) => `${JSON.stringify({ dialogue: r.dialogue, turn: r.turn, reply: r.reply })}\n`,
  ),
};

function lines(write: (record: MadeRecord) => string): Writer {
  return (records) => records.map(write).join("");
}
