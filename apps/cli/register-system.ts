import { existsSync, readFileSync } from "node:fs";
import { UserError } from "kit";
import { keepFile } from "kit/files";
import { checkRegistry } from "kit/registry";
import { ownRegistry, type Registry, readRegistries, registryPlace } from "../../src/own-registry";
import { projectPath } from "../../src/project";
import { SYSTEMS, type System } from "../../src/systems/system";

/** Where an entry goes, and whether it does. */
interface RegisterOptions {
  /** The file; what this machine adds to the registry by default. */
  readonly path?: string;
  /** Check the entry only. */
  readonly dryRun?: boolean | undefined;
}

/** As `registerEntry`, of a system. */
export function registerSystem(entry: System, options?: RegisterOptions): void {
  registerEntry(SYSTEMS, entry, options);
}

/**
 * Adds an entry to what this machine adds to a registry, after all others; these keep their formatting. The package's own
 * file is left as it is.
 *
 * The entry is checked with all others against the schema before anything is written.
 *
 * @throws UserError naming every fault of the entry, or where its identifier is taken; the file is as it was.
 */
export function registerEntry(
  registry: Registry,
  entry: { readonly id: string },
  { path, dryRun }: RegisterOptions = {},
): void {
  if (readRegistries(registry, path).some(({ id }) => id === entry.id)) {
    const file = path ?? `data/${registry.name}.json`;
    throw new UserError(`${file}: has an entry '${entry.id}' already; choose another identifier`);
  }
  const file = path ?? projectPath(ownRegistry(registry));
  const read = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  const text = insertEntry(read ?? JSON.stringify({ [registry.list]: [] }), registry.list, entry);
  checkRegistry(JSON.parse(text), registryPlace(registry, file));
  if (!dryRun) keepFile(file, text, read);
}

function insertEntry(text: string, list: string, entry: object): string {
  const end = /\n {2}\]\n\}\s*$/.exec(text);
  if (!end) {
    const file = JSON.parse(text);
    return `${JSON.stringify({ ...file, [list]: [...file[list], entry] }, null, 2)}\n`;
  }
  const added = JSON.stringify(entry, null, 2).replaceAll("\n", "\n    ");
  return `${text.slice(0, end.index)},\n    ${added}${text.slice(end.index)}`;
}
