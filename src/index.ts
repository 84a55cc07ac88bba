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
export type { Choice } from "./replies/choose-stimuli";
export { chooseStimuli } from "./replies/choose-stimuli";
export type { TokenCounter } from "./replies/count-tokens";
export { createTokenCounter } from "./replies/count-tokens";
export type { Estimate } from "./replies/estimate-run";
export { estimateRun } from "./replies/estimate-run";
export type { Target, TargetChoice } from "./replies/find-target";
export { findTarget, journalOf } from "./replies/find-target";
export { indexJournal } from "./replies/journal-index";
export type { Survey } from "./replies/list-requests";
export { listRequests, surveyRequests } from "./replies/list-requests";
export type { PlanOverrides } from "./replies/make-plan";
export { planSystem } from "./replies/make-plan";
export type { Price } from "./replies/price";
export { costOf, readPrices } from "./replies/price";
export type { PromptTemplate } from "./replies/prompt";
export { findPrompt, readPrompts } from "./replies/prompt";
export { readJournal, scanJournal } from "./replies/read-journal";
export type { Message } from "./replies/render-prompt";
export { renderChat, renderCompletion } from "./replies/render-prompt";
export type { ReplyRecord, ReplyStatus, Usage } from "./replies/reply-record";
export type { AskPlan, ReplyRequest, RequestBody } from "./replies/request";
export { buildRequest, requestKey } from "./replies/request";
export { RetrievalProvider, readPool } from "./replies/retrieval-provider";
export type { LabelledStimulus, StimulusSource, Turns } from "./replies/stimuli";
export { findStimuli } from "./replies/stimuli";
export type { AskedReplies, Family, Shown, System } from "./systems/system";
export { findSystem, readSystems } from "./systems/system";
export { UserError } from "./user-error";
