import { UserError } from "kit";
import { shorten } from "./classify-failure";
import { EndpointProvider } from "./endpoint-provider";
import { type Answer, AttemptFailed, type Provider } from "./provider";
import type { ProviderName, RequestBody } from "./request";
import { createRedactor, type Redact, redactDeep, secretsOf } from "./secrets";

/** How a provider is reached. */
export interface Connection {
  readonly provider: ProviderName;
  /** A server of one's own, or a dedicated endpoint. */
  readonly baseUrl?: string;
  readonly env: NodeJS.ProcessEnv;
  /** The variable that holds the key; the provider's usual one by default. */
  readonly keyVariable?: string;
}

// Servers that want no key still get a header, since OpenAI's client insists on a key.
const NO_KEY = "none";
const KEY_IN_ADDRESS =
  "the server's address holds a key, and would be shown and recorded; take it out: keys go into the environment";

/**
 * Makes the client of a provider, whose package is loaded only here; what it says never contains a key.
 *
 * @throws UserError naming the variable that is missing.
 */
export function connect(connection: Connection): Provider {
  const { provider, baseUrl } = connection;
  if ((provider === "openai-compatible" || provider === "endpoint") && !baseUrl) {
    throw new UserError("this system is asked at a server of your own; name it with --base-url");
  }
  // A key that some other service gave is never sent to an address of the user's own unasked.
  const isUnasked = provider === "endpoint" && connection.keyVariable === undefined;
  const apiKey = isUnasked ? NO_KEY : findKey(connection);
  const redact = createRedactor([apiKey, ...secretsOf(connection.env)]);
  if (baseUrl !== undefined && redact(baseUrl) !== baseUrl) throw new UserError(KEY_IN_ADDRESS);
  if (provider === "endpoint") {
    const key = apiKey === NO_KEY ? undefined : apiKey;
    return withoutSecrets(new EndpointProvider(baseUrl as string, key), redact);
  }
  if (provider === "huggingface") {
    const { HuggingFaceProvider } =
      require("./huggingface-provider") as typeof import("./huggingface-provider");
    return withoutSecrets(new HuggingFaceProvider({ apiKey, baseUrl }), redact);
  }
  const { OPENAI_URL, OpenAiProvider } =
    require("./openai-provider") as typeof import("./openai-provider");
  return withoutSecrets(new OpenAiProvider({ apiKey, baseUrl: baseUrl ?? OPENAI_URL }), redact);
}

/**
 * Finds the key of a provider in the environment.
 *
 * @throws UserError naming the variable, if the provider wants a key and there is none.
 */
export function findKey({ provider, env, baseUrl, keyVariable }: Connection): string {
  const variable = keyVariable ?? (provider === "huggingface" ? "HF_TOKEN" : "OPENAI_API_KEY");
  const key = env[variable]?.trim();
  if (key && /[^\x21-\x7e]/.test(key)) {
    throw new UserError(
      `${variable} holds white space or a character that no key has; put the key alone there`,
    );
  }
  if (key) return key;
  if (baseUrl !== undefined && keyVariable === undefined) return NO_KEY;
  throw new UserError(
    `${variable} is not set; put the key there, or in .env (see .env.example), and run again`,
  );
}

/** Wraps a provider so that no key reaches an answer or an error, should a server send one back. */
function withoutSecrets(inner: Provider, redact: Redact): Provider {
  return {
    async ask(body: RequestBody, signal: AbortSignal): Promise<Answer> {
      try {
        const { reason, ...answer } = redactDeep(await inner.ask(body, signal), redact);
        return reason === undefined ? answer : { ...answer, reason: shorten(reason) };
      } catch (error) {
        if (!(error instanceof AttemptFailed)) throw error;
        const { kind, message, details } = error;
        throw new AttemptFailed(kind, shorten(redact(message)), details);
      }
    },
  };
}
