// Registries: what the package lists, `data/NAME.json`, and after it what this machine adds: its own entries,
// `studies/local/NAME.json`, and those of studies that were opened here, `studies/STUDY/NAME.json`. Nothing published changes.
import { existsSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { UserError } from "kit";
import { keepFile } from "kit/files";
import { type RegistryPlace, readRegistry } from "kit/registry";
import { projectPath } from "./project";

/** A registry that a machine may add to. */
export interface Registry {
  /** Name of its file, without `.json`. */
  readonly name: string;
  readonly list: string;
  readonly noun: string;
}

/** An entry of a registry. */
export interface Entry {
  readonly id: string;
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
 * @throws UserError naming file, entry, field and what is wrong with it, or an identifier that two files give to different
 *   entries.
 */
export function readRegistries<Of extends Entry>(registry: Registry, path?: string): Of[] {
  if (path !== undefined) return readFile(registry, path);
  const entries = readPackageEntries<Of>(registry);
  const files = ["local", ...listOpened()].map((study) =>
    projectPath("studies", study, `${registry.name}.json`),
  );
  const known = new Map(
    entries.map((entry) => [entry.id, { entry, file: `data/${registry.name}.json` }]),
  );
  const ofPackage = new Set(known.keys());
  for (const file of files.filter((one) => existsSync(one))) {
    for (const entry of readFile<Of>(registry, file)) {
      const first = known.get(entry.id);
      if (!first) known.set(entry.id, { entry, file });
      else if (ofPackage.has(entry.id) || differingField(first.entry, entry) !== undefined) {
        throw new UserError(
          `${file}: '${entry.id}' is a ${registry.noun} of ${first.file}, too; give yours another identifier`,
        );
      }
    }
  }
  return [...known.values()].map(({ entry }) => entry);
}

/** Reads the package's own entries of a registry. */
export function readPackageEntries<Of extends Entry>(registry: Registry): Of[] {
  return readFile(registry, projectPath("data", `${registry.name}.json`));
}

/** The first field in which two entries differ. */
export function differingField(one: Entry, other: Entry): string | undefined {
  const [left, right] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  return [...new Set([...left.keys(), ...right.keys()])].find(
    (field) => !isDeepStrictEqual(left.get(field), right.get(field)),
  );
}

// Listed, because a run notes what it reads: with a look into every folder of `studies`, a new study would make all others stale.
const OPENED = projectPath("studies", "opened.json");

/**
 * Names of the studies that were opened on this machine, whose registries are read beside its own; some may be gone again.
 *
 * @throws UserError if the list is broken.
 */
function listOpened(): string[] {
  if (!existsSync(OPENED)) return [];
  try {
    const { studies } = JSON.parse(readFileSync(OPENED, "utf8"));
    if (Array.isArray(studies) && studies.every((one) => /^[a-z0-9][a-z0-9-]*$/.test(one))) {
      return studies;
    }
  } catch {}
  throw new UserError(
    `${OPENED}: is not {"studies": [NAMES]}; list the studies that were opened here, or delete the file`,
  );
}

/** Adds a study to those whose registries are read. */
export function noteOpened(study: string): void {
  const studies = [...new Set([...listOpened(), study])].sort();
  keepFile(OPENED, `${JSON.stringify({ studies }, null, 2)}\n`);
}

function readFile<Of extends Entry>(registry: Registry, file: string): Of[] {
  const { path, schemaPath, list, noun } = registryPlace(registry, file);
  return readRegistry(path, schemaPath, list, noun);
}
