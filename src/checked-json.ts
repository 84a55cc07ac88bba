// Registries are JSON files with a JSON Schema beside them; this says in one line what is wrong in one.
import { readFileSync } from "node:fs";
import Ajv, { type ErrorObject, type ValidateFunction } from "ajv";
import { UserError } from "./user-error";

/**
 * Reads a registry: a JSON file that holds a list, checked against its JSON Schema.
 *
 * @param list the property that holds the list; its entries have an `id` of their own each.
 * @param noun what an entry is called in messages, such as `system`.
 * @returns the entries, in the file's order.
 * @throws UserError naming file, entry, field and what is wrong with it.
 */
export function readRegistry<Entry extends { readonly id: string }>(
  path: string,
  schemaPath: string,
  list: string,
  noun: string,
): Entry[] {
  const registry = readJson(path) as Record<string, Entry[]>;
  const check = compileSchema(schemaPath);
  if (!check(registry)) {
    const [error] = check.errors as ErrorObject[];
    throw new UserError(`${path}: ${explain(registry, list, noun, error as ErrorObject)}`);
  }
  const entries = registry[list] as Entry[];
  const seen = new Set<string>();
  for (const { id } of entries) {
    if (seen.has(id)) throw new UserError(`${path}: two ${noun}s are called '${id}'; rename one`);
    seen.add(id);
  }
  return entries;
}

// Compiling takes longer than all the rest, and a run reads some registries dozens of times.
const compiled = new Map<string, ValidateFunction>();

function compileSchema(path: string): ValidateFunction {
  const known = compiled.get(path);
  if (known) return known;
  const ajv = new Ajv({ discriminator: true, strict: true, strictRequired: false });
  const check = ajv.compile(readJson(path) as object);
  compiled.set(path, check);
  return check;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new UserError(`${path}: no such file; restore it with \`git checkout\``);
    }
    if (error instanceof SyntaxError) throw new UserError(`${path}: not JSON: ${error.message}`);
    throw error;
  }
}

function explain(registry: unknown, list: string, noun: string, error: ErrorObject): string {
  const [, found, index, ...field] = error.instancePath.split("/");
  const { allowedValues, additionalProperty } = error.params;
  const detail = allowedValues ? `: ${allowedValues.join(", ")}` : "";
  const extra = additionalProperty ? `: '${additionalProperty}'` : "";
  const where = field.length > 0 ? `'${field.join(".")}' ` : "";
  const isEntry = found === list && index !== undefined;
  const entry = isEntry ? nameEntry(registry, list, noun, Number(index)) : "";
  return `${entry}${where}${error.message}${detail}${extra}`;
}

function nameEntry(registry: unknown, list: string, noun: string, index: number): string {
  const entry = (registry as Record<string, { id?: unknown }[]>)[list]?.[index];
  const id = typeof entry?.id === "string" ? ` '${entry.id}'` : "";
  return `${noun} ${index + 1}${id}: `;
}
