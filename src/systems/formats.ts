import { stat } from "node:fs/promises";
import { didYouMean, UserError } from "kit";
import { readHead } from "kit/tables";
import { projectPath } from "../project";
import { readAffective } from "./formats/affective";
import { readAutomating } from "./formats/automating";
import { readDeclared, readDeclaredFormat } from "./formats/declared-format";
import { readEmpo } from "./formats/empo";
import { readEmpoCsv } from "./formats/empo-csv";
import { takeByTwos } from "./formats/kemp-order";
import {
  CAB,
  CEM,
  KEMP,
  type LabelledFormat,
  MIME,
  readLabelledFormat,
} from "./formats/labelled-formats";
import { readReplyLines } from "./formats/lines";
import { readLlamaFactory } from "./formats/llama-factory";
import { type OwnColumns, readOwnCsv, readOwnJsonl } from "./formats/own-replies";
import { readParlai } from "./formats/parlai";
import { readTurbo } from "./formats/turbo";
import { readWelivita, WELIVITA_ARMS } from "./formats/welivita";
import type { PublishedRecord } from "./published-record";

/** A format that files of replies come in. */
export interface Format {
  readonly name: string;
  /** What it is, in a few words. */
  readonly title: string;
  /** The systems that a file of this format holds, by name; one without a name for most. */
  readonly columns: readonly string[];
  /** Whether a stimulus may be answered more than once, each time being a sample. */
  readonly samples: boolean;
  /** Whether a file's first characters look like this format. */
  readonly recognises: (head: string) => boolean;
  /** Whether its records are told apart by the order of KEMP's file only. */
  readonly ordered?: boolean;
  /** @param order a file in KEMP's format; used where the format is `ordered`. */
  readonly read: (path: string, order?: string) => AsyncIterable<PublishedRecord>;
}

// Any text is lines: such a file is never told from another by its looks.
const NEVER = /(?!)/;

let formats: readonly Format[] | undefined;

