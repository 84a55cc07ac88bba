export {
  agreementOfAll,
  agreementOfPairs,
  type OverallAgreement,
  type PairAgreement,
} from "./agreement-of";
export { type AlphaIntervalOptions, alphaInterval } from "./alpha-interval";
export {
  type BootstrapIntervalOptions,
  bootstrapCounts,
  bootstrapInterval,
  type Interval,
} from "./bootstrap-interval";
export { cohenKappa } from "./cohen-kappa";
export { type IntraclassCorrelation, intraclassCorrelation } from "./intraclass";
export { alphaOfCounts, krippendorffAlpha, type MeasurementLevel } from "./krippendorff-alpha";
export { fleissKappa, gwetAc } from "./multi-rater";
export { percentAgreement } from "./percent-agreement";
export { kendall, spearman } from "./rank-correlation";
export type { Rating, Ratings, Weighting } from "./ratings";
export { countUnits } from "./unit-counts";
