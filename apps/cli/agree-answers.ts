import { type Missing, UserError } from "kit";
import {
  type AgreementOptions,
  agreementOfAll,
  agreementOfPairs,
  biasOfPairs,
  biasOfRaters,
  type Generalizability,
  generalizability,
  type Interval,
  intervalsOfAll,
  type LeniencyStudy,
  type OverallAgreement,
  type OverallCoefficient,
  type PairAgreement,
  type PairBias,
  type RaterBias,
  raterLeniency,
  type UnitRating,
} from "mixed-models/agreement";
import type { RatedValue } from "./agree-ratings";

/** What is asked of ratings. */
export interface AgreeQuestions extends AgreementOptions {
  /** Whether raters are compared one by one. */
  readonly byRater?: boolean;
  /** Whether variance is split, and for which numbers of raters coefficients are given. */
  readonly components?: boolean;
  readonly forRaters?: readonly number[];
}

/** What is answered of one kind of ratings; what was not asked for is not there. */
export interface AgreeAnswer {
  readonly value: string;
  readonly overall?: OverallAgreement;
  readonly intervals?: Readonly<Record<OverallCoefficient, Interval | null>>;
  readonly pairs?: readonly PairAgreement[];
  readonly bias?: {
    readonly raters: readonly RaterBias[];
    readonly pairs: readonly PairBias[];
    readonly leniency: LeniencyStudy | Missing;
  };
  readonly components?: Generalizability | Missing;
}

// Beside as many as there are.
const USUAL_RATERS = [1, 2, 3, 5, 10];

/**
 * Answers what is asked of one kind of ratings; what the ratings do not allow has a reason in its place.
 *
 * @throws UserError if weights are asked of ratings that have none.
 */
export function answerAgreement(
  { value, ratings, rows }: RatedValue,
  raters: readonly string[],
  { byRater, components, forRaters, ...options }: AgreeQuestions,
): AgreeAnswer {
  const split = components ? { components: splitVariance(rows, raters, forRaters) } : {};
  if (ratings.length === 0) return { value, ...split };
  return {
    value,
    overall: agreementOfAll(ratings, options),
    intervals: intervalsOfAll(ratings, options),
    pairs: agreementOfPairs(ratings, raters, options),
    ...(byRater
      ? {
          bias: {
            raters: biasOfRaters(ratings, raters),
            pairs: biasOfPairs(ratings, raters),
            leniency: leniencyOf(rows, raters),
          },
        }
      : {}),
    ...split,
  };
}

function splitVariance(
  rows: RatedValue["rows"],
  raters: readonly string[],
  asked: readonly number[] | undefined,
): Generalizability | Missing {
  const numbers = asked ?? [...new Set([...USUAL_RATERS, raters.length])].sort((a, b) => a - b);
  const numeric = numericRows(rows);
  if (!numeric) return { missing: "words have no variance" };
  return orReason(() => generalizability(numeric, { raters: numbers }));
}

function leniencyOf(rows: RatedValue["rows"], raters: readonly string[]): LeniencyStudy | Missing {
  const numeric = numericRows(rows);
  if (!numeric) return { missing: "words have no order" };
  const given = new Set(numeric.map(({ rater }) => rater));
  return orReason(() =>
    raterLeniency(
      numeric,
      raters.filter((rater) => given.has(rater)),
    ),
  );
}

// What ratings do not allow takes nothing away from what they do.
function orReason<Study extends object>(study: () => Study): Study | Missing {
  try {
    return study();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { missing: error.message };
  }
}

function numericRows(rows: RatedValue["rows"]): UnitRating[] | undefined {
  const numeric = rows.flatMap(({ rating, ...row }) =>
    typeof rating === "number" ? [{ ...row, rating }] : [],
  );
  return numeric.length === rows.length ? numeric : undefined;
}
