export { type FitJson, fitToJson, nameStatistic, restoreFit } from "./fit/fit-json";
export {
  type Bootstrap,
  type BootstrapCoefficient,
  type BootstrapOptions,
  bootstrapFit,
} from "./inference/bootstrap";
export type { SampleSizes } from "./inference/extend-data";
export {
  type Power,
  type PowerOptions,
  powerCurve,
  preparePower,
  simulatePower,
} from "./inference/power";
export {
  type StatedModel,
  type StatedParameters,
  type StateOptions,
  stateModel,
} from "./inference/stated-model";
