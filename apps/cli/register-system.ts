import { existsSync, readFileSync } from "node:fs";
import { UserError } from "kit";
import { keepFile } from "kit/files";
import { checkRegistry } from "kit/registry";
import { projectPath } from "../../src/project";
import { OWN_REGISTRY, readSystems, type System } from "../../src/systems/system";

/** Where an entry goes, and whether it does. */
export interface RegisterOptions {
  /** The registry; that of this machine's own systems by default. */
  readonly path?: string;
  /** Check the entry only. */
  readonly dryRun?: boolean | undefined;
}

/**
 * Adds an entry to a registry of systems, after all others; these keep their formatting. The published registry,
 * `data/systems.json`, is left as it is.
 *
 * The entry is checked with all others against the schema before anything is written.
 *
 * @throws UserError naming every fault of the entry, or where its identifier is taken; the file is as it was.
 */
export function registerSystem(entry: System, { path, dryRun }: RegisterOptions = {}): void {
  if (readSystems(path).some(({ id }) => id === entry.id)) {
    const registry = path ?? "data/systems.json";
    throw new UserError(
      `${registry}: has an entry '${entry.id}' already; choose another identifier`,
    );
  }
  const file = path ?? projectPath(OWN_REGISTRY);
  const read = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  const text = insertEntry(read ?? '{"systems":[]}', entry);
  const schemaPath = projectPath("data", "systems.schema.json");
  checkRegistry(JSON.parse(text), { path: file, schemaPath, list: "systems", noun: "system" });
  if (!dryRun) keepFile(file, text, read);
}

function insertEntry(text: string, entry: System): string {
  const end = /\n {2}\]\n\}\s*$/.exec(text);
  if (!end) {
    const registry = JSON.parse(text);
    return `${JSON.stringify({ ...registry, systems: [...registry.systems, entry] }, null, 2)}\n`;
  }
  const added = JSON.stringify(entry, null, 2).replaceAll("\n", "\n    ");
  return `${text.slice(0, end.index)},\n    ${added}${text.slice(end.index)}`;
}
