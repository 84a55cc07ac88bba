export { type LatexOptions, tableToLatex } from "./fit/table-to-latex";
export { type AugmentedRow, augmentFit } from "./inference/augment-fit";
export { type Glance, glanceFit } from "./inference/glance-fit";
export { type TidyEffects, type TidyRow, tidyFit } from "./inference/tidy-fit";
