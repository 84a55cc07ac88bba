// From the scores and readings to the verdicts: `data/results/`.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { readClaimsFile } from "../../src/claims/claim";
import {
  formatClaimResults,
  formatMultiverse,
  formatShares,
  formatWithout,
} from "../../src/claims/results-tables";
import { gradeShares } from "../../src/people/grade-shares";
import { PEOPLE_FILE, readPeople } from "../../src/people/people-results";
import { readStudy } from "../../src/study/study";
import { putClaims } from "../claims/put-claims";
import type { Ledger } from "./ledger";

/** What the stage is told. */
interface ResultsRun {
  readonly ledger: Ledger;
  readonly signal?: AbortSignal | undefined;
}

/** Puts every claim to every analysis. */
export async function keepResults({ ledger, signal }: ResultsRun): Promise<string[]> {
  const { root } = ledger;
  const study = readStudy(root);
  const claims = readClaimsFile(join(root, "data", "claims.json"));
  const people = existsSync(join(root, PEOPLE_FILE)) ? readPeople(study) : undefined;
  const found = await putClaims(study, claims, people && gradeShares(people), signal);
  const tables: Record<string, string> = {
    "data/results/claims.csv": formatClaimResults(found.claims),
    "data/results/multiverse.csv": formatMultiverse(found.multiverse),
    "data/results/without.csv": formatWithout(found.without),
    "data/results/shares.csv": formatShares(found.shares),
  };
  for (const [file, text] of Object.entries(tables)) ledger.keep(file, text);
  return Object.keys(tables);
}
