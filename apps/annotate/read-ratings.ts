import { byMetric, METRICS } from "empathy-scorer";
import { UserError } from "kit";
import { isMissingCell, type RowsOptions, readRows } from "kit/tables";
import type { Plan } from "./plan-file";
import { type ByMetric, isLevel } from "./population";

/** What one rater gave one reply. */
export interface GivenRating {
  readonly rater: string;
  /** Identifier of the reply in the plan. */
  readonly reply: string;
  /** Null where the rater gave none. */
  readonly levels: ByMetric<0 | 1 | 2 | null>;
  /** Whether the reply makes sense as an answer; absent or null where the rater's file does not say. */
  readonly fits?: boolean | null;
}

/** The raters' files, joined to the plan. */
export interface JoinedRatings {
  /** In the order of the plan's replies, then of the raters' names. */
  readonly ratings: readonly GivenRating[];
  /** Names of the raters, sorted; one name in two forms of Unicode is one. */
  readonly raters: readonly string[];
  /** Number of rows that said again what had been said. */
  readonly repeated: number;
}

const COLUMNS = ["plan", "rater", "reply", ...METRICS];

/** A column that a file may lack, 1 or 0: whether the reply makes sense as an answer. */
const FIT = "fit";

/**
 * Reads raters' files, in any order, whole or in part, and joins them to the plan.
 *
 * Cells may be parted by commas, semicolons or tabs, and the header may be in capitals. A row that repeats another counts
 * once. A level may be missing: an empty cell, or a usual word for it.
 *
 * @throws UserError if a file lacks a column, belongs to another plan, names a reply that is not in the plan, holds
 *   something else than a level, or says another level than the same rater before.
 */
export async function readRatings(paths: readonly string[], plan: Plan): Promise<JoinedRatings> {
  const known = new Map(plan.replies.map(({ id }, at) => [id, at]));
  const found = new Map<string, { readonly rating: GivenRating; readonly place: string }>();
  let repeated = 0;
  for (const path of paths) {
    for await (const { line, cells } of readRows(path, RATINGS)) {
      const place = `${path}:${line}`;
      const rating = toRating(cells, place, plan, known);
      const key = JSON.stringify([rating.rater, rating.reply]);
      const before = found.get(key);
      if (!before) found.set(key, { rating, place });
      else {
        refuseContradiction(rating, place, before);
        // A page that did not ask for fit may have been gone on from by one that does.
        if (before.rating.fits === null) found.set(key, { rating, place });
        repeated++;
      }
    }
  }
  const ratings = [...found.values()].map(({ rating }) => rating);
  if (ratings.length === 0) {
    throw new UserError(`${paths.join(", ")}: hold no rating; name a file that a rater sent`);
  }
  const raters = [...new Set(ratings.map(({ rater }) => rater))].sort();
  const position = ({ reply }: GivenRating) => known.get(reply) ?? 0;
  ratings.sort(
    (one, other) =>
      position(one) - position(other) || raters.indexOf(one.rater) - raters.indexOf(other.rater),
  );
  return { ratings, raters, repeated };
}

const RATINGS: RowsOptions = {
  delimiter: "found",
  columns: COLUMNS,
  fields: [...COLUMNS, FIT],
  name: "raters'",
  otherwise: "name a file that a rater's page wrote",
  remedy: "ask the rater to send it again",
};

function toRating(
  cells: Readonly<Record<string, string>>,
  place: string,
  plan: Plan,
  known: ReadonlyMap<string, number>,
): GivenRating {
  const [rater = "", reply = ""] = [cells.rater?.trim().normalize(), cells.reply?.trim()];
  if (cells.plan?.trim() !== plan.id) {
    throw new UserError(
      `${place}: belongs to the plan '${cells.plan}', not to '${plan.id}'; name the plan.json that the page was made with`,
    );
  }
  if (rater === "") throw new UserError(`${place}: has no rater; write a name there`);
  if (!known.has(reply)) {
    throw new UserError(`${place}: the plan has no reply '${reply}'; restore the identifier`);
  }
  const levels = byMetric((metric) => {
    const text = cells[metric]?.trim() ?? "";
    if (isMissingCell(text)) return null;
    const level = Number(text);
    if (isLevel(level)) return level;
    throw new UserError(`${place}: '${metric}' is '${text}'; write 0, 1 or 2, or leave it empty`);
  });
  return { rater, reply, levels, fits: readFit(cells[FIT], place) };
}

function readFit(cell = "", place: string): boolean | null {
  const text = cell.trim();
  if (isMissingCell(text)) return null;
  if (text === "0" || text === "1") return text === "1";
  throw new UserError(`${place}: '${FIT}' is '${text}'; write 1, 0, or leave it empty`);
}

function refuseContradiction(
  { rater, reply, levels, fits }: GivenRating,
  place: string,
  before: { readonly rating: GivenRating; readonly place: string },
): void {
  const isSame = METRICS.every((metric) => levels[metric] === before.rating.levels[metric]);
  const isUnsaid = fits === null || before.rating.fits === null;
  if (isSame && (isUnsaid || fits === before.rating.fits)) return;
  throw new UserError(
    `${place}: ${rater} gives '${reply}' other levels than at ${before.place}; keep the later file, or give two raters two names`,
  );
}
