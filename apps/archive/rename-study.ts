// A study under another name than its archive's: what says the name is said anew.
import { formatNotebook, parseNotebook } from "run-notebooks";
import { STUDY_FILE } from "../../src/study/study";
import { formatManifest, listFile, MANIFEST, type StudyManifest } from "../pipeline/manifest";
import type { Files } from "./tar-file";

/** The id of the cell that names a notebook's study. */
const NOTE = "own-study";

/**
 * Gives an archive's files as those of a study of another name; the report, which names it in many places, is left for the
 * next run to write.
 */
export function renameStudy(files: Files, manifest: StudyManifest, name: string): Files {
  const renamed = new Map(files);
  renamed.delete("report.html");
  const study = JSON.parse(String(files.get(STUDY_FILE)));
  renamed.set(STUDY_FILE, Buffer.from(`${JSON.stringify({ ...study, name }, null, 2)}\n`));
  for (const [path, content] of files) {
    if (path.startsWith("notebooks/")) renamed.set(path, renameIn(content, manifest.study, name));
  }
  renamed.delete(MANIFEST);
  const listed = [...renamed].map(([path, content]) => listFile(path, content));
  const text = formatManifest({ ...manifest, study: name, files: listed });
  return renamed.set(MANIFEST, Buffer.from(text));
}

function renameIn(content: Buffer, from: string, to: string): Buffer {
  const notebook = parseNotebook(content, NOTE);
  const cells = notebook.cells.map((cell) =>
    cell.id === NOTE
      ? {
          ...cell,
          source: cell.source
            .replace(`The study \`${from}\``, `The study \`${to}\``)
            .replace(`--study ${from}\``, `--study ${to}\``),
        }
      : cell,
  );
  return Buffer.from(formatNotebook({ ...notebook, cells }));
}
