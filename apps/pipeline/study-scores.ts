// The score tables of a study of one's own: copies of those that its scorers have made.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "kit";
import {
  LOCAL_NAME,
  LOCAL_STUDY,
  PUBLISHED_STUDY,
  STUDY_FILE,
  STUDY_SCORES,
  type Study,
  scoreTable,
} from "../../src/study/study";
import type { System } from "../../src/systems/system";

/**
 * Brings a study's score tables up to date: those that were made for it alone, `scores/SCORER/SYSTEM.csv` beside its file, and,
 * on EmpatheticDialogues, else the published ones and this machine's.
 */
export function keepScores(
  root: string,
  folder: string,
  { scorers, corpus }: Study,
  systems: readonly System[],
): void {
  const isLocal = folder === join(root, LOCAL_STUDY);
  const files = new Set(systems.map(({ id }) => `${id}.csv`));
  for (const scorer of scorers) {
    const tables = join(folder, "data", "scores", scorer);
    mkdirSync(tables, { recursive: true });
    for (const file of readdirSync(tables)) {
      if (!isLocal && !files.has(file)) rmSync(join(tables, file));
    }
    for (const { id } of systems) {
      const sources = [join(folder, STUDY_SCORES, scorer, `${id}.csv`)];
      if (corpus === "ed") sources.push(join(root, scoreTable(scorer, id)));
      const to = join(tables, `${id}.csv`);
      const from = sources.find((path) => existsSync(path));
      if (from !== undefined && from !== to) cpSync(from, to);
    }
  }
}

/**
 * Refuses a study that lacks scores: a scorer without some of the systems would answer for fewer than the study is of.
 * The study of everything on this machine takes what there is.
 *
 * @throws UserError naming the first system that has no scores.
 */
export function refuseUnscored(
  folder: string,
  { name, scorers }: Study,
  systems: readonly System[],
): void {
  if (name === LOCAL_NAME) return;
  const place = join(folder, STUDY_FILE);
  const compared = systems.filter(({ excluded }) => !excluded);
  for (const scorer of scorers) {
    const unscored = compared.find(
      ({ id }) => !existsSync(join(folder, "data", "scores", scorer, `${id}.csv`)),
    );
    if (!unscored) continue;
    const { id } = unscored;
    throw new UserError(
      PUBLISHED_STUDY.scorers.includes(scorer)
        ? `${place}: '${id}' has no scores by ${scorer}; ask or import its replies, then run \`npx empathy score --system ${id}\`, or take it out`
        : `${place}: '${id}' has no scores by ${scorer}; have every system scored with \`npx empathy score --study ${name} --scorer …\`, or take ${scorer} out`,
    );
  }
}
