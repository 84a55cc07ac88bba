// The lessons' copies for students, in `notebooks/lessons/` or in a folder to hand out: the committed ones stay as they are.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/**
 * Copies the lessons; a copy that is there already is kept, or with `reset` set aside under the next free name.
 *
 * @param isBare whether the answers are left out.
 * @returns what was done, a line each.
 */
export function copyLessons(root, reset, isBare = false) {
  const from = join(root, "notebooks", "teaching");
  const to = join(root, "notebooks", "lessons");
  mkdirSync(to, { recursive: true });
  return listLessons(from).map((name) => {
    const target = join(to, name);
    const isThere = existsSync(target);
    if (isThere && !reset) return `${name}: kept as you left it`;
    const kept = isThere ? setAside(to, name) : undefined;
    if (isBare) writeFileSync(target, withoutAnswers(readFileSync(join(from, name), "utf8")));
    else copyFileSync(join(from, name), target);
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

/**
 * Writes the lessons without their answers to a folder.
 *
 * @param flag of Node's writeFile; by default a file that is there already is an error.
 * @returns their paths.
 */
export function writeWithoutAnswers(root, to, flag = "wx") {
  const from = join(root, "notebooks", "teaching");
  mkdirSync(to, { recursive: true });
  return listLessons(from).map((name) => {
    writeFileSync(join(to, name), withoutAnswers(readFileSync(join(from, name), "utf8")), { flag });
    return join(to, name);
  });
}

/** Takes the answers out of the lessons of a clone that will be handed out, and solutions and the lessons' tests away. */
export function keepWithoutAnswers(root) {
  const folder = join(root, "notebooks", "teaching");
  writeWithoutAnswers(root, folder, "w");
  rmSync(join(folder, "solutions"), { recursive: true });
  rmSync(join(root, "test", "teaching"), { recursive: true });
}

function listLessons(folder) {
  return readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
}

// An answer is a cell that is folded away.
function withoutAnswers(text) {
  const notebook = JSON.parse(text);
  const isAnswer = ({ source }) => [source].flat().join("").startsWith("<details>");
  const cells = notebook.cells.filter((cell) => !isAnswer(cell));
  return `${JSON.stringify({ ...notebook, cells }, null, 1)}\n`;
}
