// Which claims a study puts: its own, beside its file, or some of the published ones.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { didYouMean, listNames, UserError } from "kit";
import { keepFile } from "kit/files";
import { type Claim, readClaimsFile } from "../../src/claims/claim";
import { projectPath } from "../../src/project";
import { STUDY_FILE, type Study } from "../../src/study/study";

/** The file of a study's own claims, beside `study.json`. */
export const CLAIMS_FILE = "claims.json";

/**
 * Puts a study's claims where its stages read them: its own, or those of the published study that it chooses.
 *
 * @throws UserError if its file names a claim that is not there.
 */
export function keepClaims(root: string, folder: string, { claims: chosen }: Study): void {
  const own = join(folder, CLAIMS_FILE);
  const path = existsSync(own) ? own : join(root, "data", "claims.json");
  const all = readClaimsFile(path);
  const claims = chosen ? chosen.map((id) => findClaim(all, id, folder)) : all;
  const schema = { $schema: projectPath("data", "claims.schema.json") };
  keepFile(
    join(folder, "data", "claims.json"),
    chosen || path === own
      ? `${JSON.stringify({ ...schema, claims }, null, 2)}\n`
      : readFileSync(path, "utf8"),
  );
}

function findClaim(all: readonly Claim[], id: string, folder: string): Claim {
  const known = all.map((claim) => claim.id);
  const found = all.find((claim) => claim.id === id);
  if (found) return found;
  const hint = didYouMean(id, known) || `; known are ${listNames(known)}`;
  throw new UserError(`${join(folder, STUDY_FILE)}: no claim is called '${id}'${hint}`);
}
