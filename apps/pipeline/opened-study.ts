// A study that was opened from an archive: its tables and notebooks are the archive's, and are checked rather than brought up to
// date; only what names this clone's registries is written anew.
import { cpSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "kit";
import { keepFile } from "kit/files";
import { readAsked } from "../../src/study/asked-systems";
import type { Study } from "../../src/study/study";
import { readSystems } from "../../src/systems/system";
import { DATA_FOLDERS, MANIFEST, requireInputs, type StudyManifest } from "./manifest";
import { filesBelow } from "./stamps";
import { keepClaims } from "./study-claims";

/**
 * Prepares an opened study for a run.
 *
 * @returns identifiers of its systems that were asked or imported by its authors.
 * @throws UserError naming a file that is missing or another than it was.
 */
export function prepareOpened(
  root: string,
  folder: string,
  study: Study,
  manifest: StudyManifest,
): string[] {
  requireInputs(folder, manifest);
  refuseAdded(folder, manifest);
  cpSync(join(root, "data", "sources.json"), join(folder, "data", "sources.json"));
  keepFile(join(folder, "data", "systems.json"), formatSystems());
  keepClaims(root, folder, study);
  return readAsked(study).map(({ system }) => system);
}

// What a run would find beside the archive's tables, such as readings that were made here, would change its results.
function refuseAdded(folder: string, { files, copied }: StudyManifest): void {
  const listed = new Set([...files, ...copied].map(({ path }) => path));
  const added = DATA_FOLDERS.filter((name) => name !== "results")
    .flatMap((name) => filesBelow(folder, `data/${name}`))
    .find((path) => !listed.has(path));
  if (added === undefined) return;
  throw new UserError(
    `${join(folder, added)}: was added, and an opened study stays as it is; move it away, or delete ${MANIFEST} in its folder to ` +
      "make the study your own",
  );
}

/** The registry's copy in a study's folder, whose checksum tells stages when an entry has changed. */
export function formatSystems(): string {
  return `${JSON.stringify({ systems: readSystems() }, null, 2)}\n`;
}
