// Where the files of an archive may lie: in a study's folder, and nowhere that would be left from there.
import { UserError } from "kit";
import { DATA_FOLDERS } from "../pipeline/manifest";

/** The files in a study's own folder. */
const TOP_FILES = [
  ...(["study.json", "claims.json", "manifest.json", "ro-crate-metadata.json"] as const),
  ...(["systems.json", "prompts.json", "judge-prompts.json", "prices.json"] as const),
  ...(["CITATION.cff", "report.html"] as const),
];

const NAME = "[\\p{L}\\p{N}_][\\p{L}\\p{N}._ -]{0,120}(?<![. ])";
const BELOW = new RegExp(
  `^(notebooks/${NAME}\\.ipynb|figures/${NAME}|data/(${DATA_FOLDERS.join("|")})(/${NAME}){1,2})$`,
  "u",
);

/**
 * Refuses a path that is none of a study's.
 *
 * @param holder the archive or the folder, for messages.
 * @throws UserError naming the path.
 */
export function requirePlace(path: string, holder: string): void {
  if (TOP_FILES.some((name) => name === path) || BELOW.test(path)) return;
  throw new UserError(
    `${holder}: '${path}' is no place of a study's file: these are ${TOP_FILES.join(", ")}, and files in notebooks, figures and data`,
  );
}

const OF_PACKAGE = new RegExp(`^data(/${NAME}){1,4}$`, "u");

/**
 * Refuses a path that is none of the package's tables.
 *
 * @throws UserError naming the path.
 */
export function requirePackagePlace(path: string, holder: string): void {
  if (OF_PACKAGE.test(path)) return;
  throw new UserError(
    `${holder}: '${path}' is no place of the package's tables, which lie in data`,
  );
}
