// What an archive says of its study, held against this machine's registries: whatever it names has to be there, and be the same.
import { UserError } from "kit";
import { checkRegistry } from "kit/registry";
import { PROMPTS } from "../../src/asking/registries";
import {
  differingField,
  type Entry,
  type Registry,
  readRegistries,
  registryPlace,
} from "../../src/own-registry";
import { checkStudy, GROUPS, STUDY_FILE, type StudyFile } from "../../src/study/study";
import { SYSTEMS, type System } from "../../src/systems/system";
import type { StudyManifest } from "../pipeline/manifest";
import type { Files } from "./tar-file";
import { REGISTRIES } from "./used-entries";

/**
 * Checks an archive's entries against this machine's registries, and its study against both.
 *
 * @throws UserError naming the entry and the field in which one of this machine differs, or what the study lacks.
 */
export function requireStudy(
  files: Files,
  { copied, study }: StudyManifest,
  archive: string,
): void {
  for (const registry of REGISTRIES) entriesWith(registry, files, archive);
  const systems = entriesWith<System>(SYSTEMS, files, archive);
  const prompts = new Set(entriesWith(PROMPTS, files, archive).map(({ id }) => id));
  const path = `${archive}/${study}/${STUDY_FILE}`;
  const given = parse(files, STUDY_FILE, archive) as StudyFile;
  checkStudy(given, path, systems);
  refuseGroups(given, path);
  const listed = new Set([...files.keys(), ...copied.map((one) => one.path)]);
  for (const { id, replies } of systems.filter((one) => given.systems.includes(one.id))) {
    requireScores(id, given.scorers ?? [], listed, archive);
    if (replies.from !== "asked" || prompts.has(replies.prompt)) continue;
    throw new UserError(
      `${archive}: '${id}' was asked with the prompt '${replies.prompt}', which is in no registry; have the study exported again`,
    );
  }
}

function refuseGroups({ systems }: StudyFile, path: string): void {
  const group = systems.find((id) => GROUPS.some((one) => one === id));
  if (group === undefined) return;
  throw new UserError(
    `${path}: 'systems' names the group '${group}', and an archive names systems; have the study exported again`,
  );
}

// One scorer may know fewer systems than another.
function requireScores(
  system: string,
  scorers: readonly string[],
  listed: ReadonlySet<string>,
  archive: string,
): void {
  const tables = scorers.map((scorer) => `data/scores/${scorer}/${system}.csv`);
  if (tables.some((table) => listed.has(table))) return;
  throw new UserError(`${archive}: '${tables[0]}' is missing; have the study exported again`);
}

/** What this machine and an archive know together. */
function entriesWith<Of extends Entry>(registry: Registry, files: Files, archive: string): Of[] {
  const known = readRegistries<Of>(registry);
  const file = `${registry.name}.json`;
  if (!files.has(file)) return known;
  const given = parse(files, file, archive);
  checkRegistry(given, registryPlace(registry, `${archive}: ${file}`));
  const own = (given as Readonly<Record<string, readonly Of[]>>)[registry.list] ?? [];
  for (const entry of own) {
    const here = known.find(({ id }) => id === entry.id);
    const field = here && differingField(here, entry);
    if (field === undefined) continue;
    throw new UserError(
      `${archive}: ${file}: the ${registry.noun} '${entry.id}' is on this machine with another '${field}'; ` +
        "open the archive in another clone, or rename this machine's",
    );
  }
  return [...known, ...own.filter(({ id }) => known.every((one) => one.id !== id))];
}

function parse(files: Files, path: string, archive: string): object {
  try {
    const given = JSON.parse(String(files.get(path)));
    if (typeof given === "object" && given !== null) return given;
  } catch {}
  throw new UserError(
    `${archive}: '${path}' is missing or not JSON; have the study exported again`,
  );
}
