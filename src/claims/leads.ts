// Each system beside people on its own stimuli, by sentiment, in log-odds by a mixed model of every reply, with the whole
// covariance.
import type { Metric } from "empathy-scorer";
import { isMissing, type Missing, UserError } from "kit";
import { fitMixed, type MixedFit } from "mixed-models";
import { SENTIMENTS, type Sentiment } from "../corpus/emotions";
import type { Outcome } from "../readings/readings";
import { type AnchoredReplies, type AnchoredReply, HUMAN, shows } from "./anchored-replies";
import { combineEstimates, type Estimates, entryOf } from "./combine-estimates";

/** What a mixed model says of the systems: entry `SENTIMENTS.length * system + sentiment` of every vector. */
export interface Leads {
  readonly systems: readonly string[];
  /** Log-odds that a system shows the metric, and its lead over people on its own stimuli. */
  readonly own: Estimates;
  readonly lead: Estimates;
  /** Number of replies, and why an entry has no log-odds; null where it has. */
  readonly replies: Int32Array;
  /** With fewer of them, an entry is in no claim. */
  readonly fewest: number;
  readonly reasons: readonly (string | null)[];
  /** Rows of the model, and the standard deviations of dialogues and of turns within them. */
  readonly rows: number;
  readonly dialogueSd: number;
  readonly stimulusSd: number;
}

/** How leads are estimated. */
export interface LeadOptions {
  /** Whether replies are compared at equal length: a fixed effect of how long they are, in fifths of all replies. */
  readonly equalLength?: boolean;
  /** As `fitMixed` has them; `conditional`, given the random effects' variances, by default. */
  readonly standardErrors?: "hessian" | "conditional";
  /** With fewer replies of a system to a sentiment, nothing is said of them; a study's `fewestReplies`. */
  readonly fewest: number;
}

// Fewer replies than this with, or without, what is counted say nothing of a turn's own effect.
const FEWEST_OF_A_KIND = 5;

// The level of replies without a turn's own effect: first, so that the others' effects are against it.
const NO_LATER = "0";

/**
 * Estimates every system's lead over people.
 *
 * The model: log-odds = system by sentiment + later turn by system + dialogue + turn within dialogue, the human listener
 * being one of the systems, dialogues and turns random. A system's lead for a sentiment is the difference from people at
 * the system's own mix of first and later turns. Standard errors are those given the random effects' variances, unless the
 * options say otherwise. A system
 * of which no reply, or every one, shows the metric for a sentiment has no log-odds there, nor has any where that is so of
 * people; without replies nothing is estimated, and `reasons` says so.
 */
export function estimateLeads(
  anchored: AnchoredReplies,
  metric: Metric,
  outcome: Outcome,
  options: LeadOptions,
): Leads {
  const systems = anchored.systems.map(({ id }) => id);
  const { fewest } = options;
  const cells = countCells(anchored.replies, metric, outcome);
  const reasons = systems.flatMap((system) =>
    SENTIMENTS.map((sentiment) => obstacleOf(cells.get(cellKey(system, sentiment)), fewest)),
  );
  const human = SENTIMENTS.map((sentiment) => {
    const obstacle = obstacleOf(cells.get(cellKey(HUMAN, sentiment)), fewest);
    return obstacle && `people: ${obstacle}`;
  });
  const fitted = fitLeads(anchored.replies, metric, outcome, cells, options);
  const model = isMissing(fitted) ? undefined : fitted;
  const fault = isMissing(fitted) ? fitted.missing : null;
  const isThere = (entry: number) =>
    reasons[entry] === null && human[entry % SENTIMENTS.length] === null && model !== undefined;
  const rowsOf = (withPeople: boolean) =>
    systems.flatMap((system, at) =>
      SENTIMENTS.map((sentiment) => {
        if (!model || !isThere(entryOf(at, sentiment))) return undefined;
        return model.rowOf(system, sentiment, withPeople);
      }),
    );
  return {
    systems,
    own: combineEstimates(rowsOf(false), coefficientsOf(model?.fit)),
    lead: combineEstimates(rowsOf(true), coefficientsOf(model?.fit)),
    replies: Int32Array.from(
      systems.flatMap((system) =>
        SENTIMENTS.map((sentiment) => cells.get(cellKey(system, sentiment))?.replies ?? 0),
      ),
    ),
    fewest,
    reasons: reasons.map((reason, entry) => reason ?? human[entry % SENTIMENTS.length] ?? fault),
    rows: model?.fit.nobs ?? 0,
    dialogueSd: sdOf("dialogue", model?.fit),
    stimulusSd: sdOf("stimulus", model?.fit),
  };
}

interface Cell {
  readonly system: string;
  replies: number;
  shown: number;
  /** Of later turns. */
  later: number;
  shownLater: number;
}

function cellKey(system: string, sentiment: Sentiment): string {
  return `${system} ${sentiment}`;
}

function countCells(replies: readonly AnchoredReply[], metric: Metric, outcome: Outcome) {
  const cells = new Map<string, Cell>();
  for (const reply of replies) {
    const key = cellKey(reply.system, reply.sentiment);
    const cell = cells.get(key) ?? emptyCell(reply.system);
    const value = shows(reply, metric, outcome);
    cell.replies++;
    cell.shown += value;
    if (!reply.isFirst) {
      cell.later++;
      cell.shownLater += value;
    }
    cells.set(key, cell);
  }
  return cells;
}

