import { didYouMean, UserError } from "kit";
import type { ContrastMethod } from "mixed-models";

const NAMED = ["pairwise", "revpairwise", "consecutive", "polynomial"] as const;
const METHODS = [...NAMED, "reference=LEVEL"];

/**
 * Reads which contrasts are asked for: a kind by its name, or some as they are written, with semicolons between them, such as
 * `llm - human; llm - (human + ecs)/2`. Their labels are known once there are means.
 *
 * @throws UserError for a word that is no kind.
 */
export function readMethod(text: string, option = "--contrasts"): ContrastMethod {
  const named = readNamed(text);
  if (named) return named;
  if (text === "treatment" || text === "sum") {
    throw new UserError(`--contrasts ${text}: how factors are coded is --coding ${text}`);
  }
  const nearest = didYouMean(text, METHODS);
  const formulas = text.split(";").filter((one) => one.trim() !== "");
  if (option === "--contrasts" && nearest === "" && formulas.some((one) => /[-+*/(]/.test(one))) {
    return { formulas };
  }
  const own = option === "--contrasts" ? ', or write one, such as "a - (b + c)/2"' : "";
  throw new UserError(`${option} ${text}: choose one of ${METHODS.join(", ")}${own}${nearest}`);
}

function readNamed(text: string): ContrastMethod | undefined {
  const found = NAMED.find((name) => name === text);
  if (found) return found;
  const level = /^reference=(.+)$/s.exec(text)?.[1];
  return level === undefined ? undefined : { reference: level };
}

/** Whether something is one kind of contrasts, rather than one for each variable. */
export function isMethod(
  value: ContrastMethod | Readonly<Record<string, ContrastMethod>>,
): value is ContrastMethod {
  return (
    typeof value === "string" || typeof (value as { reference?: unknown }).reference === "string"
  );
}

/**
 * Reads the contrasts of an interaction: one kind for all variables, or a list such as `family=revpairwise,sentiment=pairwise`; a
 * reference is `family=reference=human`.
 *
 * @throws UserError for an entry that is not a variable and a kind.
 */
export function readInteraction(
  text: string,
): ContrastMethod | Readonly<Record<string, ContrastMethod>> {
  const named = readNamed(text);
  if (named) return named;
  return Object.fromEntries(
    text.split(",").map((entry) => {
      const end = entry.indexOf("=");
      const [name, kind] = [entry.slice(0, end).trim(), entry.slice(end + 1).trim()];
      if (end > 0) return [name, readMethod(kind, `--interaction ${name}`)];
      throw new UserError(
        `--interaction ${text}: give one of ${METHODS.join(", ")} for all variables, or one for each, such as "a=pairwise,b=reference=LEVEL"`,
      );
    }),
  );
}
