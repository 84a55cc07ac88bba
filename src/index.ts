// What notebooks import as "empathy-notebooks".

export type {
  AskPlan,
  Estimate,
  Message,
  Price,
  PromptTemplate,
  ReplyRecord,
  ReplyRequest,
  ReplyStatus,
  RequestBody,
  Shown,
  TokenCounter,
  Usage,
} from "ask-models";
export {
  buildRequest,
  createTokenCounter,
  estimateRun,
  findPrompt,
  indexJournal,
  readJournal,
  renderChat,
  renderCompletion,
  requestKey,
} from "ask-models";
export type {
  Contribution,
  EmbeddedScorer,
  Level,
  LevelProbabilities,
  Levels,
  Metric,
  MetricScore,
  Missing,
  ReplyScores,
  ScoreOutcome,
  ScoreRequest,
  Scorer,
  ScorerCard,
} from "empathy-scorer";
export { isMissing, loadScorer, METRICS } from "empathy-scorer";
export type { Head } from "empathy-scorer/training";
export { dialogueKey } from "empathy-scorer/training";
export type { RandomGenerator } from "kit";
export { createGenerator, UserError } from "kit";
export { readCsvTable } from "kit/tables";
export type {
  Coefficient,
  ComparedModel,
  ConditionalModes,
  DegreesOfFreedom,
  FitOptions,
  GradePredictions,
  LikelihoodRatio,
  MarginalMean,
  MarginalMeans,
  MarginalSlopesOptions,
  MeanContrast,
  MeanContrasts,
  MixedFit,
  OrdinalPart,
  PredictOptions,
  ProfileInterval,
  VarianceComponent,
  VarianceExplained,
  Warning,
} from "mixed-models";
export {
  compareFits,
  compareModels,
  contrastMeans,
  fitMixed,
  fitToHtml,
  fitToMarkdown,
  fitToText,
  marginalMeans,
  marginalSlopes,
  predictFit,
  predictGrades,
  profileInterval,
  profileVariances,
  refit,
  regridMeans,
  satterthwaite,
  varianceExplained,
} from "mixed-models";
export type {
  AgreementOptions,
  BootstrapIntervalOptions,
  Interval,
  MeasurementLevel,
  OverallAgreement,
  PairAgreement,
  PairBias,
  RaterBias,
  Rating,
  Ratings,
  Weighting,
} from "mixed-models/agreement";
export {
  agreementOfAll,
  agreementOfPairs,
  biasOfPairs,
  biasOfRaters,
  bootstrapInterval,
  cohenKappa,
  fleissKappa,
  generalizability,
  gwetAc,
  intervalsOfAll,
  kendall,
  krippendorffAlpha,
  percentAgreement,
  raterLeniency,
  spearman,
} from "mixed-models/agreement";
export type { GroupInfluence, SimulatedResiduals } from "mixed-models/diagnostics";
export {
  groupInfluence,
  quantileResiduals,
  simulatedResiduals,
  simulateFit,
} from "mixed-models/diagnostics";
export type {
  EquivalenceOptions,
  EquivalenceTests,
  JointTest,
  JointTests,
} from "mixed-models/hypotheses";
export {
  interactionContrast,
  jointTests,
  kenwardRoger,
  testEquivalence,
  testProportionalOdds,
} from "mixed-models/hypotheses";
export type {
  EffectInfluence,
  EffectsOptions,
  EggerOptions,
  EggerTest,
  GroupWeights,
  LeaveOneOutOptions,
  LeftOut,
  MetaCoefficient,
  MetaData,
  MetaEstimate,
  MetaFit,
  MetaHeterogeneity,
  MetaInterval,
  MetaMethod,
  MetaOptions,
  MetaPrediction,
  MultilevelData,
  MultilevelFit,
  MultilevelOptions,
  MultilevelVariance,
  RandomTerm,
  RobustEstimate,
  RobustOptions,
  RobustTests,
  RobustType,
  UnidentifiedVariance,
} from "mixed-models/meta";
export {
  clusterRobust,
  effectInfluence,
  eggerTest,
  fitMeta,
  fitMultilevelMeta,
  leaveOneOut,
} from "mixed-models/meta";
export type {
  Bootstrap,
  BootstrapCoefficient,
  BootstrapOptions,
  FitJson,
  Power,
  PowerOptions,
  SampleSizes,
  StatedModel,
  StatedParameters,
  StateOptions,
} from "mixed-models/node";
export {
  bootstrapFit,
  fitToJson,
  powerCurve,
  restoreFit,
  simulatePower,
  stateModel,
} from "mixed-models/node";
export type { AugmentedRow, Glance, TidyEffects, TidyRow } from "mixed-models/report";
export { augmentFit, glanceFit, tidyFit } from "mixed-models/report";
export type {
  ForestRow,
  Intersection,
  Panel,
  PanelPoint,
  PointPanelOptions,
  SetOverlapOptions,
  Specification,
  SpecificationCurveOptions,
} from "plotly-stills";
export {
  forestPlot,
  pointPanels,
  renderPng,
  renderSvg,
  setOverlapFigure,
  specificationCurve,
} from "plotly-stills";
export { type Factor, factorsOf } from "./asking/factors";
export type { Target, TargetChoice } from "./asking/find-target";
export { findTarget } from "./asking/find-target";
export { readPrices, readPrompts } from "./asking/registries";
export { RetrievalProvider, readPool } from "./asking/retrieval-provider";
export type { StimulusSource, Turns } from "./asking/stimuli";
export { findStimuli } from "./asking/stimuli";
export type { Accuracy } from "./claims/accuracy";
export { headAccuracy, readerAccuracy } from "./claims/accuracy";
export type { Analysis, Choice } from "./claims/analysis";
export {
  answerOf,
  answersTo,
  CHOICE_NAMES,
  CHOICES,
  INSTRUMENT_NAMES,
  listAnalyses,
  mainAnalysis,
} from "./claims/analysis";
export type { AnchoredReplies, AnchoredReply } from "./claims/anchored-replies";
export { readAnchoredReplies } from "./claims/anchored-replies";
export { answerIn, decidingInterval, formatAnswers, toldClaims } from "./claims/answer";
export type { Assessment, ClaimOutcome } from "./claims/assess-claim";
export { assessClaim, isAssessed } from "./claims/assess-claim";
export type { Claim } from "./claims/claim";
export { OUTCOME_NAMES, readClaims } from "./claims/claim";
export { sayOwn } from "./claims/context";
export { countFalseAlarms } from "./claims/false-alarms";
export type { SharesOf } from "./claims/instruments";
export { instrumentsOf, openReplies, openShares } from "./claims/instruments";
export { leadPoints } from "./claims/lead-points";
export type { Leads } from "./claims/leads";
export { estimateLeads } from "./claims/leads";
export type { OverallShare, OverallShares } from "./claims/overall-shares";
export { overallShares } from "./claims/overall-shares";
export { powerTable } from "./claims/power-table";
export type {
  ClaimResult,
  MultiverseRow,
  ShareRow,
  WithoutRow,
} from "./claims/results-tables";
export {
  EVIDENCE_NAMES,
  readClaimResults,
  readMultiverse,
  readShares,
  readWithout,
} from "./claims/results-tables";
export { shareAt } from "./claims/share-rows";
export type { ShareTable } from "./claims/share-table";
export { type Change, pairSides, type SidePair } from "./claims/sides";
export { fitStudyModel } from "./claims/study-model";
export type { UnitEstimate } from "./claims/unit-estimates";
export type { Ruling } from "./claims/verdict";
export { ruleOn } from "./claims/verdict";
export type { SimulatedVerdicts } from "./claims/verdict-simulation";
export { RULINGS, readSimulatedVerdicts } from "./claims/verdict-simulation";
export type { ConversationRatings } from "./conversations/conversation-ratings";
export { readConversationRatings } from "./conversations/conversation-ratings";
export {
  correlationPoints,
  listenerRows,
  predictorRows,
  ratingRows,
  reliabilityRows,
  replyRows,
} from "./conversations/conversation-rows";
export type { ConversationReply } from "./conversations/conversation-scores";
export { isScored, readConversationReplies } from "./conversations/conversation-scores";
export { courseColumns, courseRows, courseSlopes } from "./conversations/course";
export type { CorpusRow } from "./corpus/corpus-table";
export { readCorpusTable } from "./corpus/corpus-table";
export type { Dialogue, Role, Split, Utterance } from "./corpus/dialogue";
export type { Emotion, Sentiment } from "./corpus/emotions";
export { EMOTIONS, SENTIMENTS, sentimentOf } from "./corpus/emotions";
export type { BrokenRow, ReadOptions } from "./corpus/read-dialogues";
export { readAllDialogues, readDialogues } from "./corpus/read-dialogues";
export type { Stimulus } from "./corpus/stimulus";
export { listenerTurns, stimulusAt } from "./corpus/stimulus";
export type { ClaimInterval } from "./figures/claim-intervals";
export { claimIntervals, toClaimIntervals } from "./figures/claim-intervals";
export type { Confusion, ConfusionOptions } from "./figures/confusion-panels";
export { confusionPanels } from "./figures/confusion-panels";
export type { CoursePanelOptions, CoursePoint } from "./figures/course-panels";
export { coursePanels } from "./figures/course-panels";
export type { EmotionCount } from "./figures/emotion-counts";
export { emotionCountsFigure } from "./figures/emotion-counts";
export type { ShareStripOptions } from "./figures/share-strips";
export { shareStrips } from "./figures/share-strips";
export type {
  InstructionSpread,
  Spread,
  SpreadEstimate,
} from "./instructions/instruction-spread";
export { instructionSpread } from "./instructions/instruction-spread";
export { drawColumns, postColumns } from "./instructions/model-columns";
export type { Answered } from "./instructions/paired-difference";
export { pairedDifference } from "./instructions/paired-difference";
export type { PostReferenceCount } from "./instructions/post-reference";
export { readPostReference, referenceRows } from "./instructions/post-reference";
export type { ScoredPostReply } from "./instructions/post-scores";
export { readPostScores } from "./instructions/post-scores";
export { differencePoints, gapRows, postRows, sharePoints } from "./instructions/told-points";
export type { AskedCell, MetricMeans, ToldPair, ToldSystem } from "./instructions/told-systems";
export {
  compareTold,
  compareWithPeople,
  listAskedCells,
  listToldSystems,
} from "./instructions/told-systems";
export {
  check,
  type Given,
  type GivenLabels,
  partOf,
  readLabels,
  readNumber,
  readNumbers,
  readText,
  readTexts,
} from "./notebook/exercise";
export { formatInterval } from "./notebook/format-interval";
export type { TableOptions, TableRows } from "./notebook/html-table";
export { plainColumns } from "./notebook/plain-columns";
export { showFigure, showTable } from "./notebook/show";
export { gradeShares } from "./people/grade-shares";
export type { PeopleResults } from "./people/people-results";
export { readPeople } from "./people/people-results";
export { projectPath } from "./project";
export type {
  CalibrationCount,
  CriterionCount,
  Outcome,
  Reading,
  ReadReply,
} from "./readings/readings";
export {
  readCalibration,
  readCriteria,
  readPractice,
  readReadings,
  readReadingsFile,
  readShare,
} from "./readings/readings";
export type { ScoreFileOptions } from "./scoring/score-file";
export { scoreFile } from "./scoring/score-file";
export { readAnswers } from "./study/answers";
export type { AskedSystem } from "./study/asked-systems";
export { describeAsked, readAsked } from "./study/asked-systems";
export type { ChosenPrompts, PromptOptions, SystemPrompts } from "./study/find-chosen-prompts";
export { findChosenPrompts, measurePrompts } from "./study/find-chosen-prompts";
export type { SampleStability } from "./study/sample-stability";
export { sampleStability } from "./study/sample-stability";
export type { ScoredReplies, ScoredReply } from "./study/scored-replies";
export { readScoredReplies } from "./study/scored-replies";
export type { SeedShares } from "./study/seeds";
export { readSeedShares, SEED_METHODS } from "./study/seeds";
export { openStudy, type Study, studyPath, systemsOfStudy } from "./study/study";
export type { Criterion, HumanReply, PromptShare } from "./systems/chosen-prompts";
export { comparePrompts, kindOfTurn } from "./systems/chosen-prompts";
export type { Coverage, Overlap } from "./systems/coverage";
export { countLeft, describeLeft, readCoverage, readOverlap } from "./systems/coverage";
export type { Beginning } from "./systems/join-index";
export { JoinIndex } from "./systems/join-index";
export type { LeftReason, Match } from "./systems/join-record";
export { matchRecord } from "./systems/join-record";
export type { LoadedIndex } from "./systems/load-join-index";
export { loadJoinIndex } from "./systems/load-join-index";
export type { Answer } from "./systems/matched-stimuli";
export { matchedStimuli } from "./systems/matched-stimuli";
export { normalForm } from "./systems/normal-form";
export type { OrderEvidence } from "./systems/order-evidence";
export { measureOrder } from "./systems/order-evidence";
export type { PublishedRecord } from "./systems/published-record";
export type { JoinedSystem } from "./systems/published-replies";
export { joinPublished } from "./systems/published-replies";
export type { Reply } from "./systems/reply";
export type { ReplyStyle, StyleRow } from "./systems/reply-style";
export { readStyles } from "./systems/reply-style";
export type { AskedReplies, Family, System } from "./systems/system";
export { FAMILY_NAMES, findSystem, readSystems } from "./systems/system";
export type { SystemSet } from "./systems/unit";
export { collectionOf, isCompared, systemsOf, unitOf } from "./systems/unit";
export { parsePythonList } from "./tables/python-list";
export type { ActCount } from "./validity/act-counts";
export { readActCounts } from "./validity/act-counts";
export type { DialogueFigures, StoredEvaluation, SupportFigures } from "./validity/evaluation-file";
export { readEvaluation } from "./validity/evaluation-file";
export type { JudgeAgreement } from "./validity/judge-agreement";
export { readJudges } from "./validity/judge-agreement";
export type { MeanWithInterval } from "./validity/mean-error";
export { meanWithInterval } from "./validity/mean-error";
export { accuracy, calibrationError, macroF1 } from "./validity/measures";
export type { LengthBin, ReferenceCount } from "./validity/reference-counts";
export {
  LENGTH_BINS,
  REFERENCE_SYSTEMS,
  readReferenceCounts,
  sumReferenceCounts,
} from "./validity/reference-counts";
