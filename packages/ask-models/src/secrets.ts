// Keys come from the environment, or from a `.env` file that it overrides, and go to providers only.
import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";

/** Takes secrets out of a text. */
export type Redact = (text: string) => string;

/**
 * The environment, with what `.env` adds to it.
 *
 * @param path of the `.env` file; one that is not there adds nothing.
 */
export function readEnvironment(env: NodeJS.ProcessEnv, path: string): NodeJS.ProcessEnv {
  if (!existsSync(path)) return env;
  return { ...parseEnv(readFileSync(path, "utf8")), ...env };
}

// Shorter values are words, such as "true" or "none", that a reply may well contain.
const SHORTEST_SECRET = 8;

/**
 * Makes a function that replaces each of the values, in any text, by `[secret]`.
 *
 * A value is found in every form in which a server may say it back: with other white space within or
 * around it, in parts that white space divides, percent-encoded, JSON-escaped, and as base64, of itself or as a part of more.
 *
 * @example
 * createRedactor([" sk-12345678\n"])("no such key: sk-12345678"); // => "no such key: [secret]"
 */
export function createRedactor(values: readonly (string | undefined)[]): Redact {
  const forms = new Set(values.flatMap((value) => (value ? formsOf(value) : [])));
  if (forms.size === 0) return (text) => text;
  // The longest first: of two forms the one that holds the other is taken out whole.
  const longestFirst = [...forms].sort((one, other) => other.length - one.length);
  const pattern = new RegExp(longestFirst.map(toPattern).join("|"), "g");
  return (text) => text.replace(pattern, "[secret]");
}

/** Takes secrets out of every text and every name within a value, however deep. */
export function redactDeep<T>(value: T, redact: Redact): T {
  const clean = (part: unknown): unknown => {
    if (typeof part === "string") return redact(part);
    if (Array.isArray(part)) return part.map(clean);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(
      Object.entries(part).map(([name, entry]) => [redact(name), clean(entry)]),
    );
  };
  return clean(value) as T;
}

function formsOf(value: string): string[] {
  const trimmed = value.trim();
  const parts = trimmed.split(/\s+/);
  const plain = [value, trimmed, ...parts].filter((form) => form.trim().length >= SHORTEST_SECRET);
  return plain.flatMap((form) => {
    const encoded = encodeURIComponent(Buffer.from(form).toString());
    const lowerHex = encoded.replace(/%../g, (code) => code.toLowerCase());
    const escaped = JSON.stringify(form).slice(1, -1);
    const escapes = [escaped, escaped.replaceAll("/", "\\/")];
    return [form, encoded, lowerHex, ...escapes, ...base64Of(form)];
  });
}

// Base64 of a text that holds the value, such as `user:value`, depends on where among three bytes it begins;
// the digits at either end that other bytes decide are left out.
function base64Of(value: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
    const digits = bytes.toString("base64").replace(/=+$/, "");
    const own = digits.slice(
      Math.ceil((before * 8) / 6),
      bytes.length % 3 === 0 ? undefined : digits.length - 1,
    );
    return [own, own.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

function toPattern(form: string): string {
  const characters = [...form].filter((character) => character.trim() !== "");
  return characters.map((one) => one.replace(/[\\^$.*+?()[\]{}|/-]/, "\\$&")).join("\\s*");
}

/** The values of the environment that are secrets by their name, as keys and tokens are. */
export function secretsOf(env: NodeJS.ProcessEnv): (string | undefined)[] {
  const names = Object.keys(env).filter((name) => /(_|^)(API_?KEY|TOKEN|SECRET)$/i.test(name));
  return names.map((name) => env[name]);
}
