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
export type { EmbeddedScorer } from "./empathy/embedded/embedded-scorer";
export { loadScorer } from "./empathy/embedded/embedded-scorer";
export { dialogueKey } from "./empathy/labels/folds";
export type { Level, LevelProbabilities, Levels, Metric } from "./empathy/levels";
export { METRICS } from "./empathy/levels";
export type { Head } from "./empathy/models/recipes";
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
export type {
  CorrectedMean,
  CorrectionOptions,
  LevelCounts,
} from "./empathy/validity/corrected-means";
export {
  misclassificationCorrectedMean,
  predictionPoweredMean,
} from "./empathy/validity/corrected-means";
export type { StoredEvaluation } from "./empathy/validity/evaluation-file";
export { readEvaluation } from "./empathy/validity/evaluation-file";
export type { MeanWithInterval } from "./empathy/validity/mean-error";
export { differenceOfMeans, meanError, meanWithInterval } from "./empathy/validity/mean-error";
export { accuracy, calibrationError, macroF1 } from "./empathy/validity/measures";
export type { LengthBin, ReferenceCount } from "./empathy/validity/reference-counts";
export {
  LENGTH_BINS,
  REFERENCE_SYSTEMS,
  readReferenceCounts,
  sumReferenceCounts,
} from "./empathy/validity/reference-counts";
export type { DialogueFigures, SupportFigures } from "./empathy/validity/test-heads";
export type { ClaimInterval } from "./figures/claim-intervals";
export { claimIntervals } from "./figures/claim-intervals";
export type { Confusion, ConfusionOptions } from "./figures/confusion-panels";
export { confusionPanels } from "./figures/confusion-panels";
export type { CoursePanelOptions, CoursePoint } from "./figures/course-panels";
export { coursePanels } from "./figures/course-panels";
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
export { fitMeta } from "./meta/fit-meta";
export type { MetaData, MetaInterval, MetaMethod, MetaOptions } from "./meta/meta-data";
export type {
  GroupWeights,
  MetaCoefficient,
  MetaEstimate,
  MetaFit,
  MetaHeterogeneity,
  MetaPrediction,
} from "./meta/result";
export type { FitJson } from "./mixed/fit/fit-json";
export { fitToJson, restoreFit } from "./mixed/fit/fit-json";
export type { FitOptions } from "./mixed/fit/fit-mixed";
export { fitMixed, refit } from "./mixed/fit/fit-mixed";
export { fitToHtml, fitToMarkdown, fitToText } from "./mixed/fit/print-fit";
export type {
  Coefficient,
  ConditionalModes,
  DegreesOfFreedom,
  MixedFit,
  OrdinalPart,
  VarianceComponent,
  Warning,
} from "./mixed/fit/result";
export type {
  Bootstrap,
  BootstrapCoefficient,
  BootstrapOptions,
} from "./mixed/inference/bootstrap";
export { bootstrapFit } from "./mixed/inference/bootstrap";
export type { LikelihoodRatio } from "./mixed/inference/compare-fits";
export { compareFits } from "./mixed/inference/compare-fits";
export type { MeanContrast, MeanContrasts } from "./mixed/inference/contrast-means";
export { contrastMeans } from "./mixed/inference/contrast-means";
export { interactionContrast } from "./mixed/inference/interaction-contrast";
export type { MarginalMean, MarginalMeans } from "./mixed/inference/marginal-means";
export { marginalMeans } from "./mixed/inference/marginal-means";
export type { MarginalSlopesOptions } from "./mixed/inference/marginal-slopes";
export { marginalSlopes } from "./mixed/inference/marginal-slopes";
export type { PredictOptions } from "./mixed/inference/predict";
export { predictFit } from "./mixed/inference/predict";
export type { GradePredictions } from "./mixed/inference/predict-grades";
export { predictGrades } from "./mixed/inference/predict-grades";
export type { ProfileInterval } from "./mixed/inference/profile";
export { profileInterval } from "./mixed/inference/profile";
export { quantileResiduals } from "./mixed/inference/quantile-residuals";
export { satterthwaite } from "./mixed/inference/satterthwaite";
export { simulateFit } from "./mixed/inference/simulate";
export type { VarianceExplained } from "./mixed/inference/variance-explained";
export { varianceExplained } from "./mixed/inference/variance-explained";
export { readLabels, readTexts } from "./notebook/exercise";
export type { TableOptions, TableRows } from "./notebook/html-table";
export { showFigure, showTable } from "./notebook/show";
export { projectPath, studyPath } from "./project";
export type { RandomGenerator } from "./random-generator";
export { createGenerator } from "./random-generator";
export type { TokenCounter } from "./replies/count-tokens";
export { createTokenCounter } from "./replies/count-tokens";
export type { Estimate } from "./replies/estimate-run";
export { estimateRun } from "./replies/estimate-run";
export type { Target, TargetChoice } from "./replies/find-target";
export { findTarget } from "./replies/find-target";
export { indexJournal } from "./replies/journal-index";
export type { Price } from "./replies/price";
export { readPrices } from "./replies/price";
export type { PromptTemplate } from "./replies/prompt";
export { findPrompt, readPrompts } from "./replies/prompt";
export { readJournal } from "./replies/read-journal";
export type { Message } from "./replies/render-prompt";
export { renderChat, renderCompletion } from "./replies/render-prompt";
export type { ReplyRecord, ReplyStatus, Usage } from "./replies/reply-record";
export type { AskPlan, ReplyRequest, RequestBody } from "./replies/request";
export { buildRequest, requestKey } from "./replies/request";
export { RetrievalProvider, readPool } from "./replies/retrieval-provider";
export type { StimulusSource, Turns } from "./replies/stimuli";
export { findStimuli } from "./replies/stimuli";
export { readAnswers } from "./study/answers";
export type { AskedSystem } from "./study/asked-systems";
export { describeAsked, readAsked } from "./study/asked-systems";
export type { Analysis, Choice } from "./study/claims/analysis";
export {
  answerOf,
  answersTo,
  CHOICE_NAMES,
  CHOICES,
  listAnalyses,
  mainAnalysis,
} from "./study/claims/analysis";
export type { AnchoredReplies, AnchoredReply } from "./study/claims/anchored-replies";
export { readAnchoredReplies } from "./study/claims/anchored-replies";
export { answerIn, formatAnswers } from "./study/claims/answer";
export type { Assessment, ClaimOutcome, UnitEstimate } from "./study/claims/assess-claim";
export { assessClaim } from "./study/claims/assess-claim";
export type { Claim } from "./study/claims/claim";
export { OUTCOME_NAMES, readClaims } from "./study/claims/claim";
export { countFalseAlarms } from "./study/claims/false-alarms";
export { leadPoints } from "./study/claims/lead-points";
export type { Leads } from "./study/claims/leads";
export { estimateLeads } from "./study/claims/leads";
export { powerTable } from "./study/claims/power-table";
export type {
  ClaimResult,
  LeadRow,
  MultiverseRow,
  SensitivityRow,
} from "./study/claims/results-tables";
export {
  EVIDENCE_NAMES,
  readClaimResults,
  readLeads,
  readMultiverse,
  readSensitivities,
} from "./study/claims/results-tables";
export { fitStudyModel } from "./study/claims/study-model";
export type { SystemSet } from "./study/claims/unit";
export { isCompared, systemsOf, unitOf } from "./study/claims/unit";
export type { Ruling } from "./study/claims/verdict";
export type { ConversationRatings } from "./study/conversations/conversation-ratings";
export { readConversationRatings } from "./study/conversations/conversation-ratings";
export type { ConversationReply } from "./study/conversations/conversation-scores";
export { readConversationReplies } from "./study/conversations/conversation-scores";
export type { CorrectedSystemMean } from "./study/correct-means";
export { correctMeans } from "./study/correct-means";
export type {
  InstructionSpread,
  Spread,
  SpreadEstimate,
} from "./study/instructions/instruction-spread";
export { instructionSpread } from "./study/instructions/instruction-spread";
export type { Answered } from "./study/instructions/paired-difference";
export { pairedDifference } from "./study/instructions/paired-difference";
export type { PostReferenceCount } from "./study/instructions/post-reference";
export { readPostReference } from "./study/instructions/post-reference";
export type { ScoredPostReply } from "./study/instructions/post-scores";
export { readPostScores } from "./study/instructions/post-scores";
export type { JudgeAgreement } from "./study/judge-agreement";
export { readJudges } from "./study/judge-agreement";
export type { PeopleResults } from "./study/people/people-results";
export { readPeople } from "./study/people/people-results";
export type { SampleStability } from "./study/sample-stability";
export { sampleStability } from "./study/sample-stability";
export type { ScoredReplies, ScoredReply } from "./study/scored-replies";
export { readScoredReplies } from "./study/scored-replies";
export type { Study } from "./study/study";
export { openStudy } from "./study/study";
export type { Coverage, Overlap } from "./systems/coverage";
export { countLeft, readCoverage, readOverlap } from "./systems/coverage";
export type { Beginning } from "./systems/join-index";
export { JoinIndex } from "./systems/join-index";
export type { LeftReason, Match } from "./systems/join-record";
export { matchRecord } from "./systems/join-record";
export type { LoadedIndex } from "./systems/load-join-index";
export { loadJoinIndex } from "./systems/load-join-index";
export type { Answer } from "./systems/matched-stimuli";
export { matchedStimuli } from "./systems/matched-stimuli";
export { normalForm } from "./systems/normal-form";
export type { PublishedRecord } from "./systems/published-record";
export type { JoinedSystem } from "./systems/published-replies";
export { joinPublished } from "./systems/published-replies";
export type { Reply } from "./systems/reply";
export type { ReplyStyle, StyleRow } from "./systems/reply-style";
export { readStyles } from "./systems/reply-style";
export type { AskedReplies, Family, Shown, System } from "./systems/system";
export { FAMILY_NAMES, findSystem, readSystems } from "./systems/system";
export { parsePythonList } from "./tables/python-list";
export { readCsvTable } from "./tables/read-columns";
export { UserError } from "./user-error";
