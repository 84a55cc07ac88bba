// Tokens before they are sent. For OpenAI's chat models the count is the provider's own: the encoding is
// public, and a chat adds 3 tokens a message and 3 for the reply's beginning (OpenAI's cookbook, "How to
// count tokens with tiktoken"). For other models it is an estimate, by the nearest encoding.
import type { RequestBody } from "./request";

/** Counts the tokens that a request sends. */
export interface TokenCounter {
  readonly count: (body: RequestBody) => number;
  /** Whether the model's own encoding is used. */
  readonly exact: boolean;
  /** The encoding's name: models of one encoding have the same counts. */
  readonly encoding: string;
}

const PER_MESSAGE = 3;
const PER_REPLY = 3;
// Models whose encoding is public; of later ones it can only be guessed.
const KNOWN_MODEL = /^(gpt-3\.5|gpt-4|gpt-4o|gpt-4\.1|chatgpt-4o|gpt-5|o[134])(-|$)/;
const OLDER_MODEL = /^gpt-(3\.5|4)(-|$)/;

/** Loads the encoding of a model; takes a tenth of a second and some 20 MB. */
export async function createTokenCounter(model: string): Promise<TokenCounter> {
  const isOlder = OLDER_MODEL.test(model);
  const { countTokens } = isOlder
    ? await import("gpt-tokenizer/encoding/cl100k_base")
    : await import("gpt-tokenizer/encoding/o200k_base");
  // What looks like a control token in a user's text is text.
  const tokens = (text: string) => countTokens(text, { disallowedSpecial: new Set() });
  const count = ({ messages, text = "" }: RequestBody) => {
    if (!messages) return tokens(text);
    const each = messages.map(({ role, content }) => PER_MESSAGE + tokens(role) + tokens(content));
    return each.reduce((sum, one) => sum + one, PER_REPLY);
  };
  const encoding = isOlder ? "cl100k_base" : "o200k_base";
  return { count, exact: KNOWN_MODEL.test(model), encoding };
}
