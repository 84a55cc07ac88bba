// The levels of the replies that are shown, by every scorer that has some: the tables of `data/scores` and of the local
// study, files with levels in them, and, where none has a reply, the classifiers that ship with the package.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import {
  type EmbeddedScorer,
  isMissing,
  loadScorer,
  METRICS,
  type ReplyScores,
  type ScoreRequest,
} from "empathy-scorer";
import { HEADS } from "empathy-scorer/training";
import { projectPath } from "../../src/project";
import { readSystemScores, type ScoreRow } from "../../src/scoring/system-scores";
import { LOCAL_STUDY, openStudy } from "../../src/study/study";
import { checksumOf } from "../../src/systems/reply";
import { requestFor } from "../replies/score-stage";
import type { Collection } from "./collection";

/** One scorer's levels and probabilities of all replies, in the collection's order. */
export interface ScorerColumns {
  readonly scorer: string;
  /** Three a reply, by metric; -1 where there is none. */
  readonly levels: Int8Array;
  /** Nine a reply: by metric, then level. */
  readonly probabilities: Float32Array;
  /** Why a reply has no score, where that is known. */
  readonly missing: Map<number, string>;
}

/** How levels are found. */
interface ScoreOptions {
  /** Folders with `data/scores` in them; the project's, the study's and the local one's by default. */
  readonly roots?: readonly string[];
  /** How many replies without levels are scored at once. */
  readonly most?: number;
  readonly note?: (text: string) => void;
}

// Three seconds of the two classifiers.
const MOST_SCORED_HERE = 10_000;

/**
 * Gathers the levels of a collection's replies.
 *
 * A table's row counts where its checksum is that of the reply: levels of an older reply are never shown beside a newer one.
 */
export function gatherScores(collection: Collection, options: ScoreOptions = {}): ScorerColumns[] {
  const { most = MOST_SCORED_HERE, note = () => {} } = options;
  const roots = options.roots ?? defaultRoots();
  const scorers = new ScorerTables(collection);
  const stale = roots.reduce((sum, root) => sum + addTables(scorers, collection, root), 0);
  if (stale > 0) note(`${stale} levels of replies that are no longer the same are left out`);
  for (const { scorer, scores } of collection.given) {
    for (const [at, one] of scores) setScores(scorers.open(scorer), at, one);
  }
  scoreRest(scorers, collection, most, note);
  return scorers.all();
}

function defaultRoots(): string[] {
  return [...new Set([projectPath(), openStudy().root, projectPath(LOCAL_STUDY)])];
}

/** The scorers' columns, each made when it is first asked for. */
class ScorerTables {
  private readonly columns = new Map<string, ScorerColumns>();

  /** Position of each reply, by system, dialogue, turn and sample. */
  readonly places: ReadonlyMap<string, number>;

  constructor(private readonly collection: Collection) {
    this.places = placesOf(collection);
  }

  open(scorer: string): ScorerColumns {
    const known = this.columns.get(scorer);
    if (known) return known;
    const count = this.collection.replies.length;
    const made: ScorerColumns = {
      scorer,
      levels: new Int8Array(3 * count).fill(-1),
      probabilities: new Float32Array(9 * count),
      missing: new Map(),
    };
    this.columns.set(scorer, made);
    return made;
  }

  /** Those that have any level, embedded ones first and in their own order, then by name. */
  all(): ScorerColumns[] {
    const heads = HEADS.map((head) => `embedded-${head}`);
    const rank = ({ scorer }: ScorerColumns) => {
      const place = heads.indexOf(scorer);
      return place < 0 ? heads.length : place;
    };
    return [...this.columns.values()]
      .filter(({ levels }) => levels.some((level) => level >= 0))
      .sort((one, other) => rank(one) - rank(other) || (one.scorer < other.scorer ? -1 : 1));
  }
}

/** Adds every score table below a root. @returns the number of rows of other texts. */
function addTables(scorers: ScorerTables, collection: Collection, root: string): number {
  const folder = join(root, "data", "scores");
  if (!existsSync(folder)) return 0;
  let stale = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    for (const [system, { id }] of collection.systems.entries()) {
      const path = join(folder, entry.name, `${id}.csv`);
      if (!existsSync(path)) continue;
      const columns = scorers.open(entry.name);
      for (const row of readSystemScores(path)) {
        const at = scorers.places.get(`${system} ${row.dialogue} ${row.turn} ${row.sample}`);
        if (at !== undefined) stale += Number(!setRow(columns, collection, at, row));
      }
    }
  }
  return stale;
}

function placesOf({ replies, stimuli }: Collection): Map<string, number> {
  return new Map(
    replies.map(({ stimulus, system, sample }, at) => {
      const { dialogue, turn } = stimuli[stimulus] ?? { dialogue: "", turn: 0 };
      return [`${system} ${dialogue} ${turn} ${sample}`, at];
    }),
  );
}

function setRow(columns: ScorerColumns, { replies }: Collection, at: number, row: ScoreRow) {
  if (!checksumOf(replies[at]?.text ?? "").startsWith(row.checksum)) return false;
  if (row.scores) setScores(columns, at, row.scores);
  else if (row.missing) columns.missing.set(at, row.missing);
  return true;
}

function setScores(columns: ScorerColumns, at: number, scores: ReplyScores): void {
  for (const [metric, name] of METRICS.entries()) {
    const { level, probabilities } = scores[name];
    columns.levels[3 * at + metric] = level;
    columns.probabilities.set(probabilities, 9 * at + 3 * metric);
  }
}

function scoreRest(
  scorers: ScorerTables,
  collection: Collection,
  most: number,
  note: (text: string) => void,
): void {
  for (const head of HEADS) {
    const columns = scorers.open(`embedded-${head}`);
    const rest = collection.replies.flatMap((_, at) =>
      columns.levels[3 * at] === -1 && !columns.missing.has(at) ? [at] : [],
    );
    if (rest.length > most) {
      note(
        `${rest.length} replies have no level by ${columns.scorer}; \`npx empathy score --system\` gives a system's`,
      );
    } else if (rest.length > 0) scoreHere(loadScorer(head), columns, collection, rest);
  }
}

function scoreHere(
  scorer: EmbeddedScorer,
  columns: ScorerColumns,
  collection: Collection,
  rest: readonly number[],
): void {
  for (const at of rest) {
    const outcome = scorer.scoreNow(scoreRequestOf(collection, at));
    if (isMissing(outcome)) columns.missing.set(at, outcome.missing);
    else setScores(columns, at, outcome);
  }
}

/** What a scorer is given for a reply: the text, and what its system was shown. */
export function scoreRequestOf(
  { replies, stimuli, systems }: Pick<Collection, "replies" | "stimuli" | "systems">,
  at: number,
): ScoreRequest {
  const reply = replies[at];
  const stimulus = stimuli[reply?.stimulus ?? -1];
  const system = systems[reply?.system ?? -1];
  if (!reply || !stimulus || !system) throw new RangeError(`scoreRequestOf: no reply ${at}`);
  const { source, dialogue, turn, context } = stimulus;
  if (!source) return { context, reply: reply.text };
  const { sample, text } = reply;
  return requestFor({ dialogue, turn, system: system.id, sample, text }, source, system.shown);
}
