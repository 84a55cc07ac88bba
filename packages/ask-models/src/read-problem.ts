// What a server says is wrong. OpenAI's form is an object in `error`; the servers that speak its protocol have others:
// a flat `message`, FastAPI's `detail`, Google's list, a text, a page of a gateway.

/** A server's reason, in its own words and codes. */
interface Problem {
  readonly message: string;
  /** The provider's own codes, such as `insufficient_quota`: of what went wrong, and of its kind. */
  readonly codes: readonly unknown[];
  /** How long the body asks to wait. */
  readonly retryAfterMs?: number;
}

type Loose = Record<string, unknown>;

// In the order in which they are looked for.
const WORDED = ["error", "message", "msg", "detail", "errors", "error_message", "reason", "title"];

/**
 * Reads a server's reason from the body of its response, whatever form it has.
 *
 * @param body JSON as text or read, or any other text.
 *
 * @example
 * readProblem('{"detail": [{"loc": ["body", "seed"], "msg": "not permitted"}]}').message; // => "seed: not permitted"
 * readProblem("<html><title>502 Bad Gateway</title></html>").message; // => "502 Bad Gateway"
 */
export function readProblem(body: unknown): Problem {
  const value = typeof body === "string" ? parse(body) : body;
  const [top] = listOf(value);
  const [error] = listOf((top as Loose | undefined)?.error);
  const parts = [error, top].map(looseOf);
  const inner = parts.map(({ innererror }) => looseOf(innererror).code);
  const retryAfterMs = readDelay(parts);
  return {
    message: readWords(value) ?? "no reason is given",
    codes: [...parts.flatMap(({ code, type, status }) => [code, type, status]), ...inner],
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** Reads what a body says in words, if anything, whether or not it is an error. */
export function readWords(body: unknown): string | undefined {
  return findWords(typeof body === "string" ? parse(body) : body);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

// Objects of other names are looked into one deep.
function findWords(value: unknown, isOuter = true): string | undefined {
  if (typeof value === "string") return plainText(value);
  if (Array.isArray(value)) {
    const all = value.slice(0, 3).flatMap((one) => findWords(one) ?? []);
    return all.length === 0 ? undefined : all.join("; ");
  }
  if (typeof value !== "object" || value === null) return undefined;
  const found = value as Loose;
  for (const name of WORDED) {
    const words = findWords(found[name]);
    if (words !== undefined) return placeOf(found.loc) + words + behind(found);
  }
  const inner = Object.values(found).filter((one) => typeof one === "object");
  const words = inner.map((one) => (isOuter ? findWords(one, false) : undefined)).find(Boolean);
  return words ?? (typeof found.code === "string" && found.code !== "" ? found.code : undefined);
}

// OpenRouter keeps what the provider behind it said.
function behind({ metadata }: Loose): string {
  const words = readWords(looseOf(metadata).raw);
  return words === undefined ? "" : `: ${words}`;
}

// FastAPI names the field that a message is about.
function placeOf(loc: unknown): string {
  return Array.isArray(loc) && loc.length > 1 ? `${loc.slice(1).join(".")}: ` : "";
}

// Of a page its title, or else its words.
function plainText(text: string): string | undefined {
  const title = /<(title|h1)[^>]*>([^<]*)/i.exec(text)?.[2];
  const isPage = title !== undefined || /^\s*<(?:!doctype|html|head|body|\?xml)/i.test(text);
  const words = isPage ? title?.trim() || text.replace(/<[^>]*>/g, " ") : text;
  const line = words.replace(/\s+/g, " ").trim();
  return line === "" ? undefined : line;
}

// Google's RetryInfo: a number of seconds such as `1.5s`, among the details.
function readDelay(parts: readonly Loose[]): number | undefined {
  for (const { details } of parts) {
    for (const { retryDelay } of listOf(details).map(looseOf)) {
      const seconds = /^(\d+(?:\.\d+)?)s$/.exec(String(retryDelay))?.[1];
      if (seconds !== undefined) return Number(seconds) * 1000;
    }
  }
  return undefined;
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined ? [] : [value];
}

function looseOf(value: unknown): Loose {
  return typeof value === "object" && value !== null ? (value as Loose) : {};
}
