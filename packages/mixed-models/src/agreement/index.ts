export {
  type Generalizability,
  type GeneralizabilityOptions,
  generalizability,
  type RaterDecision,
  type RatingComponent,
  type UnitRating,
} from "../inference/generalizability";
export { type Leniency, type LeniencyStudy, raterLeniency } from "../inference/rater-leniency";
export {
  type AgreementOptions,
  agreementOfAll,
  agreementOfPairs,
  intervalsOfAll,
  type OverallAgreement,
  type OverallCoefficient,
  type PairAgreement,
} from "./agreement-of";
export { type AlphaIntervalOptions, alphaInterval } from "./alpha-interval";
export {
  type BootstrapIntervalOptions,
  bootstrapCounts,
  bootstrapInterval,
  type Interval,
  type IntervalMethod,
} from "./bootstrap-interval";
export { cohenKappa } from "./cohen-kappa";
export { type ConfusionTable, confusionOf } from "./confusion";
export { type IntraclassCorrelation, intraclassCorrelation } from "./intraclass";
export { alphaOfCounts, krippendorffAlpha, type MeasurementLevel } from "./krippendorff-alpha";
export { type MarginalHomogeneity, marginalHomogeneity } from "./marginal-homogeneity";
export { fleissKappa, gwetAc, percentAgreement } from "./multi-rater";
export { kendall, spearman } from "./rank-correlation";
export {
  biasOfPairs,
  biasOfRaters,
  type MeanDifference,
  type PairBias,
  type RaterBias,
} from "./rater-bias";
export type { Rating, Ratings } from "./ratings";
export { countUnits } from "./unit-counts";
export { WEIGHTINGS, type Weighting } from "./weighting";
