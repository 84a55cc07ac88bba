// Equally good answers to the same question: what another careful analyst might have chosen (Del Giudice and Gangestad
// 2021, type E). The first answer of each choice makes the main analysis.
import type { Study } from "../study/study";
import type { Claim, Reading } from "./claim";

/** The choices, with what they and their answers are called. */
export const CHOICES = {
  scorer: {
    label: "scorer",
    answers: {
      "embedded-dialogue": "head for conversations",
      "embedded-support": "head for support posts",
    },
  },
  dialogues: { label: "dialogues", answers: { all: "all", test: "test part only" } },
  turns: { label: "turns", answers: { all: "all", first: "first turns only" } },
  instructions: {
    label: "instructions and decodings",
    answers: { all: "all, averaged by model", one: "one a model" },
  },
  reading: {
    label: "negative prompts against",
    answers: {
      positive: "positive",
      ambiguous: "ambiguous",
      others: "both others",
    },
  },
} as const;

/** A choice. */
export type Choice = keyof typeof CHOICES;

/** The choices in their order. */
export const CHOICE_NAMES: readonly Choice[] = [
  "scorer",
  "dialogues",
  "turns",
  "instructions",
  "reading",
];

/** One answer to each choice. */
export interface Analysis {
  /** A folder of score tables. */
  readonly scorer: string;
  readonly dialogues: keyof typeof CHOICES.dialogues.answers;
  readonly turns: keyof typeof CHOICES.turns.answers;
  readonly instructions: keyof typeof CHOICES.instructions.answers;
  readonly reading: Reading;
}

/** The analysis that the published verdicts rest on. */
export const MAIN_ANALYSIS: Analysis = {
  scorer: "embedded-dialogue",
  dialogues: "all",
  turns: "all",
  instructions: "all",
  reading: "positive",
};

/**
 * The answers to a choice, in words, that of the main analysis first.
 *
 * @param study whose scorers are the answers to the first choice.
 */
export function answersTo(choice: Choice, { scorers }: Pick<Study, "scorers">): string[] {
  const answers: Readonly<Record<string, string>> = CHOICES[choice].answers;
  const keys = choice === "scorer" ? scorers : Object.keys(answers);
  return keys.map((key) => answers[key] ?? key);
}

/** What an analysis answers to a choice, in words. */
export function answerOf(analysis: Analysis, choice: Choice): string {
  const answers: Readonly<Record<string, string>> = CHOICES[choice].answers;
  return answers[analysis[choice]] ?? analysis[choice];
}

/** The analysis that a study's verdicts rest on. */
export function mainAnalysis({ scorers: [scorer] }: Pick<Study, "scorers">): Analysis {
  return { ...MAIN_ANALYSIS, scorer };
}

/**
 * The analyses of a claim, the main one first: readings differ only where negative prompts are held against others.
 *
 * @param study whose scorers are the alternatives.
 */
export function listAnalyses(
  { contrast }: Pick<Claim, "contrast">,
  { scorers }: Pick<Study, "scorers">,
): Analysis[] {
  const readings = contrast === "negative-positive" ? keysOf(CHOICES.reading.answers) : [];
  return scorers.flatMap((scorer) =>
    keysOf(CHOICES.dialogues.answers).flatMap((dialogues) =>
      keysOf(CHOICES.turns.answers).flatMap((turns) =>
        keysOf(CHOICES.instructions.answers).flatMap((instructions) =>
          (readings.length > 0 ? readings : [MAIN_ANALYSIS.reading]).map((reading) => ({
            scorer,
            dialogues,
            turns,
            instructions,
            reading,
          })),
        ),
      ),
    ),
  );
}

function keysOf<Key extends string>(answers: Readonly<Record<Key, string>>): Key[] {
  return Object.keys(answers) as Key[];
}
