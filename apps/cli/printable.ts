/**
 * Makes a text safe to show on a terminal: control characters, which could move the cursor, recolour, rename the
 * window or hide words, are written out, such as `\x1b`. Line ends and tabs stay.
 *
 * Texts come from servers, files and labels; a terminal obeys whatever is in them.
 *
 * @example
 * printable("a\u001b[31mb\n"); // => "a\\x1b[31mb\n"
 */
export function printable(text: string): string {
  return text.replace(CONTROL, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, "0")}`;
  });
}

// C0 and C1 but \t and \n, delete, line separators, and what turns the direction of writing.
const CONTROL = /[^\P{Cc}\t\n]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
