// The older systems' files hold text that was lower-cased, had these contractions spelled out wherever
// they stand, and was cut into words with punctuation set apart. Applying the same to the corpus, and
// leaving out everything but letters and digits, gives both sides the same form.
const CONTRACTIONS = new Map([
  ["it's", "it is"],
  ["don't", "do not"],
  ["doesn't", "does not"],
  ["didn't", "did not"],
  ["you'd", "you would"],
  ["you're", "you are"],
  ["you'll", "you will"],
  ["i'm", "i am"],
  ["they're", "they are"],
  ["that's", "that is"],
  ["what's", "what is"],
  ["couldn't", "could not"],
  ["i've", "i have"],
  ["we've", "we have"],
  ["can't", "cannot"],
  ["i'd", "i would"],
  ["aren't", "are not"],
  ["isn't", "is not"],
  ["wasn't", "was not"],
  ["weren't", "were not"],
  ["won't", "will not"],
  ["there's", "there is"],
  ["there're", "there are"],
]);
const SHORT = new RegExp([...CONTRACTIONS.keys()].join("|"), "g");
// Text without other letters takes the faster class.
const ASCII_ONLY = /^[\0-\x7f]*$/;

/**
 * Reduces an utterance to what tokenising leaves alone: lower case, common contractions spelled out,
 * letters and digits only.
 *
 * Two utterances of equal normal form are taken for the same one. Linear in the text.
 *
 * @example
 * normalForm("I wasn't hit!") === normalForm("i was n't hit !"); // => false
 * @example
 * normalForm("I wasn't hit!") === normalForm("i was not hit !"); // => true
 */
export function normalForm(text: string): string {
  const lower = text.toLowerCase();
  const plain = lower.includes("'")
    ? lower.replace(SHORT, (short) => CONTRACTIONS.get(short) as string)
    : lower;
  return plain.replace(ASCII_ONLY.test(plain) ? /[^a-z0-9]+/g : /[^\p{L}\p{N}]+/gu, "");
}
