export { UserError } from "kit";
export type { Table } from "./design/columns";
export { compareTexts } from "./design/factor";
export { namesOfFactor } from "./design/model-frame";
export type { PriorOptions } from "./fit/coefficient-prior";
export { type FitOptions, fitMixed, refit } from "./fit/fit-mixed";
export { commonCoefficients } from "./fit/ordinal-part";
export {
  coefficientTables,
  digitsFor,
  type FitTable,
  fitToHtml,
  fitToMarkdown,
  fitToText,
  formatDf,
  formatP,
  layOutFit,
  sheetToHtml,
  sheetToMarkdown,
  sheetToText,
  significant,
  tableToMarkdown,
  tableToText,
} from "./fit/print-fit";
export type {
  Coefficient,
  ConditionalModes,
  DegreesOfFreedom,
  MixedFit,
  NominalPart,
  OrdinalPart,
  VarianceComponent,
  Warning,
} from "./fit/result";
export { type LatexOptions, tableToLatex } from "./fit/table-to-latex";
export { columnsOfFormula, type Formula, parseFormula } from "./formula/formula";
export type { Adjustment } from "./inference/adjust";
export { type AugmentedRow, augmentFit } from "./inference/augment-fit";
export {
  type ComparedModel,
  compareFits,
  compareModels,
  type LikelihoodRatio,
} from "./inference/compare-fits";
export {
  type ContrastOptions,
  contrastMeans,
  type MeanContrast,
  type MeanContrasts,
} from "./inference/contrast-means";
export {
  type EquivalenceOptions,
  type EquivalenceSide,
  type EquivalenceTest,
  type EquivalenceTests,
  testEquivalence,
} from "./inference/equivalence";
export {
  type Generalizability,
  type GeneralizabilityOptions,
  generalizability,
  type RaterDecision,
  type RatingComponent,
  type UnitRating,
} from "./inference/generalizability";
export { type Glance, glanceFit } from "./inference/glance-fit";
export {
  type GroupInfluence,
  type GroupInfluenceOptions,
  groupInfluence,
  type LevelInfluence,
} from "./inference/group-influence";
export { hatValues } from "./inference/hat-values";
export { interactionContrast } from "./inference/interaction-contrast";
export { type JointTest, type JointTests, jointTests } from "./inference/joint-tests";
export { kenwardRoger } from "./inference/kenward-roger";
export type { Interval } from "./inference/linear-estimate";
export {
  type MarginalMean,
  type MarginalMeans,
  type MarginalMeansOptions,
  marginalMeans,
} from "./inference/marginal-means";
export { type MarginalSlopesOptions, marginalSlopes } from "./inference/marginal-slopes";
export type { ContrastMethod } from "./inference/mean-weights";
export { type PredictOptions, predictFit } from "./inference/predict";
export { type GradePredictions, predictGrades } from "./inference/predict-grades";
export { type ProfileInterval, profileInterval } from "./inference/profile";
export { profileVariances, type VarianceInterval } from "./inference/profile-variances";
export {
  type ProportionalOddsTest,
  type ProportionalOddsTests,
  testProportionalOdds,
} from "./inference/proportional-odds";
export { quantileResiduals } from "./inference/quantile-residuals";
export { type Leniency, type LeniencyStudy, raterLeniency } from "./inference/rater-leniency";
export type { GridValues } from "./inference/reference-grid";
export { type MeansScale, regridMeans } from "./inference/regrid-means";
export { satterthwaite } from "./inference/satterthwaite";
export { type SimulateOptions, simulateFit } from "./inference/simulate";
export {
  type ResidualTest,
  type SimulatedResiduals,
  type SimulatedResidualsOptions,
  simulatedResiduals,
} from "./inference/simulated-residuals";
export { type TidyEffects, type TidyRow, tidyFit } from "./inference/tidy-fit";
export { type VarianceExplained, varianceExplained } from "./inference/variance-explained";
export { factorise } from "./numerics/cholesky";
export { upperQuantile, upperTail } from "./numerics/normal";
export { studentQuantile, studentTwoSided } from "./numerics/student-t";
export type { BinomialLink } from "./objective/binomial-link";
export type { GradeLink } from "./objective/grade-density";
export type { Family } from "./objective/model-data";
