// Registries: what the package lists, `data/NAME.json`, and after it what this machine adds, `studies/local/NAME.json`, which
// git ignores, so that nothing published changes.
import { existsSync } from "node:fs";
import { UserError } from "kit";
import { type RegistryPlace, readRegistry } from "kit/registry";
import { projectPath } from "./project";

/** A registry that a machine may add to. */
export interface Registry {
  /** Name of its file, without `.json`. */
  readonly name: string;
  readonly list: string;
  readonly noun: string;
}

/** Below the project's root, the file that holds what this machine adds to a registry. */
export function ownRegistry({ name }: Registry): string {
  return `studies/local/${name}.json`;
}

/** A file of a registry, as it is checked. */
export function registryPlace({ name, list, noun }: Registry, path: string): RegistryPlace {
  return { path, schemaPath: projectPath("data", `${name}.schema.json`), list, noun };
}

/**
 * Reads a registry of the package and what this machine adds to it.
 *
 * @param path of one file, to be read alone.
 * @throws UserError naming file, entry, field and what is wrong with it, or an identifier that both files give.
 */
export function readRegistries<Entry extends { readonly id: string }>(
  registry: Registry,
  path?: string,
): Entry[] {
  if (path !== undefined) return readFile(registry, path);
  const entries = readFile<Entry>(registry, projectPath("data", `${registry.name}.json`));
  const own = projectPath(ownRegistry(registry));
  if (!existsSync(own)) return entries;
  const known = new Set(entries.map(({ id }) => id));
  const added = readFile<Entry>(registry, own);
  const twice = added.find(({ id }) => known.has(id));
  if (!twice) return [...entries, ...added];
  throw new UserError(
    `${own}: '${twice.id}' is a ${registry.noun} of data/${registry.name}.json, too; give yours another identifier`,
  );
}

function readFile<Entry extends { readonly id: string }>(
  registry: Registry,
  file: string,
): Entry[] {
  const { path, schemaPath, list, noun } = registryPlace(registry, file);
  return readRegistry(path, schemaPath, list, noun);
}
