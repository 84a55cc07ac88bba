// The model card, data/weights/model-card.md, from what `empathy train --evaluate` measured.
import { CARDS, METRICS } from "empathy-scorer";
import { DIALOGUE_FOLDS, HEADS } from "empathy-scorer/training";
import type {
  DialogueFigures,
  ReadingsFigures,
  StoredEvaluation,
  SupportFigures,
} from "../../src/validity/evaluation-file";
import { REFERENCE_SOURCES } from "../sources/reference-levels";
import { cells, table, upper, withInterval } from "./card-tables";
import type { HeadAgreement } from "./head-agreement";
import { BOOTSTRAP_SEED, REPLICATES } from "./summarise-tests";
import { SEEDS } from "./test-heads";

/** Fewest positive rows for which an agreement enters a quoted mean. */
const LEAST_POSITIVES = 50;

/** Writes the model card in Markdown. */
export function formatModelCard(
  evaluation: StoredEvaluation,
  agreement: readonly HeadAgreement[],
): string {
  const heads = HEADS.map((head) => {
    const { name, trainedOn, tested, fails } = CARDS[head];
    return `**${name}** (\`${head}\`). Trained on ${trainedOn}. Tested ${tested}. Where it fails: ${fails}.\n`;
  });
  return [
    "# Model card: the embedded empathy classifier\n",
    "Written by `npx empathy train --evaluate`. Levels 0, 1, 2 of emotional reaction (ER), interpretation (IP)",
    "and exploration (EX), after EPITOME (Sharma et al. 2020). A level is the most probable one.\n",
    ...heads,
    ...readingsSection(evaluation.readings, agreement),
    ...supportSection(evaluation.epitome),
    ...dialogueSection(evaluation.roberta),
  ].join("\n");
}

/** The tables as text, for a terminal. */
export function formatEvaluation(
  evaluation: StoredEvaluation,
  agreement: readonly HeadAgreement[],
): string {
  const sections = [
    ...readingsSection(evaluation.readings, agreement),
    ...supportSection(evaluation.epitome),
    ...dialogueSection(evaluation.roberta),
  ];
  return `${sections.join("\n")}`;
}

function supportSection(figures: readonly SupportFigures[]): string[] {
  return [
    "## Head `epitome` on EPITOME's Reddit part\n",
    `Cross-validation runs inside nine tenths of the pairs: 5 folds, grouped by (seeker, response), seeds ${SEEDS.join(", ")},`,
    "figures are means over the seeds. The other tenth, chosen by a hash of the pair, was locked before anything",
    "was tried here and is scored by the shipped weights, which never saw it; the recipe began from an earlier",
    "study that had compared features on all pairs. In brackets: 95 % intervals from",
    `${REPLICATES} bootstrap samples of the pairs (seed ${BOOTSTRAP_SEED}). ECE: expected calibration error of the most`,
    "probable level, 15 bins of equal width, out of fold.\n",
    ...table(
      ["metric", "rows", "above 0", "accuracy", "macro-F1", "quadratic kappa", "ECE"],
      figures.flatMap(({ metric, crossValidated, seeds, locked }) => [
        [`${upper(metric)} cross-validated`, ...cells(crossValidated)],
        ...seeds.map((seed, at) => [`${upper(metric)} seed ${SEEDS[at]}`, ...cells(seed)]),
        [`${upper(metric)} locked tenth`, ...cells(locked)],
      ]),
    ),
    "The published RoBERTa classifiers (79.4 / 74.5, 84.0 / 62.6, 92.6 / 72.6 accuracy / macro-F1 for ER, IP, EX) were",
    "tested on one other split: these rows cannot be compared with them one by one.\n",
  ];
}

function dialogueSection(figures: readonly DialogueFigures[]): string[] {
  const rows = (part: "open" | "locked") =>
    figures
      .filter((one) => one.part === part)
      .map(({ metric, origin, without, summary }) => [
        `${upper(metric)} ${origin}${without ? `, trained without ${without === origin ? "it" : without}` : ""}`,
        ...cells(summary),
      ]);
  const header = ["replies", "rows", "above 0", "accuracy", "macro-F1", "quadratic kappa", "ECE"];
  return [
    "## Head `roberta` beside the reference classifiers\n",
    "Agreement with the levels that published RoBERTa EPITOME classifiers gave to replies on EmpatheticDialogues",
    `(EmPO). Every reply is scored by a model that did not see its dialogue: one of ${DIALOGUE_FOLDS}, by a hash of the dialogue's`,
    "first utterance. This is agreement with another classifier, not with people.\n",
    ...table(["mean quadratic kappa", "files", "kappa"], quotedMeans(figures)),
    `A file enters a mean where it holds ${LEAST_POSITIVES} rows above 0 or more; with fewer, kappa is mostly noise. "human" is the mean over`,
    "the three trainings that each leave one model's replies out.\n",
    "### Nine tenths of the dialogues, out of fold\n",
    ...table(header, rows("open")),
    "### The locked tenth of the dialogues\n",
    ...table(header, rows("locked")),
  ];
}

/** The agreements that are quoted: people's replies, and replies of models left out of training. */
function quotedMeans(figures: readonly DialogueFigures[]): string[][] {
  return METRICS.flatMap((metric) => {
    const own = figures.filter(
      (one) => one.metric === metric && one.part === "open" && one.without,
    );
    const human = own.filter(({ origin }) => origin === "human");
    const models = own.filter(
      ({ origin, summary }) => origin !== "human" && summary.positives >= LEAST_POSITIVES,
    );
    return [
      [`${upper(metric)} human replies`, "human", meanKappa(human)],
      [
        `${upper(metric)} replies of a model left out`,
        models.map(({ origin }) => origin).join(", "),
        meanKappa(models),
      ],
    ];
  });
}

function meanKappa(figures: readonly DialogueFigures[]): string {
  const sum = figures.reduce((total, { summary }) => total + summary.kappa.value, 0);
  return figures.length === 0
    ? `none of ${REFERENCE_SOURCES.length}`
    : (sum / figures.length).toFixed(3);
}

/** Writes the section, in lines of Markdown. */
function readingsSection(
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
