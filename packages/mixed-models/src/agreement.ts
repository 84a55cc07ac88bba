export {
  type AgreementOptions,
  agreementOfAll,
  agreementOfPairs,
  intervalsOfAll,
  type OverallAgreement,
  type OverallCoefficient,
  type PairAgreement,
} from "./agreement/agreement-of";
export { type AlphaIntervalOptions, alphaInterval } from "./agreement/alpha-interval";
export {
  type BootstrapIntervalOptions,
  bootstrapCounts,
  bootstrapInterval,
  type Interval,
  type IntervalMethod,
} from "./agreement/bootstrap-interval";
export { cohenKappa } from "./agreement/cohen-kappa";
export { type ConfusionTable, confusionOf } from "./agreement/confusion";
export { type IntraclassCorrelation, intraclassCorrelation } from "./agreement/intraclass";
export {
  alphaOfCounts,
  krippendorffAlpha,
  type MeasurementLevel,
} from "./agreement/krippendorff-alpha";
export { type MarginalHomogeneity, marginalHomogeneity } from "./agreement/marginal-homogeneity";
export { fleissKappa, gwetAc, percentAgreement } from "./agreement/multi-rater";
export { kendall, spearman } from "./agreement/rank-correlation";
export {
  biasOfPairs,
  biasOfRaters,
  type MeanDifference,
  type PairBias,
  type RaterBias,
} from "./agreement/rater-bias";
export type { Rating, Ratings } from "./agreement/ratings";
export { countUnits } from "./agreement/unit-counts";
export { WEIGHTINGS, type Weighting } from "./agreement/weighting";
export {
  type Generalizability,
  type GeneralizabilityOptions,
  generalizability,
  type RaterDecision,
  type RatingComponent,
  type UnitRating,
} from "./inference/generalizability";
export { type Leniency, type LeniencyStudy, raterLeniency } from "./inference/rater-leniency";