/** Every format that this package knows, the more particular first. */
export function listFormats(): readonly Format[] {
  formats ??= [
    labelled(KEMP, "KEMP's output", /^Concept:/m),
    declared(projectPath("data", "formats", "moel.json")),
    labelled(MIME, "MIME's output, three decodings", /\tvader-score:/),
    declared(projectPath("data", "formats", "empdg.json")),
    labelled(CAB, "CAB's output", /^Emotion_s:/m),
    labelled(CEM, "CEM's output, two decodings", /^Pred Emotions:/m),
    {
      ...single(
        "welivita-pu",
        "GPT-4 and four other LLMs on first turns",
        /^(?=[^\n]*\bdialog_id\b)[^\n]*\bresponse_human\b/,
        readWelivita,
      ),
      columns: WELIVITA_ARMS,
    },
    single(
      "automating-empathy",
      "text-davinci-003, BlenderBot, GODEL and DialoGPT by the automating-empathy project",
      /^\s*\[\s*\{(?=[\s\S]*"target"\s*:)[\s\S]*"prediction"\s*:/,
      readAutomating,
    ),
    single(
      "turbo-jsonl",
      "gpt-3.5-turbo with a window of three lines",
      /^\s*\{(?=[^\n]*"dialog_id"\s*:)[^\n]*"generated_response"\s*:/,
      readTurbo,
    ),
    ordered(
      "llama-factory",
      "LLaMA-Factory's predictions, in KEMP's order",
      /^\s*\{[^\n]*"predict"\s*:/,
      readLlamaFactory,
    ),
    ordered("kemp-lines", "one reply a line, in KEMP's order", NEVER, (path, order) =>
      readReplyLines(path, order, (records) => records),
    ),
    ordered(
      "kemp-lines-by-twos",
      "one reply a line, KEMP's dialogues two at a time, as ParlAI's batches of two have them",
      NEVER,
      (path, order) => readReplyLines(path, order, takeByTwos),
    ),
    single(
      "parlai",
      "ParlAI world log, conversations form (FE)",
      /^\s*\{.*"dialog"\s*:/,
      readParlai,
    ),
    single("empo", "Zephyr's predictions by EmPO", /^\uFEFF?[^\n]*~chat_templates~/, readEmpo),
    {
      ...single("empo-csv", "Llama-2-13b on annotated ED", /^[^\n]*\bprior_dialog\b/, readEmpoCsv),
      samples: true,
    },
    {
      ...single("affective", "the affective-support study", /"prompt_metadata"\s*:/, readAffective),
      samples: true,
    },
    {
      ...single(
        "csv",
        "an author's own CSV",
        /^(?=[^\n]*\bdialogue\b)(?=[^\n]*\breply\b)[^\n{]*\n/,
        (path) => readOwnCsv(path),
      ),
      samples: true,
    },
    {
      ...single(
        "jsonl",
        "an author's own JSON lines",
        /^\s*\{(?=[^\n]*"dialogue")(?=[^\n]*"reply")/,
        (path) => readOwnJsonl(path),
      ),
      samples: true,
    },
  ];
  return formats;
}

/**
 * Finds a format by its name, or by the path of its description in JSON.
 *
 * @throws UserError naming the formats if there is none of that name, or what is wrong with the description.
 */
export function findFormat(name: string): Format {
  if (name.endsWith(".json")) return declared(name);
  const found = listFormats().find((format) => format.name === name);
  if (found) return found;
  const known = listFormats().map((format) => format.name);
  throw new UserError(
    `unknown format '${name}'${didYouMean(name, known)}; the formats are ${known.join(", ")}, or the path of a ` +
      "description that ends in .json, as data/formats has them",
  );
}

/**
 * Gives an author's own format the columns that an author names.
 *
 * @throws UserError if the format is another.
 */
export function withColumns(format: Format, columns: OwnColumns): Format {
  const read = { csv: readOwnCsv, jsonl: readOwnJsonl }[format.name];
  if (Object.values(columns).every((one) => one === undefined)) return format;
  if (read) return { ...format, recognises: () => true, read: (path) => read(path, columns) };
  throw new UserError(
    `--reply-column, --context-column, --id-column and --turn belong to --format csv and jsonl; a ${format.name} file has columns of its own`,
  );
}

/**
 * Reads the records of a file in a format; memory does not grow with it.
 *
 * @param order a file in KEMP's format, for formats that are joined by its order.
 * @throws UserError if the file is missing, empty, in another format (which is named), or broken.
 */
export async function* readPublished(
  path: string,
  format: Format,
  order?: string,
): AsyncGenerator<PublishedRecord> {
  const head = await headOf(path);
  if (head.trim() === "") throw new UserError(`${path}: is empty; fetch it again`);
  const other = listFormats().find((candidate) => candidate.recognises(head));
  if (other && other !== format && !format.recognises(head)) {
    throw new UserError(
      `${path}: is a ${other.name} file (${other.title}), not a ${format.name} file; say --format ${other.name}`,
    );
  }
  yield* format.read(path, order);
}

async function headOf(path: string): Promise<string> {
  try {
    if (!(await stat(path)).isFile()) throw new UserError(`${path}: is not a file; name one`);
    return await readHead(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new UserError(`${path}: no such file; name a file of replies`);
    if (code === "EACCES") throw new UserError(`${path}: may not be read; change its permissions`);
    throw error;
  }
}

function labelled(layout: LabelledFormat, title: string, mark: RegExp): Format {
  return {
    name: layout.name,
    title,
    columns: Object.values(layout.replies),
    samples: false,
    recognises: (head) => mark.test(head),
    read: (path) => readLabelledFormat(path, layout),
  };
}

function declared(path: string): Format {
  const format = readDeclaredFormat(path);
  const { name, title = name, replies, samples = false, recognise } = format;
  const mark = recognise === undefined ? undefined : new RegExp(recognise, "m");
  return {
    name,
    title,
    columns: Object.values(replies),
    samples,
    recognises: (head) => mark?.test(head) ?? true,
    read: (file) => readDeclared(file, format),
  };
}

function single(name: string, title: string, mark: RegExp, read: Format["read"]): Format {
  return {
    name,
    title,
    columns: [""],
    samples: false,
    recognises: (head) => mark.test(head),
    read,
  };
}

function ordered(name: string, title: string, mark: RegExp, read: Format["read"]): Format {
  return { ...single(name, title, mark, read), ordered: true };
}
