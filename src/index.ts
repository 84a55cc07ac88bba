// What notebooks import as "empathy-notebooks".
export type { OverallAgreement, PairAgreement } from "./agreement/agreement-of";
export { agreementOfAll, agreementOfPairs } from "./agreement/agreement-of";
export type { BootstrapIntervalOptions, Interval } from "./agreement/bootstrap-interval";
export { bootstrapInterval } from "./agreement/bootstrap-interval";
export { cohenKappa } from "./agreement/cohen-kappa";
export type { MeasurementLevel } from "./agreement/krippendorff-alpha";
export { krippendorffAlpha } from "./agreement/krippendorff-alpha";
export { fleissKappa, gwetAc } from "./agreement/multi-rater";
export { percentAgreement } from "./agreement/percent-agreement";
export { kendall, spearman } from "./agreement/rank-correlation";
export type { Rating, Ratings, Weighting } from "./agreement/ratings";
export type { CorpusRow } from "./corpus/corpus-table";
export { readCorpusTable } from "./corpus/corpus-table";
export type { Dialogue, Role, Split, Utterance } from "./corpus/dialogue";
export type { Emotion, Sentiment } from "./corpus/emotions";
export { EMOTIONS, SENTIMENTS, sentimentOf } from "./corpus/emotions";
export type { BrokenRow, ReadOptions } from "./corpus/read-dialogues";
export { readAllDialogues, readDialogues } from "./corpus/read-dialogues";
export type { Stimulus } from "./corpus/stimulus";
export { listenerTurns, stimulusAt } from "./corpus/stimulus";
export { askForScores } from "./empathy/ask-for-scores";
export type { ConfusionCounts } from "./empathy/confusion-counts";
export { countConfusions } from "./empathy/confusion-counts";
export type { CorrectedMean, CorrectionOptions, LevelCounts } from "./empathy/corrected-means";
export {
  misclassificationCorrectedMean,
  predictionPoweredMean,
} from "./empathy/corrected-means";
export type { EmbeddedScorer } from "./empathy/embedded-scorer";
export { loadScorer } from "./empathy/embedded-scorer";
export type { DialogueFigures, SupportFigures } from "./empathy/evaluate";
export type { StoredEvaluation } from "./empathy/evaluation-file";
export { readEvaluation } from "./empathy/evaluation-file";
export { dialogueKey } from "./empathy/folds";
export { JournalScorer } from "./empathy/journal-scorer";
export type { JudgeOptions } from "./empathy/judge";
export { judgeMethod } from "./empathy/judge";
export type { JudgePrompt } from "./empathy/judge-prompt";
export { readJudgePrompt } from "./empathy/judge-prompt";
export type { JudgedRow } from "./empathy/judged-table";
export { readJudgedTable } from "./empathy/judged-table";
export type { Level, LevelProbabilities, Levels, Metric } from "./empathy/levels";
export { METRICS } from "./empathy/levels";
export type { MeanWithInterval } from "./empathy/mean-error";
export { differenceOfMeans, meanError, meanWithInterval } from "./empathy/mean-error";
export { accuracy, calibrationError, macroF1, quadraticKappa } from "./empathy/measures";
export type { Head } from "./empathy/recipes";
export type { LengthBin, ReferenceCount } from "./empathy/reference-counts";
export {
  LENGTH_BINS,
  REFERENCE_SYSTEMS,
  readReferenceCounts,
  sumReferenceCounts,
} from "./empathy/reference-counts";
export { ReferenceScorer } from "./empathy/reference-scorer";
export type { RemoteMethod } from "./empathy/remote-method";
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
export type { RegisteredScorer } from "./empathy/scorer-registry";
export { readScorers } from "./empathy/scorer-registry";
export type { Confusion, ConfusionOptions } from "./figures/confusion-panels";
export { confusionPanels } from "./figures/confusion-panels";
export type { EmotionCount } from "./figures/emotion-counts";
export { emotionCountsFigure } from "./figures/emotion-counts";
export type { ForestRow } from "./figures/forest-plot";
export { forestPlot } from "./figures/forest-plot";
export type { Panel, PanelPoint, PointPanelOptions } from "./figures/point-panels";
export { pointPanels } from "./figures/point-panels";
export { renderPng } from "./figures/render-png";
export { renderSvg } from "./figures/render-svg";
export type { Intersection, SetOverlapOptions } from "./figures/set-overlap";
export { setOverlapFigure } from "./figures/set-overlap";
export type { Specification, SpecificationCurveOptions } from "./figures/specification-curve";
export { specificationCurve } from "./figures/specification-curve";
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
export type { TableOptions, TableRows } from "./notebook/html-table";
export { showFigure, showTable } from "./notebook/show";
export { projectPath, studyPath, studyRoot } from "./project";
export type { RandomGenerator } from "./random-generator";
export { createGenerator } from "./random-generator";
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
export { aggregateReplies } from "./study/aggregate-replies";
export type { Analysis } from "./study/analysis";
export {
  CHOICES,
  columnsOf,
  fitAnalysis,
  formulaOf,
  listAnalyses,
  MAIN_ANALYSIS,
  toColumns,
} from "./study/analysis";
export type { Claim, ClaimContrast } from "./study/claim";
export { readClaims } from "./study/claim";
export type { CorrectedSystemMean } from "./study/correct-means";
export { correctMeans } from "./study/correct-means";
export type { ClaimEstimate } from "./study/estimate-claim";
export { estimateClaim } from "./study/estimate-claim";
export type { JudgeAgreement } from "./study/judge-agreement";
export { JUDGES, readJudges } from "./study/judge-agreement";
export type { MultiverseRow } from "./study/multiverse";
export { readMultiverse } from "./study/multiverse";
export { readVerdicts } from "./study/results-stage";
export type { ScoredReplies, ScoredReply } from "./study/scored-replies";
export { readScoredReplies, turnOf } from "./study/scored-replies";
export type { SystemSet } from "./study/system-set";
export { SYSTEM_SET_NAMES, systemsOf } from "./study/system-set";
export type { Ruling, Verdict } from "./study/verdict";
export { AGREEMENT, ruleOn } from "./study/verdict";
export type { Coverage, Overlap } from "./systems/coverage";
export { countLeft, readCoverage, readOverlap } from "./systems/coverage";
export type { Format } from "./systems/formats";
export { FORMATS, findFormat, readPublished } from "./systems/formats";
export { humanReplies } from "./systems/human-replies";
export type { Beginning } from "./systems/join-index";
export { JoinIndex } from "./systems/join-index";
export type { LeftReason, Match } from "./systems/join-record";
export { matchRecord } from "./systems/join-record";
export type { Joined, JoinOptions, LeftRecord } from "./systems/join-replies";
export { joinReplies } from "./systems/join-replies";
export type { LoadedIndex } from "./systems/load-join-index";
export { loadJoinIndex } from "./systems/load-join-index";
export { normalForm } from "./systems/normal-form";
export type { PublishedRecord, PublishedReply } from "./systems/published-record";
export type { JoinedSystem } from "./systems/published-replies";
export { joinPublished } from "./systems/published-replies";
export { parsePythonList } from "./systems/python-list";
export type { Reply } from "./systems/reply";
export { checksumOf } from "./systems/reply";
export type { ReplyStyle, StyleRow } from "./systems/reply-style";
export { measureStyle, readStyles, splitWords } from "./systems/reply-style";
export type { AskedReplies, Family, Shown, System } from "./systems/system";
export { FAMILY_NAMES, findSystem, readSystems } from "./systems/system";
export { UserError } from "./user-error";
