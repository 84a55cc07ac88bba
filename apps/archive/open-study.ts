// From an archive to a folder of `studies`, all or nothing.
import { cpSync, existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UserError } from "kit";
import { diskRemedy, removeTemporary } from "kit/files";
import { noteOpened } from "../../src/own-registry";
import { projectPath } from "../../src/project";
import { STUDIES } from "../../src/study/study";
import { requirePackageFiles, type StudyManifest } from "../pipeline/manifest";
import { listForeignNotebooks } from "./foreign-notebooks";
import { renameStudy } from "./rename-study";
import { requireStudy } from "./require-study";
import { requireWhole } from "./require-whole";
import { requireStudyName } from "./study-name";
import { type Files, readFiles } from "./tar-file";
import { REGISTRIES } from "./used-entries";

/** How an archive is opened. */
interface OpenOptions {
  /** The study's name here; the archive's by default. */
  readonly as?: string | undefined;
  /** Whether the study's notebooks will be rerun. */
  readonly notebooks: boolean;
  /** Whether code of its authors may be, too. */
  readonly ownNotebooks: boolean;
}

/** A study that was unpacked. */
export interface UnpackedStudy {
  readonly name: string;
  readonly manifest: StudyManifest;
  /** Notebooks with code of the study's authors. */
  readonly foreign: readonly string[];
}

/**
 * Checks an archive, and unpacks it as a study of this clone.
 *
 * @throws UserError if anything in it is not as it should be, or stands against what is here; nothing is unpacked then.
 */
export async function unpackStudy(archive: string, options: OpenOptions): Promise<UnpackedStudy> {
  const files = await readFiles(archive);
  const manifest = requireWhole(files, archive);
  const name = options.as ?? manifest.study;
  requireStudyName(name, "open it under another with --as NAME");
  const folder = projectPath(STUDIES, name);
  if (existsSync(folder)) {
    throw new UserError(
      `${folder}: is there already; open the archive under another name with --as NAME`,
    );
  }
  requireStudy(files, manifest, archive);
  requirePackageFiles(manifest);
  const foreign = listForeignNotebooks(files, archive);
  if (options.notebooks && !options.ownNotebooks) refuseCode(foreign, archive);
  put(folder, name === manifest.study ? files : renameStudy(files, manifest, name), manifest);
  return { name, manifest, foreign };
}

function refuseCode([path]: readonly string[], archive: string): void {
  if (path === undefined) return;
  throw new UserError(
    `${archive}: '${path}' holds code that is not this package's and would run on this machine; open the archive with ` +
      "--no-notebooks and read it, or run it with --own-notebooks",
  );
}

// Beside other passing things, on the same disk: a run that is killed leaves nothing that could be taken for a study.
function put(folder: string, files: Files, { copied }: StudyManifest): void {
  const partial = projectPath("data", "cache", `opening-${basename(folder)}-${process.pid}`);
  try {
    for (const [path, content] of files) {
      mkdirSync(dirname(join(partial, path)), { recursive: true });
      writeFileSync(join(partial, path), content, { flush: true });
    }
    for (const { path } of copied) cpSync(projectPath(path), join(partial, path));
    mkdirSync(dirname(folder), { recursive: true });
    if (REGISTRIES.some(({ name }) => files.has(`${name}.json`))) noteOpened(basename(folder));
    renameSync(partial, folder);
  } catch (error) {
    removeTemporary(partial);
    const remedy = diskRemedy(error);
    if (!remedy) throw error;
    throw new UserError(`${folder}: cannot be written: ${remedy}; nothing was unpacked`);
  }
}
