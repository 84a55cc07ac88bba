// What notebooks import as "empathy-notebooks".
export type { CorpusRow } from "./corpus/corpus-table";
export { readCorpusTable } from "./corpus/corpus-table";
export type { Dialogue, Role, Split, Utterance } from "./corpus/dialogue";
export type { Emotion, Sentiment } from "./corpus/emotions";
export { EMOTIONS, SENTIMENTS, sentimentOf } from "./corpus/emotions";
export type { BrokenRow, ReadOptions } from "./corpus/read-dialogues";
export { readAllDialogues, readDialogues } from "./corpus/read-dialogues";
export type { Stimulus } from "./corpus/stimulus";
export { listenerTurns, stimulusAt } from "./corpus/stimulus";
export type { EmbeddedScorer } from "./empathy/embedded-scorer";
export { loadScorer } from "./empathy/embedded-scorer";
export { dialogueKey } from "./empathy/folds";
export type { Level, LevelProbabilities, Levels, Metric } from "./empathy/levels";
export { METRICS } from "./empathy/levels";
export { accuracy, calibrationError, macroF1, quadraticKappa } from "./empathy/measures";
export type { Head } from "./empathy/recipes";
export type { ScoreFileOptions } from "./empathy/score-file";
export { scoreFile } from "./empathy/score-file";
export type {
  Contribution,
  MetricScore,
  MissingScore,
  ReplyScores,
  ScoreOutcome,
  ScoreRequest,
  Scorer,
  ScorerCard,
} from "./empathy/scorer";
export { isMissing } from "./empathy/scorer";
export type { EmotionCount } from "./figures/emotion-counts";
export { emotionCountsFigure } from "./figures/emotion-counts";
export type { ForestRow } from "./figures/forest-plot";
export { forestPlot } from "./figures/forest-plot";
export { renderPng } from "./figures/render-png";
export { renderSvg } from "./figures/render-svg";
export type { Bootstrap, BootstrapOptions } from "./mixed/bootstrap";
export { bootstrap } from "./mixed/bootstrap";
export type { LikelihoodRatio } from "./mixed/compare-fits";
export { compareFits } from "./mixed/compare-fits";
export type { MeanContrast, MeanContrasts } from "./mixed/contrasts-of-means";
export { contrastMeans } from "./mixed/contrasts-of-means";
export type { FitJson } from "./mixed/fit-json";
export { fitToJson, restoreFit } from "./mixed/fit-json";
export type { FitOptions } from "./mixed/fit-mixed";
export { fitMixed, refit } from "./mixed/fit-mixed";
export { interactionContrast } from "./mixed/interaction-contrast";
export type { MarginalMean, MarginalMeans } from "./mixed/marginal-means";
export { marginalMeans } from "./mixed/marginal-means";
export type { PredictOptions } from "./mixed/predict";
export { predict } from "./mixed/predict";
export { fitToHtml, fitToMarkdown, fitToText } from "./mixed/print-fit";
export type { ProfileInterval } from "./mixed/profile";
export { profileInterval } from "./mixed/profile";
export { quantileResiduals } from "./mixed/quantile-residuals";
export { readCsvTable } from "./mixed/read-csv-table";
export type {
  Coefficient,
  ConditionalModes,
  MixedFit,
  VarianceComponent,
  Warning,
} from "./mixed/result";
export { simulate } from "./mixed/simulate";
export type { VarianceExplained } from "./mixed/variance-explained";
export { varianceExplained } from "./mixed/variance-explained";
export type { TableOptions } from "./notebook/html-table";
export { showFigure, showTable } from "./notebook/show";
export { projectPath } from "./project";
export { UserError } from "./user-error";
