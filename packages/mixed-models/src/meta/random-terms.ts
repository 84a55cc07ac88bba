import { checkOptionNames, UserError } from "kit";
import type { Component } from "./components";
import { requireLength } from "./meta-problem";

/**
 * Random effects shared by the effects of one group: metafor's `~ 1 | group`, or, with `by`, its `~ by | group` with
 * `struct = "DIAG"`: a variance for each level of `by`, and random effects of different levels are independent.
 */
export interface RandomTerm {
  /** Names its variances, such as `collection`. */
  readonly name: string;
  /** k labels: effects with one label share a random effect. */
  readonly groups: readonly string[];
  /** k labels: each level has a variance of its own, and shares no random effects with other levels. */
  readonly by?: readonly string[];
}

/**
 * Lists the variances that random terms ask for, in order of the terms and of the levels' first rows.
 *
 * @param label names an effect in messages.
 * @throws UserError if a name is missing or repeated, or labels are missing or not as many as effects.
 */
export function toComponents(
  random: readonly RandomTerm[],
  size: number,
  label: (at: number) => string,
): Component[] {
  if (!Array.isArray(random)) {
    throw new UserError("random is missing; give a list of random terms, or [] for none");
  }
  for (const term of random) checkOptionNames(term, ["name", "groups", "by"]);
  const names = random.map(({ name }) => name);
  if (!names.every(Boolean) || new Set(names).size < names.length) {
    throw new UserError(
      `the random terms are named ${names.map((name) => `'${name}'`).join(", ")}; give each a name of its own`,
    );
  }
  return random.flatMap(({ name, groups, by }) => {
    requireLabels(groups, size, `groups of '${name}'`, label);
    if (!by) return [{ name, sets: setsOf(groups, [...groups.keys()]) }];
    requireLabels(by, size, `levels of '${name}'`, label);
    return [...new Set(by)].map((level) => ({
      name: `${name}: ${level}`,
      sets: setsOf(
        groups,
        [...groups.keys()].filter((row) => by[row] === level),
      ),
    }));
  });
}

/** Refuses labels that are missing, or not as many as effects. */
export function requireLabels(
  labels: readonly string[],
  size: number,
  what: string,
  label: (at: number) => string,
): void {
  requireLength(labels ?? [], size, what);
  const bad = [...labels].findIndex((one) => one === undefined || one === null || one === "");
  if (bad < 0) return;
  throw new UserError(
    `the ${what} have no label for ${label(bad)}; give one, or leave the effect out`,
  );
}

/** Sets of the rows that have one label, in order of their first rows. */
export function setsOf(labels: readonly string[], rows: readonly number[]): number[][] {
  const sets = new Map<string, number[]>();
  for (const row of rows) {
    const label = labels[row]!;
    const set = sets.get(label);
    if (set) set.push(row);
    else sets.set(label, [row]);
  }
  return [...sets.values()];
}