function obstacleOf(cell: Cell | undefined, fewest: number): string | null {
  if (!cell) return "no scored reply";
  const { replies, shown } = cell;
  if (replies < fewest) return `${replies} replies, fewer than ${fewest}`;
  if (shown === 0 || shown === replies) {
    return `${shown === 0 ? "none" : "all"} of ${replies} replies (separation)`;
  }
  return null;
}

function emptyCell(system: string): Cell {
  return { system, replies: 0, shown: 0, later: 0, shownLater: 0 };
}

interface LeadModel {
  readonly fit: MixedFit;
  /** What combines the coefficients to a system's log-odds, or to its lead over people. */
  rowOf(system: string, sentiment: Sentiment, withPeople: boolean): Map<number, number>;
}

function fitLeads(
  replies: readonly AnchoredReply[],
  metric: Metric,
  outcome: Outcome,
  cells: ReadonlyMap<string, Cell>,
  { equalLength = false, standardErrors = "conditional", fewest }: LeadOptions,
): LeadModel | Missing {
  // A separated cell's replies say nothing of anyone else's.
  const kept = replies.filter(
    ({ system, sentiment }) => obstacleOf(cells.get(cellKey(system, sentiment)), fewest) === null,
  );
  const later = systemsWithTurns(cells);
  const laterOf = ({ system, isFirst }: AnchoredReply) =>
    isFirst || !later.has(system) ? NO_LATER : system;
  const columns = {
    y: kept.map((reply) => shows(reply, metric, outcome)),
    cell: kept.map(({ system, sentiment }) => cellKey(system, sentiment)),
    later: kept.map(laterOf),
    dialogue: kept.map(({ dialogue }) => dialogue),
    stimulus: kept.map(({ stimulus }) => stimulus),
    ...(equalLength ? { length: fifthsOf(kept.map(({ words }) => words)) } : {}),
  };
  if (new Set(columns.cell).size < 2) return { missing: "nothing to compare with" };
  const turns = new Set(columns.later).size > 1 ? " + later" : "";
  const length = columns.length && new Set(columns.length).size > 1 ? " + length" : "";
  const formula = `y ~ 0 + cell${turns}${length} + (1 | dialogue) + (1 | stimulus)`;
  const fit = tryFit(formula, columns, { family: "binomial", standardErrors });
  if (isMissing(fit)) return fit;
  const placeOf = new Map(fit.coefficients.map(({ name }, at) => [name, at]));
  const rowOf = (system: string, sentiment: Sentiment, withPeople: boolean) => {
    const { later: turnsLater, replies: all } = cells.get(cellKey(system, sentiment)) as Cell;
    const row = new Map<number, number>();
    for (const [who, sign] of withPeople
      ? [[system, 1] as const, [HUMAN, -1] as const]
      : [[system, 1] as const]) {
      row.set(placeOf.get(`cell${cellKey(who, sentiment)}`) as number, sign);
      const turn = placeOf.get(`later${who}`);
      if (turn !== undefined) row.set(turn, (sign * turnsLater) / all);
    }
    return row;
  };
  return { fit, rowOf };
}

// What so few replies cannot carry is a reason, and no error.
function tryFit(...given: Parameters<typeof fitMixed>): MixedFit | Missing {
  try {
    return fitMixed(...given);
  } catch (error) {
    if (error instanceof UserError)
      return { missing: `the replies are too few for the model: ${error.message}` };
    throw error;
  }
}

// In which fifth of all lengths each reply lies.
function fifthsOf(words: readonly number[]): string[] {
  const sorted = [...words].sort((one, other) => one - other);
  const limits = [1, 2, 3, 4].map(
    (fifth) => sorted[Math.floor((fifth * sorted.length) / 5)] as number,
  );
  return words.map((count) => `${limits.filter((limit) => count >= limit).length + 1}`);
}

// The systems whose first and later turns both hold enough replies of both kinds.
function systemsWithTurns(cells: ReadonlyMap<string, Cell>): Set<string> {
  const sums = new Map<string, Cell>();
  for (const { system, replies, shown, later, shownLater } of cells.values()) {
    const sum = sums.get(system) ?? emptyCell(system);
    sum.replies += replies;
    sum.shown += shown;
    sum.later += later;
    sum.shownLater += shownLater;
    sums.set(system, sum);
  }
  const isMixed = ({ replies, shown, later, shownLater }: Cell) =>
    Math.min(
      shownLater,
      later - shownLater,
      shown - shownLater,
      replies - later - (shown - shownLater),
    ) >= FEWEST_OF_A_KIND;
  return new Set([...sums].filter(([, cell]) => isMixed(cell)).map(([system]) => system));
}

/** A fit's coefficients with their covariance; none where there is no fit. */
export function coefficientsOf(fit: MixedFit | undefined): Estimates {
  return {
    values: Float64Array.from(fit?.coefficients ?? [], ({ estimate }) => estimate),
    covariance: fit?.covariance ?? new Float64Array(0),
  };
}

function sdOf(group: string, fit: MixedFit | undefined): number {
  return fit?.variances.find((one) => one.group === group)?.sd ?? 0;
}
