export { isMissing, type Missing } from "kit";
export { CARDS } from "./embedded/cards";
export { EmbeddedScorer, loadScorer } from "./embedded/embedded-scorer";
export {
  readWeights,
  sha256Of,
  WEIGHTS_FOLDER,
  WEIGHTS_FORMAT,
  type WeightsFile,
  type WeightsHeader,
} from "./embedded/weights-files";
export {
  byMetric,
  type Level,
  type LevelProbabilities,
  type Levels,
  METRICS,
  type Metric,
  mostProbable,
} from "./levels";
export {
  type Contribution,
  findUnscorable,
  type MetricScore,
  type ReplyScores,
  type ScoreOutcome,
  type ScoreRequest,
  type Scorer,
  type ScorerCard,
} from "./scorer";
