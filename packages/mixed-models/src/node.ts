export { type FitJson, fitToJson, nameStatistic, restoreFit } from "./fit/fit-json";
export {
  type Bootstrap,
  type BootstrapCoefficient,
  type BootstrapOptions,
  bootstrapFit,
} from "./inference/bootstrap";
