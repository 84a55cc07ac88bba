// Formats that are a description in JSON: `data/formats/*.json`, and those of users.
import { UserError } from "kit";
import { readCheckedFile } from "kit/registry";
import { openTable, readRows } from "kit/tables";
import { projectPath } from "../../project";
import { readContext } from "../../tables/split-context";
import type { PublishedRecord } from "../published-record";
import { type LabelledValue, readLabelledRecords, readUtterances } from "./labelled-records";

/** A format as `data/format.schema.json` has it; what a label, column or field holds is said by naming it. */
export interface DeclaredFormat {
  readonly name: string;
  readonly title?: string;
  readonly layout: "records" | "table" | "jsonl";
  readonly labels?: readonly string[];
  readonly headerLines?: number;
  readonly rule?: string;
  readonly delimiter?: string;
  readonly recognise?: string;
  readonly dialogue?: string;
  readonly turn?: string | number;
  readonly sample?: string;
  readonly emotion?: string;
  readonly situation?: string;
  readonly context?: string;
  readonly contextSeparator?: string;
  readonly prompt?: string;
  readonly reference?: string;
  readonly replies: Readonly<Record<string, string>>;
  readonly samples?: boolean;
  readonly strip?: readonly string[];
}

/**
 * Reads the description of a format.
 *
 * @throws UserError naming the file, the field and what is wrong with it.
 */
export function readDeclaredFormat(path: string): DeclaredFormat {
  const schemaPath = projectPath("data", "format.schema.json");
  const place = { path, schemaPath, list: "formats", noun: "format" };
  const format = readCheckedFile<DeclaredFormat>(place, "data/formats has examples");
  const { layout, labels = [], dialogue, turn, context, recognise, rule, strip = [] } = format;
  if (dialogue !== undefined ? turn === undefined : context === undefined) {
    throw new UserError(
      `${path}: should name 'dialogue' and 'turn', or 'context', which say what is answered`,
    );
  }
  requireOwnFields(path, format);
  if (/["\r\n]/.test(format.delimiter ?? "")) {
    throw new UserError(
      `${path}: 'delimiter' should be neither a quotation mark nor a line end; name what stands between cells`,
    );
  }
  const names = Object.values(format.replies);
  const double = names.find((name, at) => names.indexOf(name) < at);
  if (double !== undefined) {
    throw new UserError(`${path}: two of 'replies' have the name '${double}'; rename one`);
  }
  if (layout === "records") {
    const known = [...namesOf(format), ...Object.keys(format.replies)];
    const lacking = known.find((name) => !labels.includes(name));
    if (lacking !== undefined) {
      throw new UserError(`${path}: '${lacking}' is not one of 'labels'; add it there`);
    }
  }
  for (const source of [recognise, rule, ...strip]) {
    if (source !== undefined) toPattern(path, source, "");
  }
  return format;
}

const LAYOUT_OF = {
  labels: "records",
  headerLines: "records",
  rule: "records",
  delimiter: "table",
};

function requireOwnFields(path: string, format: DeclaredFormat): void {
  for (const [field, layout] of Object.entries(LAYOUT_OF)) {
    if (!(field in format) || format.layout === layout) continue;
    throw new UserError(
      `${path}: '${field}' belongs to the layout '${layout}', not to '${format.layout}'; leave it out`,
    );
  }
}

/**
 * Reads the records of a file in a declared format; memory does not grow with it.
 *
 * @throws UserError naming file and line if a record lacks something or cannot be read.
 */
export async function* readDeclared(
  path: string,
  format: DeclaredFormat,
): AsyncGenerator<PublishedRecord> {
  const strip = (format.strip ?? []).map((source) => toPattern(format.name, source, "g"));
  for await (const { line, get } of openFields(path, format)) {
    const text = (name: string) => {
      const { value, line: at } = get(name);
      if (typeof value === "string" || typeof value === "number") return String(value);
      throw new UserError(`${path}:${at}: '${name}' should hold a text; mend the record`);
    };
    const optional = (field: keyof PublishedRecord, name: string | undefined) =>
      name === undefined ? {} : { [field]: text(name) };
    const whole = (name: string) => {
      const number = Number(text(name));
      if (Number.isInteger(number) && number >= 1) return number;
      throw new UserError(
        `${path}:${get(name).line}: '${name}' should hold a whole number; mend the record`,
      );
    };
    const { turn, sample, context, emotion } = format;
    yield {
      line,
      ...optional("dialogue", format.dialogue),
      ...(turn === undefined ? {} : { turn: typeof turn === "number" ? turn : whole(turn) }),
      // MIME and others add scores to the emotion, after a tab.
      ...(emotion === undefined ? {} : { emotion: text(emotion).split("\t")[0] as string }),
      ...optional("situation", format.situation),
      ...(context === undefined ? {} : { context: toUtterances(path, get(context), format) }),
      ...optional("lastUtterance", format.prompt),
      ...optional("reference", format.reference),
      replies: Object.entries(format.replies).map(([name, column]) => ({
        column,
        text: strip.reduce((left, pattern) => left.replace(pattern, ""), text(name)).trim(),
        ...(sample === undefined ? {} : { sample: whole(sample) }),
      })),
    };
  }
}

interface Field {
  readonly line: number;
  readonly value: unknown;
}

interface Fields {
  readonly line: number;
  readonly get: (name: string) => Field;
}

async function* openFields(path: string, format: DeclaredFormat): AsyncGenerator<Fields> {
  const { layout, name, labels = [], headerLines, rule, delimiter = "found" } = format;
  if (layout === "records") {
    const pattern = rule === undefined ? undefined : toPattern(name, rule, "");
    for await (const record of readLabelledRecords(path, {
      name,
      labels,
      headerLines,
      rule: pattern,
    })) {
      const at = (label: string) => record.get(label) as LabelledValue;
      const get = (label: string) => ({ line: at(label).line, value: at(label).text });
      yield { line: at(labels[0] as string).line, get };
    }
    return;
  }
  if (layout === "table") {
    const columns = [...namesOf(format), ...Object.keys(format.replies)];
    for await (const { line, cells } of readRows(path, { name, columns, delimiter })) {
      yield { line, get: (column) => ({ line, value: cells[column] }) };
    }
    return;
  }
  for await (const { line, values } of (await openTable(path, "jsonl")).rows) {
    yield { line, get: (field) => ({ line, value: values[field] }) };
  }
}

function namesOf(format: DeclaredFormat): string[] {
  const { dialogue, turn, sample, emotion, situation, context, prompt, reference } = format;
  const all = [dialogue, turn, sample, emotion, situation, context, prompt, reference];
  return all.filter((name) => typeof name === "string");
}

function toUtterances(
  path: string,
  { line, value }: Field,
  { layout, contextSeparator }: DeclaredFormat,
): string[] {
  if (contextSeparator !== undefined && typeof value === "string") {
    return value
      .split(contextSeparator)
      .map((text) => text.trim())
      .filter(Boolean);
  }
  if (layout === "records") return readUtterances(path, { line, text: value as string });
  return readContext(value, `${path}:${line}: the context`);
}

function toPattern(place: string, source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    throw new UserError(
      `${place}: '${source}' is not a regular expression (${(error as Error).message}); correct it`,
    );
  }
}
