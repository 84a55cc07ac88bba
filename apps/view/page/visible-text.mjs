// Characters that cannot be seen, or that change what is seen: C0 and C1 controls but for tab and line end, soft hyphens,
// what turns the direction of writing, invisible signs and tags, halves of a surrogate pair.
const UNSEEN =
  /[^\P{Cc}\t\n]|[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Cs}/gu;

/**
 * Writes control characters and the like out, so that a text is seen as it is: `␛` for escape, `⟨U+202E⟩` for what has no
 * picture of its own.
 */
export function visibleText(text) {
  return text.replace(UNSEEN, (character) => {
    const code = character.codePointAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    if (code === 0x7f) return "␡";
    return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}

const plain = (text) =>
  text.toLowerCase().replace(/\s/g, " ").replace(/[‘’]/g, "'").replace(/[“”]/g, '"');

/** Finds where a text holds what was searched for. @returns pairs of beginning and end, in order, apart from each other. */
export function findHits(text, search) {
  const within = plain(text);
  // Where lower case has another length, places would be wrong.
  if (within.length !== text.length) return [];
  const parts = [...search.replace(/[“”]/g, '"').matchAll(/"([^"]*)"?|([^\s"]+)/g)];
  const found = [];
  for (const [, phrase, word] of parts) {
    const wanted = plain(phrase ?? word ?? "").trim();
    if (wanted === "") continue;
    for (let at = within.indexOf(wanted); at >= 0; at = within.indexOf(wanted, at + wanted.length))
      found.push([at, at + wanted.length]);
  }
  found.sort(([one], [other]) => one - other);
  const apart = [];
  for (const [from, to] of found) {
    const last = apart.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else apart.push([from, to]);
  }
  return apart;
}
