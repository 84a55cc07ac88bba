import type { PromptTemplate } from "ask-models";
import { countNoun } from "kit";
import type { StimulusSource } from "../../src/asking/stimuli";

/**
 * Says where stimuli are asked with an instruction in another language than theirs.
 *
 * Languages that differ by region only, such as `de` and `de-AT`, are one. What names no language, as a stimulus or as a
 * prompt, is passed over. Reads every stimulus.
 *
 * @param known the prompts that could be named in their place.
 * @returns one line for each prompt and language that do not go together, in the order in which they were met.
 */
export async function findOtherLanguages(
  source: StimulusSource,
  prompts: readonly PromptTemplate[],
  known: readonly PromptTemplate[],
): Promise<string[]> {
  const counts = new Map<string, number>();
  for await (const { language } of source.open()) {
    if (language === undefined) continue;
    const plain = plainLanguage(language);
    counts.set(plain, (counts.get(plain) ?? 0) + 1);
  }
  const named = new Map(prompts.map((prompt) => [prompt.id, prompt]));
  return [...named.values()].flatMap((prompt) =>
    [...counts].flatMap(([language, count]) => {
      if (prompt.language === undefined || plainLanguage(prompt.language) === language) return [];
      return [describe(prompt, language, count, known)];
    }),
  );
}

function describe(
  { id, language: own }: PromptTemplate,
  language: string,
  count: number,
  known: readonly PromptTemplate[],
): string {
  const other = known.find(
    (prompt) => prompt.language && plainLanguage(prompt.language) === language,
  );
  const remedy = other
    ? `name the prompt '${other.id}'`
    : `add a prompt in '${language}' to data/prompts.json`;
  return `the language of ${countNoun(count, "stimulus", "stimuli")} is '${language}', that of the prompt '${id}' is '${own}'; ${remedy}, unless you mean it so`;
}

function plainLanguage(tag: string): string {
  return tag.toLowerCase().replace(/-.*$/s, "");
}
