// Whether a text is in English. Most texts show it by words of the lexicon; only the others are put to a language
// detector (eld, Efficient Language Detector, n-grams of some sixty languages), which is loaded when first asked.
// `docs/scoring.md` has its errors, measured by `npm run bench:language`.
import { LEXICON } from "./lexicon";

/** In shorter texts, names and exclamations decide: nobody can tell their language with any certainty. */
export const FEWEST_WORDS = 4;
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
  const scores = loadDetector().detect(sample).getScores();
  const [best] = Object.keys(scores);
  if (best === undefined || best === "en") return false;
  return (scores[best] ?? 0) - (scores.en ?? 0) > LEAD + share / 2;
}

// 1.6 MB of n-grams, a third of a second: only where they are needed.
function loadDetector() {
  const { languageDetector } =
    require("./language-detector.mjs") as typeof import("./language-detector.mjs");
  return languageDetector;
}
