// Python's own notation for a list of strings, as `repr` writes it: either quote, backslash escapes,
// lists inside the list. Python language reference, 2.4.1 "String and Bytes literals".
const SIMPLE: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};
const DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * Reads a Python list of strings.
 *
 * A list inside the list, such as one of tokens, is joined by spaces. One pass, no recursion: time is
 * linear in the text, whatever it holds.
 *
 * @throws SyntaxError saying what stands where (column, from 1) if the text is not such a list.
 *
 * @example
 * parsePythonList("['it is', \"wasn't\"]"); // => ["it is", "wasn't"]
 */
export function parsePythonList(text: string): string[] {
  const items: string[] = [];
  let inner: string[] | undefined;
  let at = skipSpace(text, expect(text, skipSpace(text, 0), "["));
  let wantsItem = true;
  for (;;) {
    const sign = text[at];
    if (sign === "]") {
      at = skipSpace(text, at + 1);
      if (!inner) break;
      items.push(inner.join(" "));
      inner = undefined;
      wantsItem = false;
    } else if (sign === "," && !wantsItem) {
      at = skipSpace(text, at + 1);
      wantsItem = true;
    } else if (sign === "[" && wantsItem && !inner) {
      inner = [];
      at = skipSpace(text, at + 1);
    } else if ((sign === "'" || sign === '"') && wantsItem) {
      const string = readString(text, at);
      (inner ?? items).push(string.value);
      at = skipSpace(text, string.end);
      wantsItem = false;
    } else {
      throw unexpected(text, at, wantsItem ? "a quoted string" : "',' or ']'");
    }
  }
  if (at < text.length) throw unexpected(text, at, "nothing more");
  return items;
}

/**
 * Rewrites what Python prints of lists, dictionaries and NumPy arrays of strings as JSON; what else the text holds is left
 * as it is, for the JSON parser to judge. Strings with nothing but white space between them are a NumPy array's, and
 * `np.str_('a')` is a string.
 *
 * @throws SyntaxError if a string has no end, or commas stand between some of the strings and not between others.
 *
 * @example
 * pythonToJson("['a' 'b']"); // => '["a","b"]'
 */
export function pythonToJson(text: string): string {
  const parts: string[] = [];
  let [commas, gaps] = [0, 0];
  let isAfterString = false;
  for (let at = 0; at < text.length; ) {
    const sign = text[at] as string;
    const wrapped = sign === "n" ? NUMPY_STRING.exec(text.slice(at, at + LONGEST_WRAPPER)) : null;
    if (/\s/.test(sign)) {
      at++;
    } else if (wrapped) {
      const string = readString(text, at + wrapped[0].length - 1);
      const close = text.indexOf(")", string.end);
      if (close < 0 || text.slice(string.end, close).trim() !== "") {
        throw new SyntaxError(`the string in column ${at + 1} has no closing bracket`);
      }
      parts.push(JSON.stringify(string.value));
      at = close + 1;
      isAfterString = false;
    } else if (sign === "'" || sign === '"') {
      const string = readString(text, at);
      if (isAfterString) gaps++;
      parts.push(isAfterString ? "," : "", JSON.stringify(string.value));
      at = string.end;
      isAfterString = true;
    } else {
      const word = /^(?:None|True|False)\b/.exec(text.slice(at, at + 6))?.[0];
      if (sign === "," && isAfterString) commas++;
      // Python allows a comma before the end.
      if ("]}".includes(sign) && parts.at(-1) === ",") parts.pop();
      parts.push(word ? (WORDS[word] as string) : sign);
      at += word?.length ?? 1;
      isAfterString = false;
    }
  }
  if (gaps > 0 && commas > 0)
    throw new SyntaxError("commas stand between some texts and not others");
  return parts.join("");
}

// As NumPy 2 prints a string in a list.
const NUMPY_STRING = /^(?:np|numpy)\.str_\(["']/;
const LONGEST_WRAPPER = "numpy.str_('".length;

const WORDS: Readonly<Record<string, string>> = { None: "null", True: "true", False: "false" };

function readString(text: string, start: number): { value: string; end: number } {
  const quote = text[start] as string;
  const parts: string[] = [];
  let from = start + 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === quote) {
      parts.push(text.slice(from, at));
      return { value: parts.join(""), end: at + 1 };
    }
    if (text[at] !== "\\") continue;
    parts.push(text.slice(from, at));
    const { value, end } = readEscape(text, at);
    parts.push(value);
    from = end;
    at = end - 1;
  }
  throw new SyntaxError(`the string that starts in column ${start + 1} has no end`);
}

function readEscape(text: string, at: number): { value: string; end: number } {
  const sign = text[at + 1] ?? "";
  const simple = SIMPLE[sign];
  if (simple !== undefined) return { value: simple, end: at + 2 };
  const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4))?.[0];
  if (octal)
    return { value: String.fromCharCode(Number.parseInt(octal, 8)), end: at + 1 + octal.length };
  const length = DIGITS[sign];
  // Python keeps the backslash of an escape that it does not know.
  if (length === undefined) return { value: "\\", end: at + 1 };
  const digits = text.slice(at + 2, at + 2 + length);
  const code = Number.parseInt(digits, 16);
  if (digits.length < length || /[^0-9a-fA-F]/.test(digits) || code > 0x10ffff) {
    throw new SyntaxError(`the escape in column ${at + 1} is cut off or names no character`);
  }
  return { value: String.fromCodePoint(code), end: at + 2 + length };
}

function expect(text: string, at: number, sign: string): number {
  if (text[at] !== sign) throw unexpected(text, at, `'${sign}'`);
  return at + 1;
}

function skipSpace(text: string, at: number): number {
  let next = at;
  while (text[next] === " " || text[next] === "\t") next++;
  return next;
}

function unexpected(text: string, at: number, wanted: string): SyntaxError {
  const found = at < text.length ? `'${text.slice(at, at + 12)}'` : "the end";
  return new SyntaxError(`column ${at + 1} should hold ${wanted} and holds ${found}`);
}
