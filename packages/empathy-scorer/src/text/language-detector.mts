// The detector's package offers itself to ES modules only.
export { eld as languageDetector } from "eld/small";
