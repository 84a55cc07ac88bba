// `--prompt FILE`: a template of one's own joins what this machine adds to the package's.
import { isDeepStrictEqual } from "node:util";
import { UserError } from "kit";
import { PROMPTS, readPrompts } from "../../src/asking/registries";
import { ownRegistry } from "../../src/own-registry";
import { note } from "./progress";
import { registerEntry } from "./register-system";

/**
 * Gives the identifier that `--prompt` names: of a file with one template, in the form of `data/prompts.json`, the template's,
 * which is added to `studies/local/prompts.json` where it is new, so that whatever was asked with it can be told later.
 *
 * @throws UserError if the file holds no template, or several, or one whose identifier another template has.
 */
export function keepPrompt(named: string): string {
  if (!named.endsWith(".json")) return named;
  const [prompt, ...others] = readPrompts(named);
  if (!prompt || others.length > 0) {
    throw new UserError(
      `${named}: holds ${others.length + (prompt ? 1 : 0)} prompts; --prompt takes one`,
    );
  }
  const known = readPrompts().find(({ id }) => id === prompt.id);
  if (known && !isDeepStrictEqual(known, prompt)) {
    throw new UserError(
      `${named}: another prompt is called '${prompt.id}'; give yours another 'id', also where only its words changed`,
    );
  }
  if (!known) {
    registerEntry(PROMPTS, prompt);
    note(`prompt '${prompt.id}' was added to ${ownRegistry(PROMPTS)}`);
  }
  return prompt.id;
}
