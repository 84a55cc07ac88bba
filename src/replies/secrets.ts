// Keys come from the environment, or from a `.env` file that it overrides, and go to providers only.
import { existsSync, readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { projectPath } from "../project";

/** Takes secrets out of a text. */
export type Redact = (text: string) => string;

/**
 * The environment, with what `.env` adds to it.
 *
 * @param path `.env` in the project's folder by default; a file that is not there adds nothing.
 */
export function readEnvironment(
  env: NodeJS.ProcessEnv = process.env,
  path = projectPath(".env"),
): NodeJS.ProcessEnv {
  if (!existsSync(path)) return env;
  return { ...parseEnv(readFileSync(path, "utf8")), ...env };
}

// Shorter values are words, such as "true" or "none", that a reply may well contain.
const SHORTEST_SECRET = 8;

/** Makes a function that replaces each of the values, in any text, by `[secret]`. */
export function createRedactor(values: readonly (string | undefined)[]): Redact {
  const secrets = values.filter((value) => value && value.length >= SHORTEST_SECRET) as string[];
  return (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, "[secret]"), text);
}

/** The values of the environment that are secrets by their name, as keys and tokens are. */
export function secretsOf(env: NodeJS.ProcessEnv): (string | undefined)[] {
  const names = Object.keys(env).filter((name) => /(_|^)(API_?KEY|TOKEN|SECRET)$/i.test(name));
  return names.map((name) => env[name]);
}
