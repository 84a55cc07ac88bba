import { type Answer, AttemptFailed, type Provider } from "./provider";
import type { RequestBody } from "./request";

/** Says what is wrong with an answer's form, or nothing where it is as it was asked for. */
export type AnswerCheck = (answer: Answer, body: RequestBody) => string | undefined;

/**
 * Holds a provider's answers to a form: one outside it fails as `malformed`, and is asked for again.
 *
 * Answers that are no replies, such as refusals, pass as they are.
 */
export function checkAnswers(inner: Provider, check: AnswerCheck): Provider {
  return {
    async ask(body: RequestBody, signal: AbortSignal): Promise<Answer> {
      const answer = await inner.ask(body, signal);
      const wrong = answer.status === "ok" ? check(answer, body) : undefined;
      if (wrong === undefined) return answer;
      const { text } = answer;
      throw new AttemptFailed("malformed", wrong, {
        maybeCharged: true,
        ...(text === undefined ? {} : { said: text }),
      });
    },
  };
}
