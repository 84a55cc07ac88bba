// Code of a study's authors is run only where its reader says so.
import { existsSync } from "node:fs";
import { parseNotebook, readNotebook } from "run-notebooks";
import { projectPath } from "../../src/project";
import type { Files } from "./tar-file";

/**
 * Lists the notebooks that hold code which this clone's notebook of that name does not: it is the study's authors'.
 *
 * @throws UserError if one is no notebook.
 */
export function listForeignNotebooks(files: Files, archive: string): string[] {
  return [...files].flatMap(([path, content]) => {
    if (!path.startsWith("notebooks/")) return [];
    const own = existsSync(projectPath(path)) ? codeOf(readNotebook(projectPath(path))) : [];
    const code = codeOf(parseNotebook(content, `${archive}: ${path}`));
    return code.every((source) => own.includes(source)) ? [] : [path];
  });
}

function codeOf({ cells }: ReturnType<typeof readNotebook>): string[] {
  return cells.filter((cell) => cell.cell_type === "code").map(({ source }) => source);
}
