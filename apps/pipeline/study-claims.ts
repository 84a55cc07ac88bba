// Which claims a study puts: its own, beside its file, or some of the published ones.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { didYouMean, listNames, UserError } from "kit";
import { keepFile } from "kit/files";
import { factorsOf } from "../../src/asking/factors";
import type { Claim } from "../../src/claims/claim";
import { projectPath } from "../../src/project";
import type { Study } from "../../src/study/study";
import { readSystems } from "../../src/systems/system";
import { type ChosenClaims, chooseClaims } from "../claims/choose-claims";

/** The file of a study's own claims, beside `study.json`. */
export const CLAIMS_FILE = "claims.json";

/**
 * Puts a study's claims where its stages read them: its own, or those of the published study that it chooses.
 *
 * @throws UserError if its file names a claim that is not there, or one changes to what no registered system has.
 */
export function keepClaims(root: string, folder: string, study: Pick<Study, "claims">): void {
  const { path, claims, isWhole } = claimsOf(root, folder, study);
  const schema = { $schema: projectPath("data", "claims.schema.json") };
  keepFile(
    join(folder, "data", "claims.json"),
    isWhole ? readFileSync(path, "utf8") : `${JSON.stringify({ ...schema, claims }, null, 2)}\n`,
  );
}

/**
 * The claims of a study, and the file that they stand in.
 *
 * @throws UserError if a claim that is chosen is not there, or one changes to what no registered system has.
 */
export function claimsOf(
  root: string,
  folder: string,
  { claims }: Pick<Study, "claims">,
): ChosenClaims {
  const own: Parameters<typeof chooseClaims>[0] = { root: folder, claims };
  const chosen = chooseClaims(own, join(root, "data", "claims.json"));
  for (const claim of chosen.claims) refuseUnknownSide(claim, chosen.path);
  return chosen;
}

// A side that is misspelt would read like one that has no replies yet.
function refuseUnknownSide({ id, compared: { change } }: Claim, path: string): void {
  if (!change) return;
  const { factor, from, to } = change;
  const known = [...new Set(readSystems().map((system) => factorsOf(system)[factor]))];
  const unknown = [from, to].map(String).find((value) => !known.includes(value));
  if (unknown === undefined) return;
  const hint =
    didYouMean(unknown, known) ||
    (factor === "language" || factor === "temperature" ? `; known are ${listNames(known)}` : "");
  throw new UserError(
    `${path}: claim '${id}': no registered system has the ${factor} '${unknown}'${hint}`,
  );
}
