// A study is handed on as it was run: with results, and none that are older than what they were computed from.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "kit";
import { hasResults } from "../../src/claims/results-tables";
import { readSystemScores } from "../../src/scoring/system-scores";
import { STUDIES, type Study } from "../../src/study/study";
import { Stamps } from "../pipeline/stamps";
import type { ListedReply } from "./list-replies";

/** @throws UserError if the study has no results yet. */
export function requireResults(study: Study): void {
  if (hasResults(study)) return;
  const { name } = study;
  throw new UserError(`${STUDIES}/${name}: has no results yet; ${remedy(name)}`);
}

/**
 * Checks that each step of a study's run would give what stands there.
 *
 * @throws UserError naming the first that would not.
 */
export function requireCurrent(study: Study): void {
  const stale = sayStale(study);
  if (stale !== undefined) throw new UserError(stale);
}

/** Names the first step of a study's run that would give another result than what stands there, if there is one. */
export function sayStale({ name, root }: Study): string | undefined {
  const stamps = new Stamps(root);
  const notebooks = readdirSync(join(root, "notebooks")).filter((one) => one.endsWith(".ipynb"));
  const steps = ["results", ...notebooks.sort().map((one) => `notebooks/${one}`), "report"];
  const stale = steps.find((step) => !stamps.isCurrent(step));
  if (stale === undefined) return undefined;
  const what = stale === "results" ? "data/results" : stale === "report" ? "report.html" : stale;
  return `${STUDIES}/${name}/${what}: is older than what it is made from, or was not made on this machine; ${remedy(name)}`;
}

const KEY_DIGITS = 16;

/**
 * Checks that a system's scores are of the replies that are recorded, and of all of them.
 *
 * @throws UserError naming a reply that has no score, or a score that has no reply.
 */
export function requireScored(study: Study, system: string, replies: readonly ListedReply[]): void {
  const given = replies.filter(({ sha256 }) => sha256 !== "");
  const recorded = new Set(given.map((reply) => keyOf(reply, reply.sha256)));
  for (const scorer of study.scorers) {
    const file = join("data", "scores", scorer, `${system}.csv`);
    if (!existsSync(join(study.root, file))) continue;
    const rows = readSystemScores(join(study.root, file));
    const scored = new Set(rows.map((row) => keyOf(row, row.checksum)));
    const row = rows.findIndex((one) => !recorded.has(keyOf(one, one.checksum)));
    if (row >= 0) {
      throw new UserError(
        `${join(STUDIES, study.name, file)}:${row + 2}: is of a reply of '${system}' that data/replies does not hold, so nothing says who gave it; ` +
          `restore the recorded replies, or take '${system}' out`,
      );
    }
    // A judge may have been shown some of the replies; the heads that come with the package score all.
    const unscored = given.find((reply) => !scored.has(keyOf(reply, reply.sha256)));
    if (!unscored || !scorer.startsWith("embedded-")) continue;
    const { dialogue, turn } = unscored;
    throw new UserError(
      `${join(STUDIES, study.name, file)}: lacks a reply of '${system}' that was recorded since (${dialogue}, turn ${turn}); ${remedy(study.name)}`,
    );
  }
}

function keyOf(
  { dialogue, turn, sample }: Pick<ListedReply, "dialogue" | "turn" | "sample">,
  checksum: string,
): string {
  return `${dialogue} ${turn} ${sample} ${checksum.slice(0, KEY_DIGITS)}`;
}

function remedy(name: string): string {
  return `run \`npm run reproduce -- --study ${name}\` first`;
}
