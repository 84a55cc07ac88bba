// The verdicts in plain language, computed from them, so that no rerun leaves a stale sentence.
import { UserError } from "kit";
import { type Claim, sideOf } from "./claim";
import type { ClaimResult, Evidence } from "./results-tables";
import { isBeyondZero } from "./verdict";

const ORDER = [
  ["supported", "Holds for models like these"],
  ["contradicted", "The contrary holds for models like these"],
  ["practically none", "Practically no difference"],
  [
    "supported for these systems",
    "Holds for the systems at hand, which does not tell what other models do",
  ],
  ["contradicted for these systems", "The contrary holds for the systems at hand"],
  ["inconclusive", "Cannot be told"],
  ["cannot be tested", "Cannot be tested"],
] as const;

/** Claims of one verdict. */
export interface Answer {
  /** What the verdict means, as the head of a list. */
  readonly words: string;
  /** What LLMs would show, each with its difference in points of share. */
  readonly claims: readonly string[];
}

/**
 * Says what is known of the study's claims: those that hold first, those that cannot be told last.
 *
 * @param set whose replies.
 * @returns one entry for each kind of verdict that occurs.
 * @throws UserError naming a claim that the results lack.
 */
export function answerIn(
  claims: readonly Claim[],
  results: readonly ClaimResult[],
  set: Evidence,
): Answer[] {
  const own = claims.filter(({ origin }) => origin === "study");
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
    const told = found.map((claim) => `${claim.short}${inPoints(claim, resultOf(claim))}`);
    return [{ words, claims: told }];
  });
}

/**
 * The answers in one sentence.
 *
 * @example
 * sumUp([{ words: "Cannot be told", claims: ["react more"] }]); // => "Of 1 claim, 1 cannot be told."
 */
export function sumUp(answers: readonly Answer[]): string {
  const parts = answers.map(({ words, claims: { length } }) => {
    const said = words.charAt(0).toLowerCase() + words.slice(1);
    return `${length} ${length === 1 ? said : said.replace(/^holds /, "hold ")}`;
  });
  const all = answers.reduce((sum, { claims }) => sum + claims.length, 0);
  if (all === 0) return "No claim was put to these replies.";
  return `Of ${all} claim${all === 1 ? "" : "s"}, ${parts.join("; ")}.`;
}

/** Writes answers as a nested list in Markdown. */
export function formatAnswers(answers: readonly Answer[]): string {
  return answers
    .flatMap(({ words, claims }) => [`- ${words}:`, ...claims.map((claim) => `  - ${claim}`)])
    .join("\n");
}

// Log-odds grow without bound where nearly every reply shows it; a claim that holds in them alone says so.
function inPoints(claim: Claim, row: ClaimResult): string {
  const { verdict, share, share_lower, share_upper } = row;
  if (share === null || share_lower === null || share_upper === null) return "";
  const side = verdict.startsWith("contradicted") ? -sideOf(claim) : sideOf(claim);
  const isRuled = /^(supported|contradicted)/.test(verdict);
  const isShared = isBeyondZero(share_lower, share_upper, side);
  const alone = isRuled && !isShared ? "in log-odds; not in shares of replies: " : "";
  const [least, most] = [points(share_lower), points(share_upper)];
  return ` (${alone}${points(share)} points, ${least} to ${most})`;
}

function points(share: number): string {
  const rounded = Math.round(100 * share);
  return rounded < 0 ? `−${-rounded}` : rounded > 0 ? `+${rounded}` : "0";
}
