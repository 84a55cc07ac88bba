// One way to analyse the scores: which outcome, which replies, which random effects. The main analysis is
// the first of each question's answers; the others are what a reasonable analyst might have done instead.
import type { Metric } from "../empathy/levels";
import { fitMixed } from "../mixed/fit/fit-mixed";
import type { MixedFit } from "../mixed/fit/result";
import type { System } from "../systems/system";
import { UserError } from "../user-error";
import { type ScoredReply, turnOf } from "./scored-replies";

/** The questions that an analysis answers, each with its answers, the main one first. */
export const CHOICES = {
  "random effects": [
    "dialogue, system, system by sentiment",
    "dialogue, system",
    "system (the study's)",
  ],
  outcome: ["level 1 or 2", "level 2"],
  scorer: ["embedded-dialogue", "embedded-support"],
  replies: ["all", "first turn only", "without variants of a system"],
} as const;

/** One answer to each question. */
export type Analysis = {
  readonly [Question in keyof typeof CHOICES]: (typeof CHOICES)[Question][number];
};

/** The analysis that the verdicts start from. */
export const MAIN_ANALYSIS: Analysis = {
  "random effects": CHOICES["random effects"][0],
  outcome: CHOICES.outcome[0],
  scorer: CHOICES.scorer[0],
  replies: CHOICES.replies[0],
};

const RANDOM: Readonly<Record<Analysis["random effects"], string>> = {
  "dialogue, system, system by sentiment": "(1 | dialogue) + (1 | system) + (1 | system:sentiment)",
  "dialogue, system": "(1 | dialogue) + (1 | system)",
  "system (the study's)": "(1 | system)",
};

/** Every combination of answers, the main analysis first. */
export function listAnalyses(): Analysis[] {
  let analyses: Record<string, string>[] = [{}];
  for (const [question, answers] of Object.entries(CHOICES)) {
    analyses = analyses.flatMap((chosen) =>
      answers.map((answer) => ({ ...chosen, [question]: answer })),
    );
  }
  return analyses as unknown as Analysis[];
}

// Zephyr answered a dozen first turns: too few to say anything, enough to leave cells empty.
const FEWEST_FIRST_TURNS = 100;

/** The replies that an analysis looks at; of first turns, those of systems that answered at least 100. */
export function chooseReplies(
  replies: readonly ScoredReply[],
  systems: readonly System[],
  choice: Analysis["replies"],
): readonly ScoredReply[] {
  if (choice === "all") return replies;
  if (choice === "first turn only") {
    const first = replies.filter(({ turn }) => turn === 2);
    const counts = new Map<string, number>();
    for (const { system } of first) counts.set(system, (counts.get(system) ?? 0) + 1);
    return first.filter(({ system }) => (counts.get(system) as number) >= FEWEST_FIRST_TURNS);
  }
  const variants = new Set(systems.filter(({ variantOf }) => variantOf).map(({ id }) => id));
  return replies.filter(({ system }) => !variants.has(system));
}

/** The model of an analysis, in R's notation. */
export function formulaOf(analysis: Analysis): string {
  const isStudys = analysis["random effects"] === "system (the study's)";
  const turn = isStudys || analysis.replies === "first turn only" ? "" : " + turn";
  return `y ~ family * sentiment${turn} + ${RANDOM[analysis["random effects"]]}`;
}

/** The columns that the models take, one row a reply. */
export function toColumns(
  replies: readonly ScoredReply[],
  metric: Metric,
  outcome: Analysis["outcome"],
): Record<"y" | "family" | "sentiment" | "turn" | "system" | "dialogue", unknown[]> {
  const least = outcome === "level 2" ? 2 : 1;
  return {
    y: replies.map(({ levels }) => (levels[metric] >= least ? 1 : 0)),
    family: replies.map(({ family }) => family),
    sentiment: replies.map(({ sentiment }) => sentiment),
    turn: replies.map(turnOf),
    system: replies.map(({ system }) => system),
    dialogue: replies.map(({ dialogue }) => dialogue),
  };
}

/** The columns of the replies that an analysis looks at. */
export function columnsOf(
  replies: readonly ScoredReply[],
  systems: readonly System[],
  metric: Metric,
  analysis: Analysis,
): ReturnType<typeof toColumns> {
  return toColumns(chooseReplies(replies, systems, analysis.replies), metric, analysis.outcome);
}

/**
 * Fits an analysis's model of one metric.
 *
 * @param replies of the analysis's scorer.
 * @throws UserError where no reply is left, or none reaches the level.
 */
export function fitAnalysis(
  replies: readonly ScoredReply[],
  systems: readonly System[],
  metric: Metric,
  analysis: Analysis,
): MixedFit {
  return fitColumns(columnsOf(replies, systems, metric, analysis), analysis);
}

/** Fits an analysis's model to the columns that it looks at; otherwise as `fitAnalysis`. */
export function fitColumns(columns: ReturnType<typeof columnsOf>, analysis: Analysis): MixedFit {
  if (columns.y.length === 0) {
    throw new UserError(`no scored reply is left of '${analysis.replies}'`);
  }
  return fitMixed(formulaOf(analysis), columns, { family: "binomial" });
}
