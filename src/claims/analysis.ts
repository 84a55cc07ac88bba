// Equally good answers to the same question: what another careful analyst might have chosen (Del Giudice and Gangestad
// 2021, type E), and which instrument measured. The first answer of each choice makes the main analysis.
import type { Claim, Reading } from "./claim";

/** The choices but for the instrument, with what they and their answers are called. */
export const CHOICES = {
  instrument: { label: "who measures", answers: {} },
  dialogues: { label: "dialogues", answers: { all: "all", test: "test part only" } },
  turns: { label: "turns", answers: { all: "all", first: "first turns only" } },
  instructions: {
    label: "instructions and decodings",
    answers: { all: "all, averaged by model", one: "one per model" },
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
  "instrument",
  "dialogues",
  "turns",
  "instructions",
  "reading",
];

/**
 * Who measures: `readings`, corrected by a head's predictions; `block`, the readings of the prompts that everyone answered,
 * by themselves; or the name of a scorer, whose levels count as they are.
 */
export type InstrumentName = "readings" | "block" | (string & {});

/** What instruments are called; a scorer that is not here goes by its name. */
export const INSTRUMENT_NAMES: Readonly<Record<string, string>> = {
  readings: "readings",
  block: "readings of the complete block",
  "embedded-readings": "head that imitates readings",
  "embedded-roberta": "head that imitates RoBERTa classifiers",
  "embedded-epitome": "head that imitates EPITOME's labels on posts",
};

/** One answer to each choice. */
export interface Analysis {
  readonly instrument: InstrumentName;
  readonly dialogues: keyof typeof CHOICES.dialogues.answers;
  readonly turns: keyof typeof CHOICES.turns.answers;
  readonly instructions: keyof typeof CHOICES.instructions.answers;
  readonly reading: Reading;
}

/** The analysis that verdicts rest on, with the instrument that a study trusts most. */
export function mainAnalysis([instrument]: Instruments): Analysis {
  return {
    instrument,
    dialogues: "all",
    turns: "all",
    instructions: "all",
    reading: "positive",
  };
}

/** A study's instruments, the most trusted first. */
export type Instruments = readonly [InstrumentName, ...InstrumentName[]];

/** The answers to a choice, in words, that of the main analysis first. */
export function answersTo(choice: Choice, instruments: Instruments): string[] {
  const answers: Readonly<Record<string, string>> = CHOICES[choice].answers;
  if (choice === "instrument") return instruments.map((name) => INSTRUMENT_NAMES[name] ?? name);
  return Object.values(answers);
}

/** What an analysis answers to a choice, in words. */
export function answerOf(analysis: Analysis, choice: Choice): string {
  const answers: Readonly<Record<string, string>> =
    choice === "instrument" ? INSTRUMENT_NAMES : CHOICES[choice].answers;
  return answers[analysis[choice]] ?? analysis[choice];
}

/**
 * The analyses of a claim, the main one first: what negative prompts are held against matters only where they are.
 *
 * The block holds first turns of the test part only, so it is one analysis of dialogues and turns.
 */
export function listAnalyses(
  { contrast, compared }: Pick<Claim, "contrast" | "compared">,
  instruments: Instruments,
): Analysis[] {
  const main = mainAnalysis(instruments);
  const readings =
    contrast === "negative-positive" ? keysOf(CHOICES.reading.answers) : [main.reading];
  // A change has both its sides only where all systems are there.
  const instructions = compared.change ? [main.instructions] : keysOf(CHOICES.instructions.answers);
  return instruments.flatMap((instrument) => {
    const dialogues =
      instrument === "block" ? ["test" as const] : keysOf(CHOICES.dialogues.answers);
    const turns = instrument === "block" ? ["first" as const] : keysOf(CHOICES.turns.answers);
    return dialogues.flatMap((part) =>
      turns.flatMap((kind) =>
        instructions.flatMap((told) =>
          readings.map((reading) => ({
            instrument,
            dialogues: part,
            turns: kind,
            instructions: told,
            reading,
          })),
        ),
      ),
    );
  });
}

function keysOf<Key extends string>(answers: Readonly<Record<Key, string>>): Key[] {
  return Object.keys(answers) as Key[];
}
