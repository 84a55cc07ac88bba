// What can be trained apart from the rest: one metric of one head, and for tests with parts left out.
import type { Level, LevelProbabilities, Metric } from "empathy-scorer";
import {
  DIALOGUE_FOLDS,
  dealFolds,
  type MetricModel,
  READINGS_EPITOME_WEIGHT,
  type ReplyText,
  StageOneScorer,
  TreeSum,
} from "empathy-scorer/training";
import type { Places } from "../../src/sources/locate-source";
import { readReadingTexts } from "./reading-rows";
import {
  type FoldTraining,
  trainDialogue,
  trainReadings,
  trainSupport,
  trainTokens,
} from "./train-head";
import {
  type DialogueText,
  foldsOf,
  readDialogueTexts,
  readPairs,
  toSupportRows,
  toTrainingRows,
} from "./training-rows";

/** A piece of work for one thread. */
export type TrainJob = { readonly metric: Metric; readonly places: Places } & (
  | { readonly kind: "epitome" }
  | { readonly kind: "roberta" }
  | { readonly kind: "readings" }
  | { readonly kind: "test epitome"; readonly seed: number }
  | { readonly kind: "test epitome locked" }
  | { readonly kind: "test roberta"; readonly without?: DialogueText["origin"] }
);

/** A held-out prediction. */
export interface Tested {
  readonly group: string;
  readonly origin: string;
  readonly truth: Level;
  readonly probabilities: LevelProbabilities;
}

/** Trains the models of a head for one metric, on the open nine tenths. */
export async function trainModels(job: TrainJob): Promise<MetricModel[]> {
  const { metric, places, kind } = job;
  if (kind === "epitome")
    return [trainSupport(toTrainingRows(await readPairs(metric, "open", places)))];
  if (kind === "readings") return trainReadings(metric, await readReadingsTraining(metric, places));
  return (await prepareDialogue(metric, places)).train(() => true);
}

/** Reads what the readings head of one metric is trained on. */
export async function readReadingsTraining(
  metric: Metric,
  places: Places,
): Promise<Omit<FoldTraining, "recipe">> {
  const weight = READINGS_EPITOME_WEIGHT[metric];
  return {
    replies: toTrainingRows(await readReadingTexts(metric, places)),
    pairs: weight > 0 ? toTrainingRows(await readPairs(metric, "open", places), weight) : [],
    tokens: [],
  };
}

/** Tests one metric of a head on replies that took no part in training. */
export async function testModels(job: TrainJob): Promise<Tested[]> {
  const { metric, places } = job;
  if (job.kind === "test epitome") return crossValidate(metric, places, job.seed);
  if (job.kind === "test epitome locked") {
    const model = trainSupport(toTrainingRows(await readPairs(metric, "open", places)));
    const texts = await readPairs(metric, "locked", places);
    const found = predict(
      model,
      toTrainingRows(texts).map(({ text }) => text),
    );
    return texts.map(({ group, level }, at) => ({
      group,
      origin: "locked",
      truth: level,
      probabilities: found[at]!,
    }));
  }
  return testDialogue(metric, places, job.kind === "test roberta" ? job.without : undefined);
}

async function crossValidate(metric: Metric, places: Places, seed: number): Promise<Tested[]> {
  const rows = toTrainingRows(await readPairs(metric, "open", places));
  const folds = dealFolds(
    rows.map(({ group }) => group),
    rows.map(({ level }) => level),
    5,
    seed,
  );
  const tested: Tested[] = new Array(rows.length);
  for (let fold = 0; fold < 5; fold++) {
    const model = trainSupport(
      rows.filter((_, row) => folds[row] !== fold),
      100 + seed * 10 + fold,
    );
    const held = rows.map((_, row) => row).filter((row) => folds[row] === fold);
    const found = predict(
      model,
      held.map((row) => rows[row]!.text),
    );
    for (const [at, row] of held.entries()) {
      const { group, level } = rows[row]!;
      tested[row] = { group, origin: `seed ${seed}`, truth: level, probabilities: found[at]! };
    }
  }
  return tested;
}

// Every open reply is scored by the model of its fold; locked replies likewise, as in use.
async function testDialogue(metric: Metric, places: Places, without?: string): Promise<Tested[]> {
  const { texts, replies, train } = await prepareDialogue(metric, places);
  const models = train((row) => texts[row]!.origin !== without);
  const locked = await readDialogueTexts(metric, "locked", places);
  const all = [
    ...texts.map((text, row) => ({ ...text, cut: replies[row]!.text, part: "" })),
    ...toTrainingRows(locked).map(({ text }, row) => ({
      ...locked[row]!,
      cut: text,
      part: "locked ",
    })),
  ];
  const folds = foldsOf(all);
  const tested: Tested[] = [];
  for (let fold = 0; fold < DIALOGUE_FOLDS; fold++) {
    const held = all.filter((_, row) => folds[row] === fold);
    const found = predict(
      models[fold]!,
      held.map(({ cut }) => cut),
    );
    for (const [at, { group, origin, part, level }] of held.entries()) {
      tested.push({ group, origin: part + origin, truth: level, probabilities: found[at]! });
    }
  }
  return tested;
}

async function prepareDialogue(metric: Metric, places: Places) {
  const texts = await readDialogueTexts(metric, "open", places);
  const replies = toTrainingRows(texts);
  const pairs = toSupportRows(await readPairs(metric, "open", places));
  const tokens = trainTokens(pairs);
  const train = (keep: (row: number) => boolean) =>
    trainDialogue({ metric, replies: replies.filter((_, row) => keep(row)), pairs, tokens });
  return { texts, replies, train };
}

function predict(
  { stageOne, trees }: MetricModel,
  texts: readonly ReplyText[],
): LevelProbabilities[] {
  const scorer = new StageOneScorer([stageOne]);
  const sum = new TreeSum(trees);
  return texts.map((text) => sum.classify(scorer.score(text)[0]!));
}
