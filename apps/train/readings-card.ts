// The model card's section on the head that learned from readings.
import { DIALOGUE_FOLDS } from "empathy-scorer/training";
import type { ReadingsFigures } from "../../src/validity/evaluation-file";
import { cells, table, upper, withInterval } from "./card-tables";
import type { HeadAgreement } from "./head-agreement";

/** Writes the section, in lines of Markdown. */
export function readingsSection(
  figures: readonly ReadingsFigures[],
  agreement: readonly HeadAgreement[],
): string[] {
  return [
    "## Heads beside readings of replies\n",
    "Readings are levels that a large language model gave under a guideline (data/readings/card.md): not people's labels.",
    `Heads \`readings\` and \`roberta\` score every reply by a model that did not see its dialogue, one of ${DIALOGUE_FOLDS}. Kappa,`,
    "sensitivity, specificity and shares are of any level against none; bias is the head's share less the readings'.",
    "The same figures: `data/validity/head-readings.csv`.\n",
    ...table(
      [
        "head, replies",
        "metric",
        "replies",
        "quadratic kappa",
        "kappa",
        "sensitivity",
        "specificity",
        "bias",
      ],
      agreement.map((row) => [
        `\`${row.head}\`, ${row.family}`,
        upper(row.metric),
        String(row.replies),
        ...[row.quadratic_kappa, row.kappa, row.sensitivity, row.specificity, row.bias].map((one) =>
          one.toFixed(3),
        ),
      ]),
    ),
    "### Head `readings` on people's levels: the locked tenth of EPITOME's pairs\n",
    ...table(
      [
        "metric",
        "rows",
        "above 0",
        "accuracy",
        "macro-F1",
        "quadratic kappa",
        "ECE",
        "kappa, any level",
      ],
      figures.map(({ metric, locked, anyLevel }) => [
        upper(metric),
        ...cells(locked),
        withInterval(anyLevel),
      ]),
    ),
  ];
}
