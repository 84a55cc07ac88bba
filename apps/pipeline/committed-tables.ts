// Whether the tables that results are computed from are the committed ones: their checksums stand in `data/croissant.json`.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { METRICS } from "empathy-scorer";
import { UserError } from "kit";
import { sha256 } from "run-notebooks";
import { readSystemScores } from "../../src/scoring/system-scores";

/** The file that holds every committed table's checksum; `npm run metadata` writes it. */
const MANIFEST = "data/croissant.json";

interface Manifest {
  readonly distribution: readonly { readonly contentUrl: string; readonly sha256?: string }[];
}

// What a run computes from the others, and compares itself.
const COMPUTED = "results/";

/**
 * Checks the committed tables below a root against their checksums; a root without a list of these has none.
 *
 * @param made tables that this run has made of the texts: they are what they should be.
 * @throws UserError naming the first table that was edited or is missing; the row too if a level is no longer the most
 *   probable one of its row, or a row is broken.
 */
export function checkCommittedTables(
  root: string,
  made: ReadonlyMap<string, unknown> = new Map(),
): void {
  for (const { contentUrl, sha256: committed } of readManifest(root)) {
    const file = `data/${contentUrl}`;
    if (!file.endsWith(".csv") || contentUrl.startsWith(COMPUTED) || made.has(file)) continue;
    const path = join(root, file);
    if (!existsSync(path)) {
      throw new UserError(`${file}: is missing; restore it with \`git checkout ${file}\``);
    }
    if (sha256(readFileSync(path)) === committed) continue;
    throw new UserError(
      `${findEdit(path, file) ?? `${file}: is not the committed table`}; restore it with ` +
        `\`git checkout ${file}\`, or if it was made anew, run \`npm run metadata\``,
    );
  }
}

function readManifest(root: string): Manifest["distribution"] {
  const path = join(root, MANIFEST);
  if (!existsSync(path)) return [];
  try {
    return (JSON.parse(readFileSync(path, "utf8")) as Manifest).distribution;
  } catch {
    throw new UserError(
      `${MANIFEST}: is not JSON; restore it with \`git checkout\`, or run \`npm run metadata\``,
    );
  }
}

// Two probabilities that are rounded to three decimals may change places.
const ROUNDING = 0.002;

/** The first row of a table of scores whose level is not its most probable one. */
function findEdit(path: string, file: string): string | undefined {
  const [header] = readFileSync(path, "utf8").split("\n", 1);
  if (!header?.includes(",er_p1,")) return undefined;
  for (const [at, { scores }] of readSystemScores(path, file).entries()) {
    if (!scores) continue;
    for (const metric of METRICS) {
      const { level, probabilities } = scores[metric];
      const most = Math.max(...probabilities);
      if ((probabilities[level] ?? -1) >= most - ROUNDING) continue;
      const likely = probabilities.indexOf(most);
      return `${file}:${at + 2}: was edited: '${metric}' is ${level}, and its most probable level is ${likely}`;
    }
  }
  return undefined;
}
