import { groupBy } from "../group-by";
import { type MeanWithInterval, meanWithInterval } from "../validity/mean-error";

/** One answer: which prompt it answers, and what was seen of it. */
export interface Answered {
  readonly prompt: string;
  readonly value: number;
}

/**
 * Gives the mean difference of two systems on the prompts that both answered, the first less the second.
 *
 * Several answers to one prompt count as their mean; prompts are independent. Cost: linear.
 *
 * @returns the mean with its 95 % interval (normal); `count` is the number of prompts.
 * @throws RangeError if fewer than two prompts are common.
 * @example
 * const one = [{ prompt: "a", value: 1 }, { prompt: "b", value: 1 }];
 * const other = [{ prompt: "a", value: 0 }, { prompt: "b", value: 1 }];
 * pairedDifference(one, other).mean; // => 0.5
 */
export function pairedDifference(
  one: readonly Answered[],
  other: readonly Answered[],
): MeanWithInterval {
  const others = meansByPrompt(other);
  const differences = [...meansByPrompt(one)].flatMap(([prompt, mean]) => {
    const against = others.get(prompt);
    return against === undefined ? [] : [mean - against];
  });
  return meanWithInterval(differences);
}

/**
 * Gives the mean over prompts; several answers to one prompt count as their mean.
 *
 * @throws RangeError if there are fewer than two prompts.
 * @example
 * const answers = [{ prompt: "a", value: 1 }, { prompt: "a", value: 0 }, { prompt: "b", value: 0 }];
 * meanOverPrompts(answers).mean; // => 0.25
 */
export function meanOverPrompts(answers: readonly Answered[]): MeanWithInterval {
  return meanWithInterval([...meansByPrompt(answers).values()]);
}

function meansByPrompt(answers: readonly Answered[]): Map<string, number> {
  const meanOf = (own: readonly Answered[]) =>
    own.reduce((sum, { value }) => sum + value, 0) / own.length;
  const byPrompt = groupBy(answers, ({ prompt }) => prompt);
  return new Map([...byPrompt].map(([prompt, own]) => [prompt, meanOf(own)]));
}
