/**
 * Splits what was said before a reply into its utterances, oldest first: a JSON list of texts, or text with
 * one utterance a line. A text that merely begins with a bracket is a text like any other.
 *
 * @returns the utterances that are not blank, without white space at their ends.
 * @example
 * splitContext('["Hi.", "Hello."]'); // => ["Hi.", "Hello."]
 * splitContext("[laughs]\nHello."); // => ["[laughs]", "Hello."]
 */
export function splitContext(context: string): string[] {
  const texts = parseTexts(context) ?? context.split(/\r?\n/);
  return texts.map((text) => text.trim()).filter((text) => text !== "");
}

function parseTexts(context: string): string[] | undefined {
  if (!context.trimStart().startsWith("[")) return undefined;
  try {
    const value: unknown = JSON.parse(context);
    const isTexts = Array.isArray(value) && value.every((entry) => typeof entry === "string");
    return isTexts ? value : undefined;
  } catch {
    return undefined;
  }
}
