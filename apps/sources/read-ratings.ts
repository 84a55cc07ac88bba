// People's ratings of the very replies that are scored here, read from the pinned sources. Ratings of single replies and
// raters stay in memory; `people-results.ts` keeps counts and estimates.
import { readFileSync } from "node:fs";
import { UserError } from "kit";
import { readRows } from "kit/tables";
import { isEmotion, type Sentiment, sentimentOf } from "../../src/corpus/emotions";
import { type Places, requireSource } from "../../src/sources/locate-source";

/** The sources that hold ratings. */
export const RATING_SOURCES = [
  "welivita-four-llms",
  "welivita-gpt-4",
  "empo-ratings",
  "automating-ratings",
  "automating-human-eval",
  "automating-gpt-3.5",
  "automating-blenderbot",
] as const;

/** One person's grade of one reply: 1 bad, 2 okay, 3 good. */
export interface Grade {
  /** Identifier of the system, or `human`. */
  readonly system: string;
  readonly dialogue: string;
  readonly sentiment: Sentiment;
  readonly rater: string;
  readonly grade: number;
}

/** Which columns of which source hold which system's grades; the human listener's stand in both, equal. */
const ARMS: readonly (readonly [source: string, arm: string, system: string])[] = [
  ["welivita-four-llms", "human", "human"],
  ["welivita-four-llms", "chatgpt_empathy", "gpt-4-empathy"],
  ["welivita-four-llms", "llama_empathy", "llama-2-70b"],
  ["welivita-four-llms", "gemini_empathy", "gemini-1.0-pro"],
  ["welivita-four-llms", "mixtral_empathy", "mixtral-8x7b"],
  ["welivita-gpt-4", "chatgpt", "gpt-4-plain"],
];

const GRADES = ["1", "2", "3"];

/**
 * Reads 12,000 grades: six arms, each of the same 2,000 dialogues read by one person an arm (Welivita and Pu 2024).
 *
 * @throws UserError if a file is not on this machine, is not the pinned one, or a grade is none.
 */
export async function readGrades(places: Places): Promise<Grade[]> {
  const grades: Grade[] = [];
  for (const id of new Set(ARMS.map(([source]) => source))) {
    const arms = ARMS.filter(([source]) => source === id);
    const columns = arms.flatMap(([, arm]) => [`rating_${arm}`, `annotator_${arm}`]);
    const path = await requireSource(id, places);
    const options = { columns: ["dialog_id", "emotion", ...columns], name: "welivita-pu" };
    for await (const { line, cells } of readRows(path, options)) {
      const emotion = cells.emotion as string;
      if (!isEmotion(emotion))
        throw new UserError(`${path}:${line}: '${emotion}' is not an emotion`);
      for (const [, arm, system] of arms) {
        const grade = cells[`rating_${arm}`] as string;
        if (!GRADES.includes(grade)) {
          throw new UserError(`${path}:${line}: a rating is ${GRADES.join(", ")}, not '${grade}'`);
        }
        grades.push({
          system,
          dialogue: cells.dialog_id as string,
          sentiment: sentimentOf(emotion),
          rater: cells[`annotator_${arm}`] as string,
          grade: Number(grade),
        });
      }
    }
  }
  return grades;
}

/** One person's answer to "addresses the speaker's emotional state", from 0 to 100, with the reply's text. */
interface SliderRating {
  readonly system: string;
  /** Names the reply: its system and its place in the questionnaire. */
  readonly reply: string;
  readonly value: number;
  readonly text: string;
  readonly context: string;
  readonly opening: string;
}

const SLIDER_SYSTEMS: Readonly<Record<string, string>> = {
  zephyr_base: "zephyr-7b",
  zephyr_base_output_limit: "zephyr-7b-short",
  SFT: "zephyr-7b-tuned",
  zephyr_dpo: "Zephyr-7B, tuned on preferences",
  human_targets: "human",
};

/**
 * Reads EmPO's sliders: 675 replies, three raters each (Sotolar et al. 2024), the second statement of five.
 *
 * @throws UserError as `readGrades`.
 */
export async function readSliders(places: Places): Promise<SliderRating[]> {
  const path = await requireSource("empo-ratings", places);
  const columns = ["sample_index", "model", "Dim2", "gens", "prevs", "tidy_chat"];
  const ratings: SliderRating[] = [];
  for await (const { line, cells } of readRows(path, { columns, name: "empo" })) {
    const value = Number(cells.Dim2);
    if (cells.Dim2 === "" || !(value >= 0 && value <= 100)) {
      throw new UserError(`${path}:${line}: Dim2 is from 0 to 100, not '${cells.Dim2}'`);
    }
    const system = SLIDER_SYSTEMS[cells.model as string];
    if (!system)
      throw new UserError(`${path}:${line}: '${cells.model}' is not one of the rated models`);
    const [first = ""] = (cells.tidy_chat as string).split("\n");
    ratings.push({
      system,
      reply: `${system} ${cells.sample_index}`,
      value,
      text: cells.gens as string,
      context: cells.prevs as string,
      opening: first.replace(/^Speaker: /, ""),
    });
  }
  return ratings;
}

/** How one system was preferred to another for empathy, on one context: from -2, the other, to 2, this one. */
export interface Preference {
  readonly one: string;
  readonly other: string;
  readonly value: number;
}

/** A system's empathy on one context, from 0 to 5. */
export interface ScaleRating {
  readonly system: string;
  readonly context: number;
  readonly value: number;
}

const PAIRED = ["gpt-3.5-davinci", "human", "blenderbot"] as const;
const SCALED: Readonly<Record<string, string>> = {
  GPT3: "gpt-3.5-davinci",
  GOLD: "human",
  BlenderBot: "blenderbot",
};

interface Rated {
  readonly responses: Readonly<Record<string, string>>;
  readonly ratings: readonly {
    readonly A: string;
    readonly B: string;
    readonly ratings: number[];
  }[];
}

/**
 * Reads pairs of replies to 110 contexts, judged for empathy; who wrote a reply is found by its text.
 *
 * @throws UserError if a file is not on this machine or is not the pinned one.
 */
export async function readPreferences(places: Places): Promise<Preference[]> {
  const read = async (id: string) =>
    JSON.parse(readFileSync(await requireSource(id, places), "utf8"));
  const rated: Record<string, Rated> = await read("automating-ratings");
  const gpt = await read("automating-gpt-3.5");
  const blender = await read("automating-blenderbot");
  return Object.entries(rated).flatMap(([place, { responses, ratings }]) => {
    const texts = [gpt[place].prediction, gpt[place].target, blender[place].prediction];
    const writerOf = (id: string) =>
      PAIRED[texts.findIndex((text: string) => text.trim() === responses[id]?.trim())];
    return ratings.flatMap(({ A, B, ratings: [empathy] }): Preference[] => {
      const [one, other] = [writerOf(A), writerOf(B)];
      // A negative number favours the first.
      return one && other ? [{ one, other, value: 0 - (empathy as number) }] : [];
    });
  });
}

/**
 * Reads the scale from 0 to 5 on another 110 contexts.
 *
 * @throws UserError as `readPreferences`.
 */
export async function readScale(places: Places): Promise<ScaleRating[]> {
  const path = await requireSource("automating-human-eval", places);
  const rows: { models: Record<string, { Empathy: number }> }[] = JSON.parse(
    readFileSync(path, "utf8"),
  );
  return rows.flatMap(({ models }, context) =>
    Object.entries(SCALED).flatMap(([name, system]) => {
      const value = models[name]?.Empathy;
      return value === undefined ? [] : [{ system, context, value }];
    }),
  );
}
