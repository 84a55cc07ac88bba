// The lessons' copies for students, in `notebooks/lessons/`: the committed ones stay as they are.
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";

/**
 * Copies the lessons; a copy that is there already is kept, or with `reset` set aside under the next free name.
 *
 * @returns what was done, a line each.
 */
export function copyLessons(root, reset) {
  const from = join(root, "notebooks", "teaching");
  const to = join(root, "notebooks", "lessons");
  mkdirSync(to, { recursive: true });
  const lessons = readdirSync(from).filter((name) => name.endsWith(".ipynb"));
  return lessons.map((name) => {
    const target = join(to, name);
    const isThere = existsSync(target);
    if (isThere && !reset) return `${name}: kept as you left it`;
    const kept = isThere ? setAside(to, name) : undefined;
    copyFileSync(join(from, name), target);
    return kept ? `${name}: fresh; your old one is ${kept}` : `${name}: copied`;
  });
}

function setAside(folder, name) {
  for (let number = 1; ; number++) {
    const kept = name.replace(/\.ipynb$/, `.old-${number}.ipynb`);
    if (existsSync(join(folder, kept))) continue;
    renameSync(join(folder, name), join(folder, kept));
    return kept;
  }
}
