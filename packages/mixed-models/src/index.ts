export { UserError } from "kit";
export type { Table } from "./design/columns";
export { compareTexts } from "./design/factor";
export { namesOfFactor } from "./design/model-frame";
export type { PriorOptions } from "./fit/coefficient-prior";
export { fitMixed, refit } from "./fit/fit-mixed";
export type { FitOptions } from "./fit/fit-options";
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
export { columnsOfFormula, type Formula, parseFormula } from "./formula/formula";
export type { Adjustment } from "./inference/adjust";
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
export type { GridValues } from "./inference/reference-grid";
export { type MeansScale, regridMeans } from "./inference/regrid-means";
export { satterthwaite } from "./inference/satterthwaite";
export { type VarianceExplained, varianceExplained } from "./inference/variance-explained";
export { factorise } from "./numerics/cholesky";
export { upperQuantile, upperTail } from "./numerics/normal";
export { studentQuantile, studentTwoSided } from "./numerics/student-t";
export type { BinomialLink } from "./objective/binomial-link";
export type { GradeLink } from "./objective/grade-density";
export type { Family } from "./objective/model-data";
