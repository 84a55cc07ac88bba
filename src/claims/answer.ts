// The verdicts in plain language, computed from them, so that no rerun leaves a stale sentence.
import { UserError } from "kit";
import type { Claim } from "./claim";
import type { ClaimResult, Evidence } from "./results-tables";

const ORDER = [
  ["holds", "Holds for models like these"],
  ["the opposite holds", "The opposite holds for models like these"],
  ["no difference that matters", "No difference that matters"],
  ["seen in these systems", "Seen, in these systems only"],
  ["the opposite seen in these systems", "The opposite seen, in these systems only"],
  ["cannot be told", "Cannot be told"],
  ["cannot be measured", "Cannot be measured by this instrument"],
] as const;

/** Claims of one verdict. */
export interface Answer {
  /** What the verdict means, as the head of a list. */
  readonly words: string;
  /** What LLMs would show, each with the difference in points of share that decided. */
  readonly claims: readonly string[];
}

/**
 * Says what is known of the study's claims: those that hold first, those that cannot be measured last.
 *
 * @param set by which evidence.
 * @returns one entry for each kind of verdict that occurs.
 * @throws UserError naming a claim that the results lack.
 */
export function answerIn(
  claims: readonly Claim[],
  results: readonly ClaimResult[],
  set: Evidence,
): Answer[] {
  const own = toldClaims(claims);
  const resultOf = ({ id }: Claim) => {
    const row = results.find((one) => one.set === set && one.claim === id);
    if (row) return row;
    throw new UserError(
      `data/results/claims.csv: no row on the claim '${id}'; make it with \`npm run reproduce -- --from models\``,
    );
  };
  return ORDER.flatMap(([verdict, words]) => {
    const found = own.filter((claim) => resultOf(claim).verdict === verdict);
    if (found.length === 0) return [];
    const told = found.map((claim) => `${claim.short}${inPoints(resultOf(claim))}`);
    return [{ words, claims: told }];
  });
}

/** The claims that an answer tells of: the study's own, or all where somebody put none but others. */
export function toldClaims(claims: readonly Claim[]): readonly Claim[] {
  const own = claims.filter(({ origin }) => origin === "study");
  return own.length > 0 ? own : claims;
}

/** Writes answers as a nested list in Markdown. */
export function formatAnswers(answers: readonly Answer[]): string {
  return answers
    .flatMap(({ words, claims }) => [`- ${words}:`, ...claims.map((claim) => `  - ${claim}`)])
    .join("\n");
}

/** The interval that decides a verdict, in shares: for these systems where the verdict is about them alone. */
export function decidingInterval(
  row: Pick<
    ClaimResult,
    "verdict" | "estimate" | "lower" | "upper" | "these" | "these_lower" | "these_upper"
  >,
): readonly [estimate: number, lower: number, upper: number] | null {
  const isOfThese = row.verdict.endsWith("seen in these systems") || row.lower === null;
  const found = isOfThese
    ? [row.these, row.these_lower, row.these_upper]
    : [row.estimate, row.lower, row.upper];
  return found.includes(null) ? null : (found as [number, number, number]);
}

// A verdict that says nothing of a difference shows none.
function inPoints(row: ClaimResult): string {
  const found = decidingInterval(row);
  if (!found || row.verdict === "cannot be measured") return "";
  const [estimate, lower, upper] = found.map(points);
  const fact = row.verdict.startsWith("the opposite") ? "in fact " : "";
  return ` (${fact}${estimate} points, ${lower} to ${upper})`;
}

/** A difference of shares in points, with its sign. */
export function points(share: number): string {
  const rounded = Math.round(100 * share);
  return rounded < 0 ? `−${-rounded}` : rounded > 0 ? `+${rounded}` : "0";
}
