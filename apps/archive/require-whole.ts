import { UserError } from "kit";
import { listFile, MANIFEST, parseManifest, type StudyManifest } from "../pipeline/manifest";
import { requirePackagePlace, requirePlace } from "./places";
import type { Files } from "./tar-file";

/**
 * Checks that an archive holds what its manifest lists, and nothing else.
 *
 * @param archive its path, for messages.
 * @throws UserError naming the first file that is missing, changed or not listed.
 */
export function requireWhole(files: Files, archive: string): StudyManifest {
  const text = files.get(MANIFEST);
  if (!text) {
    throw new UserError(
      `${archive}: holds no ${MANIFEST}, so it is no study; \`npx empathy study export\` writes one`,
    );
  }
  const manifest = parseManifest(text.toString(), `${archive}: ${MANIFEST}`);
  for (const { path } of manifest.copied) requirePlace(path, archive);
  for (const { path } of [...manifest.copied, ...manifest.read]) requirePackagePlace(path, archive);
  const listed = new Set(manifest.files.map(({ path }) => path));
  for (const { path, sha256 } of manifest.files) {
    const content = files.get(path);
    const fault = !content
      ? "is missing"
      : listFile(path, content).sha256 === sha256
        ? undefined
        : "is another than its manifest lists";
    if (fault) throw new UserError(`${archive}: '${path}' ${fault}; have the study exported again`);
  }
  const unlisted = [...files.keys()].find((path) => path !== MANIFEST && !listed.has(path));
  if (unlisted === undefined) return manifest;
  throw new UserError(
    `${archive}: '${unlisted}' is not in its manifest; have the study exported again`,
  );
}
