// The study's own model: every reply is evidence on its family, systems differ by an intercept only.
import type { Metric } from "empathy-scorer";
import { fitMixed, type MixedFit } from "mixed-models";
import type { Outcome } from "../readings/readings";
import type { Study } from "../study/study";
import { type AnchoredReplies, HUMAN, shows } from "./anchored-replies";

/**
 * Counts replies that show a metric, by system and sentiment: the study's model has the same likelihood on these few
 * rows as on the replies one by one.
 *
 * @returns columns for `fitMixed` with `weights: "replies"`.
 */
export function countReplies(
  { systems, replies }: AnchoredReplies,
  metric: Metric,
  outcome: Outcome,
): Record<"share" | "replies" | "family" | "sentiment" | "system", unknown[]> {
  const families = new Map<string, string>(systems.map(({ id, family }) => [id, family]));
  families.set(HUMAN, HUMAN);
  const cells = new Map<
    string,
    { system: string; sentiment: string; all: number; shown: number }
  >();
  for (const reply of replies) {
    const { system, sentiment } = reply;
    const key = `${system} ${sentiment}`;
    const cell = cells.get(key) ?? { system, sentiment, all: 0, shown: 0 };
    cell.all++;
    cell.shown += shows(reply, metric, outcome);
    cells.set(key, cell);
  }
  const rows = [...cells.values()];
  return {
    share: rows.map(({ shown, all }) => shown / all),
    replies: rows.map(({ all }) => all),
    family: rows.map(({ system }) => families.get(system)),
    sentiment: rows.map(({ sentiment }) => sentiment),
    system: rows.map(({ system }) => system),
  };
}

/**
 * Fits the study's model.
 *
 * @param formula over the columns of `countReplies`, such as the study's.
 * @throws UserError if the replies cannot carry it.
 */
export function fitStudyModel(
  anchored: AnchoredReplies,
  metric: Metric,
  outcome: Outcome,
  { formula }: Pick<Study, "formula">,
): MixedFit {
  return fitMixed(formula, countReplies(anchored, metric, outcome), {
    family: "binomial",
    weights: "replies",
  });
}
