import { didYouMean, largest, listNames, UserError } from "kit";
import { dot, sumOf } from "../numerics/vectors";
import { type ContrastWeights, readContrast } from "./contrast-formula";

/** Which contrasts of means: all pairs, each against one, or named weights. */
export type ContrastMethod =
  /** Earlier less later mean of each pair. */
  | "pairwise"
  /** Later less earlier mean of each pair, in emmeans' order. */
  | "revpairwise"
  /** The level, or for several variables their levels joined by spaces; `reverse` takes the others from it. */
  | { readonly reference: string | number; readonly reverse?: boolean }
  /** Later less earlier mean of each two neighbours. */
  | "consecutive"
  /** Linear, quadratic and so on over the means in their order, up to the sixth degree: emmeans' `poly`. */
  | "polynomial"
  /** Each as it is written, such as `llm - (human + ecs)/2`; see `readContrast`. */
  | { readonly formulas: readonly string[] }
  /** For each contrast a weight for every mean, in the means' order; they sum to zero. */
  | { readonly custom: Readonly<Record<string, readonly number[]>> };

/** Whether a method compares all pairs, in whichever direction. */
export function isPairwise(method: ContrastMethod): boolean {
  return method === "pairwise" || method === "revpairwise";
}

/**
 * Writes contrasts as weights of means.
 *
 * Pairs are the earlier mean minus the later: first minus second, first minus third, and so on; `revpairwise`
 * turns them round: second minus first, third minus first, third minus second, and so on.
 *
 * @param labels names of the means.
 * @throws UserError if there are fewer than two means, the reference is none of them, or custom weights
 *   are too many, too few, not finite, all zero, or do not sum to zero.
 *
 * @example
 * contrastWeights("pairwise", ["a", "b"]); // => [{ name: "a - b", weights: [1, -1] }]
 */
export function contrastWeights(
  method: ContrastMethod,
  labels: readonly string[],
): ContrastWeights[] {
  if (labels.length < 2) {
    throw new UserError(
      `a contrast needs two means at least; there is ${listNames(labels) || "none"}`,
    );
  }
  if (method === "pairwise") {
    return labels.flatMap((_, first) =>
      labels.slice(first + 1).map((_, next) => difference(labels, first, first + 1 + next)),
    );
  }
  if (method === "polynomial") return polynomials(labels.length);
  if (method === "consecutive") {
    return labels.slice(1).map((_, mean) => difference(labels, mean + 1, mean));
  }
  if (method === "revpairwise") {
    return labels.flatMap((_, later) =>
      labels.slice(0, later).map((_, earlier) => difference(labels, later, earlier)),
    );
  }
  if (typeof method === "object" && "reference" in method) {
    const reference = findReference(String(method.reference), labels);
    const others = [...labels.keys()].filter((mean) => mean !== reference);
    return others.map((mean) =>
      method.reverse ? difference(labels, reference, mean) : difference(labels, mean, reference),
    );
  }
  if (typeof method === "object" && "formulas" in method) {
    if (method.formulas.length === 0) throw new UserError("formulas has no contrast; give one");
    return method.formulas.map((text) => {
      const { name, weights } = readContrast(text, labels);
      return checkWeights(name, weights, labels);
    });
  }
  if (typeof method === "object" && "custom" in method) {
    const custom = Object.entries(method.custom);
    if (custom.length === 0) throw new UserError("custom names no contrast; give one at least");
    return custom.map(([name, weights]) => checkWeights(name, weights, labels));
  }
  throw new UserError(
    `unknown method '${method}'; choose "pairwise", "revpairwise", "consecutive", "polynomial", { reference }, { formulas } or { custom }`,
  );
}

// Orthogonal polynomials over 1, 2, … (Gram and Schmidt), in the whole numbers that emmeans gives them.
function polynomials(count: number): ContrastWeights[] {
  const basis: number[][] = [];
  for (let degree = 0; degree <= Math.min(6, count - 1); degree++) {
    let column = Array.from({ length: count }, (_, mean) => (mean - (count - 1) / 2) ** degree);
    for (const other of [...basis, ...basis]) {
      const share = dot(column, other) / dot(other, other);
      column = column.map((value, mean) => value - share * other[mean]!);
    }
    basis.push(column);
  }
  return basis.slice(1).map((column, place) => ({
    name: DEGREES[place] ?? `degree ${place + 1}`,
    weights: toWhole(column),
  }));
}

const DEGREES = ["linear", "quadratic", "cubic", "quartic"];

// Divided by the least positive weight, and again by what is left over, until all are nearly whole.
function toWhole(column: readonly number[]): number[] {
  const length = Math.sqrt(dot(column, column));
  const unit = column.map((value) => value / length);
  const least = Math.min(...unit.filter((value) => value > 0.01));
  let weights = unit.map((value) => value / least);
  const offWhole = () => largest(weights.map((value) => Math.abs(value - Math.round(value))));
  for (let rest = offWhole(); rest > 0.05; rest = offWhole()) {
    weights = weights.map((value) => value / rest);
  }
  return weights.map((value) => Math.round(value) + 0);
}

function difference(labels: readonly string[], plus: number, minus: number): ContrastWeights {
  const weights = labels.map((_, mean) => (mean === plus ? 1 : mean === minus ? -1 : 0));
  return { name: `${labels[plus]} - ${labels[minus]}`, weights };
}

function findReference(reference: string, labels: readonly string[]): number {
  const place = labels.indexOf(reference);
  if (place >= 0) return place;
  const advice = didYouMean(reference, labels) || `; the means are: ${listNames(labels)}`;
  throw new UserError(`the reference '${reference}' is not one of the means${advice}`);
}

function checkWeights(
  name: string,
  weights: readonly number[],
  labels: readonly string[],
): ContrastWeights {
  const refuse = (fault: string) => {
    throw new UserError(`the contrast '${name}' ${fault}`);
  };
  if (weights.length !== labels.length) {
    refuse(`has ${weights.length} weights for ${labels.length} means (${listNames(labels)})`);
  }
  if (!weights.every(Number.isFinite)) refuse("has a weight that is not a finite number");
  const most = largest(weights.map(Math.abs));
  if (most === 0) refuse("has weights that are all zero");
  const sum = sumOf(weights);
  if (Math.abs(sum) > 1e-10 * most) {
    refuse(`has weights that sum to ${Number(sum.toPrecision(6))}; they should sum to zero`);
  }
  return { name, weights };
}
