// Whether a text is in English, or in another language that is expected. Of English, most texts show it by words of the lexicon; only the others are put to a language
// detector (eld, Efficient Language Detector, n-grams of some sixty languages), which is loaded when first asked.
// `docs/scoring.md` has its errors, measured by `npm run bench:language`.
import { LEXICON } from "./lexicon";

/** In shorter texts, names and exclamations decide: nobody can tell their language with any certainty. */
const FEWEST_WORDS = 4;
/** Words of this many letters look like another language's seldom enough. */
const SHORTEST_WORD = 3;
/** From this share of words known to be English on, the detector is not asked. */
const ENGLISH_SHARE = 0.25;
/** By how much another language's score, from 0 to 1, must exceed that of English; half the share is added. */
const LEAD = 0.15;
/** The language shows in fewer characters than these. */
const LONGEST_SAMPLE = 1000;

const OTHER_LETTER = /(?!\p{Script=Latin})\p{L}/u;
const WORD = /\p{L}[\p{L}\p{M}']*/gu;

/** Whether at least half of the words of a normal form (`normaliseText`) are in Latin letters throughout. */
export function isLatinScript(normal: string): boolean {
  if (!OTHER_LETTER.test(normal)) return true;
  const words = normal.match(WORD) ?? [];
  const others = words.filter((word) => OTHER_LETTER.test(word)).length;
  return 2 * others <= words.length;
}

/**
 * Whether a normal form (`normaliseText`) in Latin letters is, with some certainty, in a language other than English.
 *
 * Texts of one to three words never are: too little is known of them. Looks at the first 1,000 characters.
 *
 * @example
 * isOtherLanguage("das tut mir wirklich leid."); // => true
 * isOtherLanguage("lol that sucks bro"); // => false
 */
export function isOtherLanguage(normal: string): boolean {
  const sample = normal.slice(0, LONGEST_SAMPLE);
  const words = sample.match(WORD) ?? [];
  if (words.length < FEWEST_WORDS) return false;
  const known = words.filter((word) => word.length >= SHORTEST_WORD && LEXICON.has(word)).length;
  const share = known / words.length;
  if (share >= ENGLISH_SHARE) return false;
  return leads(sample, "en", LEAD + share / 2);
}

/**
 * Whether a normal form (`normaliseText`) is, with some certainty, in another language than one that is expected.
 *
 * The detector alone decides, by the same lead as for English; what its errors are here was not measured. False for texts
 * of one to three words, and wherever the detector does not know the language that is expected.
 *
 * @param language BCP 47, such as `de`; its region is passed over.
 *
 * @example
 * isOtherThan("das tut mir wirklich leid.", "de"); // => false
 * isOtherThan("das tut mir wirklich leid.", "fr-CA"); // => true
 */
export function isOtherThan(normal: string, language: string): boolean {
  const sample = normal.slice(0, LONGEST_SAMPLE);
  if ((sample.match(WORD) ?? []).length < FEWEST_WORDS) return false;
  const expected = language.toLowerCase().split("-")[0] ?? "";
  const isKnown = Object.values(loadDetector().info().Languages).includes(expected);
  return isKnown && leads(sample, expected, LEAD);
}

function leads(sample: string, expected: string, lead: number): boolean {
  const scores = loadDetector().detect(sample).getScores();
  const [best] = Object.keys(scores);
  if (best === undefined || best === expected) return false;
  return (scores[best] ?? 0) - (scores[expected] ?? 0) > lead;
}

// 1.6 MB of n-grams, a third of a second: only where they are needed.
function loadDetector() {
  const { languageDetector } =
    require("./language-detector.mjs") as typeof import("./language-detector.mjs");
  return languageDetector;
}
