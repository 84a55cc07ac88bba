// One form for texts that read the same, in time linear in their length.

/** Only this many characters of a text's normal form are looked at; replies are far shorter. */
const LONGEST_TEXT = 20_000;

// Soft hyphens, zero-width marks, directions, variation selectors.
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * Brings a text to its normal form: Unicode NFKC, lower case, straight quotes, no invisible characters,
 * URLs as `<url>`, runs of four or more equal characters as three, white space and line breaks as single
 * spaces. Keeps at most `LONGEST_TEXT` characters.
 *
 * @example
 * normaliseText("I\u2019m  SOOOOOO sorry"); // => "i'm sooo sorry"
 */
export function normaliseText(text: string): string {
  const plain = isAscii(text) ? text : straighten(text.normalize("NFKC"));
  const spaced = plain.replace(/\s+/g, " ");
  const lower = spaced.trim().slice(0, LONGEST_TEXT).toLowerCase();
  const short = /(.)\1\1\1/su.test(lower) ? lower.replace(/(.)\1{3,}/gsu, "$1$1$1") : lower;
  return short.includes("://") || short.includes("www.")
    ? short.replace(/(?:https?:\/\/|www\.)\S+/g, "<url>")
    : short;
}

/** A text's words alone: lower case letters and digits, contractions spelled out, nothing between. */
export function wordKey(text: string): string {
  const spelled = normaliseText(text)
    .replace(/won'? ?t\b/g, "will not")
    .replace(/can'? ?t\b/g, "can not")
    .replace(/n ?'t\b/g, " not")
    .replace(/'re\b/g, " are")
    .replace(/'ve\b/g, " have")
    .replace(/'ll\b/g, " will")
    .replace(/'m\b/g, " am");
  return spelled.replace(/[^\p{L}\p{N}]+/gu, "");
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
}

function straighten(text: string): string {
  return text
    .replace(/[\u2018\u2019\u201b\u2032\u00b4\u0060]/g, "'")
    .replace(/[\u201c\u201d\u201e\u2033\u00ab\u00bb]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(INVISIBLE, "");
}
