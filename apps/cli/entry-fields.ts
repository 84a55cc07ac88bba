// What `--register` needs to know of a system that no file and no server can say: flags, or answers.
import { createInterface } from "node:readline/promises";
import type { Shown } from "ask-models";
import { Option } from "commander";
import { UserError } from "kit";
import { FAMILY_NAMES, type Family, OWN_REGISTRY } from "../../src/systems/system";

/** The fields of an entry that its author says. */
export interface EntryFields {
  readonly name: string;
  readonly family: Family;
  readonly model: string;
  readonly publication: string;
  readonly instruction: string;
  readonly shown: Shown;
  readonly selection: string;
  readonly licence: string;
  readonly citation: string;
}

/** The options of `--register`; those that are missing are asked for on a terminal. */
export interface RegisterFlags extends Partial<EntryFields> {
  readonly register?: boolean;
}

/** Asks one question and gives the answer. */
type AskQuestion = (question: string) => Promise<string>;

interface FieldWords {
  readonly field: keyof EntryFields;
  readonly placeholder: string;
  readonly question: string;
  readonly choices?: readonly string[];
}

const FIELDS: readonly FieldWords[] = [
  { field: "name", placeholder: "<text>", question: "its name in tables and figures" },
  {
    field: "family",
    placeholder: "<family>",
    question: "an LLM, one fine-tuned on EmpatheticDialogues, an older system (ecs), or people",
    choices: Object.keys(FAMILY_NAMES),
  },
  {
    field: "model",
    placeholder: "<text>",
    question: "its weights, such as gpt-4; two instructions of one model share them",
  },
  {
    field: "publication",
    placeholder: "<text>",
    question: "what presents it, such as arXiv 2310.08017; for an instructed model, who instructed",
  },
  {
    field: "instruction",
    placeholder: "<text>",
    question: "what it was told, in your words, or: not published",
  },
  {
    field: "shown",
    placeholder: "<part>",
    question: "what it was shown: all utterances, the last, the situation, the last three lines",
    choices: ["all", "last", "situation", "window"],
  },
  {
    field: "selection",
    placeholder: "<text>",
    question: "how its stimuli were chosen, such as: first turns of the test part",
  },
  {
    field: "licence",
    placeholder: "<text>",
    question: "the terms under which its replies, or its model, may be used",
  },
  { field: "citation", placeholder: "<text>", question: "how to cite it" },
];

/** The options that `--register` takes, less those that the command has anyway. */
export function registerOptions(besides: readonly (keyof EntryFields)[] = []): Option[] {
  const fields = FIELDS.filter(({ field }) => !besides.includes(field));
  return [
    new Option("--register", `add an entry to ${OWN_REGISTRY}, from the options that follow`),
    ...fields.map(({ field, placeholder, question, choices }) => {
      const option = new Option(`--${field} <${placeholder.slice(1)}`, `entry: ${question}`);
      return choices ? option.choices(choices) : option;
    }),
  ];
}

/**
 * Refuses an entry's options without `--register`, where they would say nothing.
 *
 * @param besides fields that are the command's own options too.
 * @throws UserError naming the option.
 */
export function requireRegister(
  flags: RegisterFlags,
  besides: readonly (keyof EntryFields)[] = [],
): void {
  if (flags.register) return;
  const given = FIELDS.find(({ field }) => !besides.includes(field) && flags[field] !== undefined);
  if (given) throw new UserError(`--${given.field} belongs to --register; add that`);
}

/** The fields of an entry that flags give; undefined where they do not. */
export function fieldsGiven(flags: RegisterFlags): Partial<EntryFields> {
  return Object.fromEntries(FIELDS.map(({ field }) => [field, flags[field]]));
}

/**
 * Completes what is known of a system.
 *
 * @param ask where there is a terminal; without, what is missing is an error.
 * @throws UserError naming the options that are missing.
 */
export async function completeFields(
  known: Partial<EntryFields>,
  ask: AskQuestion | undefined,
): Promise<EntryFields> {
  const missing = FIELDS.filter(({ field }) => (known[field] ?? "").trim() === "");
  if (missing.length > 0 && !ask) {
    throw new UserError(
      `--register needs ${missing.map(describeOption).join(", ")}; name them, or answer on a terminal`,
    );
  }
  const answers: [string, string][] = [];
  for (const words of missing) {
    if (ask) answers.push([words.field, await askUntilGiven(words, ask)]);
  }
  return { ...known, ...Object.fromEntries(answers) } as EntryFields;
}

function describeOption({ field, choices }: FieldWords): string {
  return choices ? `--${field} (${choices.join(", ")})` : `--${field}`;
}

async function askUntilGiven(words: FieldWords, ask: AskQuestion): Promise<string> {
  const { field, question, choices } = words;
  const offered = choices ? ` [${choices.join(", ")}]` : "";
  for (;;) {
    const answer = (await ask(`${field} – ${question}${offered}: `)).trim();
    if (choices ? choices.includes(answer) : answer !== "") return answer;
  }
}

/**
 * Runs a task with the terminal to ask on, or with none where standard input or error is none.
 *
 * @throws UserError if the terminal is closed before the last answer.
 */
export async function withTerminal<T>(
  task: (ask: AskQuestion | undefined) => Promise<T>,
): Promise<T> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return task(undefined);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<never>((_, reject) => {
    lines.once("close", () => reject(new UserError("no answer was given; nothing was registered")));
  });
  closed.catch(() => {}); // it is closed in any case, with or without an answer under way
  try {
    return await task((question) => Promise.race([lines.question(question), closed]));
  } finally {
    lines.close();
  }
}
