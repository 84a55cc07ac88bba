// Score tables on disk, as a scorer writes them.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One reply's scores: the same level of every metric. */
export interface MadeScore {
  readonly dialogue: string;
  readonly turn: number;
  readonly level: 0 | 1 | 2;
}

const HEADER =
  "dialogue,turn,sample,words,er,ip,ex,er_p1,er_p2,ip_p1,ip_p2,ex_p1,ex_p2,missing,checksum";

/** Writes `data/scores/<scorer>/<system>.csv` below a root. */
export function writeScores(
  root: string,
  scorer: string,
  system: string,
  rows: readonly MadeScore[],
): void {
  const folder = join(root, "data", "scores", scorer);
  mkdirSync(folder, { recursive: true });
  const lines = rows.map(({ dialogue, turn, level }) => {
    const levels = `${level},${level},${level}`;
    return `${dialogue},${turn},1,5,${levels},0.1,0.1,0.1,0.1,0.1,0.1,,0123456789abcdef`;
  });
  writeFileSync(join(folder, `${system}.csv`), `${[HEADER, ...lines].join("\n")}\n`);
}
