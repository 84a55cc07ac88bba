// Registries are JSON files with a JSON Schema beside them; this says all that is wrong in one.
import { readFileSync } from "node:fs";
import Ajv, { type ErrorObject, type ValidateFunction } from "ajv";
import { didYouMean, listNames } from "../nearest-name";
import { UserError } from "../user-error";

/** Where a registry stands, and what it holds. */
export interface RegistryPlace {
  /** The registry's file, for messages. */
  readonly path: string;
  readonly schemaPath: string;
  /** The property that holds the list. */
  readonly list: string;
  /** What an entry is called in messages, such as `system`. */
  readonly noun: string;
}

/**
 * Reads a registry: a JSON file that holds a list, checked against its JSON Schema.
 *
 * @param list the property that holds the list; its entries have an `id` of their own each.
 * @param noun what an entry is called in messages, such as `system`.
 * @returns the entries, in the file's order.
 * @throws UserError naming every fault: file, entry, field, what is wrong with it, and the allowed values.
 */
export function readRegistry<Entry extends { readonly id: string }>(
  path: string,
  schemaPath: string,
  list: string,
  noun: string,
): Entry[] {
  const place = { path, schemaPath, list, noun };
  return readCheckedFile<Record<string, Entry[]>>(place)[list] as Entry[];
}

/**
 * Reads the whole of a JSON file that holds a list and fields beside it, checked against its JSON Schema.
 *
 * @param remedy what to do where there is no such file.
 * @throws UserError as `readRegistry`.
 */
export function readCheckedFile<File>(place: RegistryPlace, remedy?: string): File {
  const file = readJson(place.path, remedy);
  checkRegistry(file, place);
  return file as File;
}

/**
 * Checks a registry that was read, or that is about to be written, against its JSON Schema.
 *
 * @throws UserError as `readRegistry`, also where two entries have one `id`.
 */
export function checkRegistry(registry: unknown, place: RegistryPlace): void {
  const { path, schemaPath, list, noun } = place;
  const { check, schema } = compileSchema(schemaPath);
  if (!check(registry)) {
    const faults = (check.errors ?? []).map((error) =>
      explain(registry, list, noun, error, schema),
    );
    throw new UserError(listFaults(path, [...new Set(faults)]));
  }
  const seen = new Set<string>();
  for (const { id } of (registry as Record<string, { id: string }[]>)[list] ?? []) {
    if (seen.has(id)) throw new UserError(`${path}: two ${noun}s are called '${id}'; rename one`);
    seen.add(id);
  }
}

const LISTED = 30;

function listFaults(path: string, faults: readonly string[]): string {
  if (faults.length === 1) return `${path}: ${faults[0]}`;
  const unlisted = faults.length > LISTED ? [`and ${faults.length - LISTED} more`] : [];
  const lines = [...faults.slice(0, LISTED), ...unlisted].map((fault) => `\n  ${fault}`);
  return `${path}: has ${faults.length} faults${lines.join("")}`;
}

// Compiling takes longer than all the rest, and a run reads some registries dozens of times.
const compiled = new Map<string, CompiledSchema>();

interface CompiledSchema {
  readonly check: ValidateFunction;
  readonly schema: Schema;
}

/** The parts of a JSON Schema that messages are made of. */
interface Schema {
  readonly $ref?: string;
  readonly oneOf?: readonly Schema[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly [keyword: string]: unknown;
}

function compileSchema(path: string): CompiledSchema {
  const known = compiled.get(path);
  if (known) return known;
  const ajv = new Ajv({
    discriminator: true,
    strict: true,
    strictRequired: false,
    allErrors: true,
    verbose: true,
  });
  const schema = readJson(path) as Schema;
  const made = { check: ajv.compile(schema), schema };
  compiled.set(path, made);
  return made;
}

function readJson(path: string, remedy?: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new UserError(`${path}: no such file; ${remedy ?? "restore it with `git checkout`"}`);
    }
    if (error instanceof SyntaxError) throw new UserError(`${path}: not JSON: ${error.message}`);
    throw error;
  }
}

function explain(
  registry: unknown,
  list: string,
  noun: string,
  error: ErrorObject,
  schema: Schema,
): string {
  const [, ...path] = error.instancePath.split("/");
  const isEntry = path[0] === list && path[1] !== undefined;
  const entry = isEntry ? nameEntry(registry, list, noun, Number(path[1])) : "";
  const field = isEntry ? path.slice(2) : path;
  const where = field.length > 0 ? `'${field.join(".")}' ` : "";
  return `${entry}${where}${error.message}${adviceOn(error, schema)}`;
}

/** The values that a field may have, and the nearest of them. */
function adviceOn({ params, parentSchema, data }: ErrorObject, schema: Schema): string {
  const { allowedValues, additionalProperty, tag, tagValue } = params;
  if (allowedValues) return offer(data, allowedValues);
  const own: Schema = parentSchema ?? {};
  if (tag) {
    const kinds = (own.oneOf ?? []).map((kind) => resolve(kind, schema).properties?.[tag]?.const);
    return offer(tagValue, kinds.map(String));
  }
  if (!additionalProperty) return "";
  const known = Object.keys(own.properties ?? {});
  const nearest = didYouMean(additionalProperty, known);
  return `: '${additionalProperty}'${nearest || `; the fields are ${listNames(known, 40)}`}`;
}

function offer(given: unknown, values: readonly string[]): string {
  const nearest = typeof given === "string" ? didYouMean(given, values) : "";
  return `: ${values.join(", ")}${nearest}`;
}

function resolve(schema: Schema, root: Schema): Schema {
  const name = schema.$ref?.replace("#/definitions/", "");
  return name === undefined ? schema : (root.definitions?.[name] ?? {});
}

function nameEntry(registry: unknown, list: string, noun: string, index: number): string {
  const entry = (registry as Record<string, { id?: unknown }[]>)[list]?.[index];
  const id = typeof entry?.id === "string" ? ` '${entry.id}'` : "";
  return `${noun} ${index + 1}${id}: `;
}
