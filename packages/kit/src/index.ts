export { AS_WRITTEN, type WrittenTable } from "./as-written";
export { countNoun } from "./count-noun";
export { escapeMarkup } from "./escape-markup";
export { largest } from "./largest";
export { isMissing, type Missing } from "./missing";
export { didYouMean, listNames } from "./nearest-name";
export { PLOTLY_MIME } from "./plotly-mime";
export { createGenerator, mulberry32, type RandomGenerator } from "./random-generator";
export { UserError } from "./user-error";
