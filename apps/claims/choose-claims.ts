// Chooses a study's claims: its own file's, or the project's.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { didYouMean, listNames, UserError } from "kit";
import { type Claim, readClaimsFile } from "../../src/claims/claim";
import { projectPath } from "../../src/project";
import { STUDY_FILE, type Study } from "../../src/study/study";

/** The claims that a study's file chooses, and where from. */
export interface ChosenClaims {
  /** The file that holds them. */
  readonly path: string;
  readonly claims: readonly Claim[];
  /** Whether they are all of the project's own. */
  readonly isWhole: boolean;
}

/**
 * Reads the claims that a study is to be put to, whether or not it has been run: its own `claims.json` where there is one,
 * else the project's; all, or those that its file names.
 *
 * @param published the project's claims.
 * @throws UserError if a file is broken, or a claim that is named is not there.
 */
export function chooseClaims(
  { root, claims: chosen }: Pick<Study, "root" | "claims">,
  published = projectPath("data", "claims.json"),
): ChosenClaims {
  const own = join(root, "claims.json");
  const path = existsSync(own) ? own : published;
  const all = readClaimsFile(path);
  const claims = chosen ? chosen.map((id) => findClaim(all, id, join(root, STUDY_FILE))) : all;
  return { path, claims, isWhole: !chosen && path === published };
}

/**
 * Finds a claim by its identifier.
 *
 * @param place that named it, for the message.
 * @throws UserError with the nearest name, or all, if it is not there.
 */
export function findClaim(all: readonly Claim[], id: string, place: string): Claim {
  const found = all.find((claim) => claim.id === id);
  if (found) return found;
  const known = all.map((claim) => claim.id);
  const hint = didYouMean(id, known) || `; known are ${listNames(known)}`;
  throw new UserError(`${place}: no claim is called '${id}'${hint}`);
}
