import { resolve } from "node:path";
import { projectPath } from "../../src/project";
import { checksumOf } from "../../src/systems/reply";

/** What a view was opened on. */
interface RunOfView {
  readonly files: readonly string[];
  readonly isSampleOnly: boolean;
  readonly plan?: string | undefined;
}

/** Names a view by what it was opened on, so that stars and notes are found again when replies have been added to it. */
export function nameRun({ files, isSampleOnly, plan }: RunOfView): string {
  const places = [...files, ...(plan === undefined ? [] : [plan])].map((path) => resolve(path));
  return checksumOf(JSON.stringify([projectPath(), isSampleOnly, ...places])).slice(0, 16);
}
