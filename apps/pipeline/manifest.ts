// What an exported study consists of, `manifest.json`: its own files, and the package's that it rests on. A folder of `studies`
// that holds one was opened from an archive, and stays as it was when it was exported.
import { hash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "kit";
import { checkRegistry } from "kit/registry";
import { projectPath } from "../../src/project";

/** The file's name, in an archive and in an opened study's folder. */
export const MANIFEST = "manifest.json";

/** The one form of manifests that there has been. */
export const MANIFEST_FORMAT = "empathy-study/1";

/** The folders of a study's `data` that are handed on; none of them holds a text of others. */
export const DATA_FOLDERS = [
  "corpus",
  "published",
  "readings",
  "replies",
  "results",
  "scores",
  "validity",
] as const;

/** A file, by its path below the study's folder or below the clone. */
export interface ListedFile {
  readonly path: string;
  readonly bytes: number;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
}

/** What an exported study consists of. */
export interface StudyManifest {
  readonly format: typeof MANIFEST_FORMAT;
  /** The name under which it was exported or opened. */
  readonly study: string;
  readonly package: {
    readonly name: "empathy-notebooks";
    readonly version: string;
    readonly commit?: string;
  };
  readonly environment: {
    readonly node: string;
    /** SHA-256 of package-lock.json. */
    readonly lockfile: string;
  };
  /** The archive's files, but for the manifest. */
  readonly files: readonly ListedFile[];
  /** Files of the study that are the package's own, byte by byte: every clone has them. */
  readonly copied: readonly ListedFile[];
  /** Tables of the package that the study's run reads where they lie. */
  readonly read: readonly ListedFile[];
}

/** Lists a file. */
export function listFile(path: string, content: Buffer): ListedFile {
  return { path, bytes: content.length, sha256: hash("sha256", content, "hex") };
}

/** Writes a manifest as text. */
export function formatManifest(manifest: StudyManifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/**
 * Reads a manifest's text.
 *
 * @param name how messages name the file.
 * @throws UserError naming every fault.
 */
export function parseManifest(text: string, name: string): StudyManifest {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new UserError(`${name}: is not JSON; have the study exported again`);
  }
  const schemaPath = projectPath("data", "manifest.schema.json");
  checkRegistry(given, { path: name, schemaPath, list: "studies", noun: "study" });
  return given as StudyManifest;
}

/** The manifest of an opened study; undefined where the study was made here. */
export function readManifest(folder: string): StudyManifest | undefined {
  const path = join(folder, MANIFEST);
  return existsSync(path) ? parseManifest(readFileSync(path, "utf8"), path) : undefined;
}

// What a run makes anew; all else is what it is made from.
const OUTCOMES = /^(data\/results|figures|notebooks)\/|^report\.html$/;

/**
 * Checks that an opened study has all that it was computed from, in its folder and in the clone.
 *
 * @throws UserError naming the first file that is missing or another, and the remedy.
 */
export function requireInputs(folder: string, manifest: StudyManifest): void {
  const inputs = manifest.files.filter(({ path }) => !OUTCOMES.test(path));
  for (const file of [...inputs, ...manifest.copied]) {
    const fault = faultOf(join(folder, file.path), file);
    if (!fault) continue;
    throw new UserError(
      `${join(folder, file.path)}: ${fault}, and an opened study stays as it is; open its archive again under another name ` +
        `(\`--as\`), or delete ${MANIFEST} in its folder to make the study your own`,
    );
  }
  requirePackageFiles({ ...manifest, copied: [] });
}

/**
 * Checks that this clone has the package's files that a study rests on.
 *
 * @throws UserError naming the first that is missing or another, and the version that has it.
 */
export function requirePackageFiles({ copied, read, package: made }: StudyManifest): void {
  for (const file of [...copied, ...read]) {
    const fault = faultOf(projectPath(file.path), file);
    if (!fault) continue;
    const commit = made.commit ? `, commit ${made.commit}` : "";
    throw new UserError(
      `${file.path}: ${fault}, in this clone; the study was computed from that of empathy-notebooks ${made.version}${commit}: ` +
        "check that version out, and open it there",
    );
  }
}

/** What is wrong with a file, if anything. */
function faultOf(path: string, { sha256 }: ListedFile): string | undefined {
  if (!existsSync(path)) return "is missing";
  const found = hash("sha256", readFileSync(path), "hex");
  return found === sha256 ? undefined : "is another than the manifest lists";
}
