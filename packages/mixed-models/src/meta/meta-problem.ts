import { UserError } from "kit";
import { factorise } from "../numerics/cholesky";
import { refuseMemory } from "../numerics/memory";
import { type Component, connectedSets, numbersOf, setsOfAll } from "./components";
import type { MetaData } from "./meta-data";
import { type OrthonormalBasis, orthonormalBasis } from "./orthonormal-basis";

/** Effects with what is known of their errors and what is to be estimated, as the mathematics works on them. */
export interface EffectsProblem {
  /** k effects, divided by `unit`. */
  readonly y: Float64Array;
  /** k x k sampling covariance, divided by `unit` squared; row-major. */
  readonly v: Float64Array;
  /** The variances to estimate. */
  readonly components: readonly Component[];
  /** The sets of all components beside each other, and the component that each belongs to, by number. */
  readonly sets: readonly (readonly number[])[];
  readonly componentOf: Int32Array;
  /** Sets of effects that are correlated; those of different sets are not. */
  readonly blocks: readonly (readonly number[])[];
  /** The design, with p columns. */
  readonly basis: OrthonormalBasis;
  readonly names: readonly string[];
  /** Root of the mean sampling variance: the unit in which the search works. */
  readonly unit: number;
}

/** The problem of effects in groups, each with a variance of its own. */
export interface MetaProblem extends EffectsProblem {
  /** Number of each effect's group, from 0. */
  readonly groupOf: Int32Array;
  readonly groups: readonly string[];
}

/** Checks data and brings them into the form that the mathematics works on. */
export function toProblem(data: MetaData): MetaProblem {
  const known = toKnown(data);
  const size = known.y.length;
  const groupLabels = data.groups ?? data.effects.map(() => "all");
  requireLength(groupLabels, size, "groups");
  const groups = [...new Set(groupLabels)];
  const groupOf = Int32Array.from(groupLabels, (group) => groups.indexOf(group));
  const rows = [...groupOf.keys()];
  const components = groups.map((name, number) => ({
    name,
    sets: rows.filter((row) => groupOf[row] === number).map((row) => [row]),
  }));
  return { ...withComponents(known, components), groupOf, groups };
}

/** What of a problem does not depend on the variances to estimate. */
export type KnownPart = Omit<EffectsProblem, "components" | "sets" | "componentOf" | "blocks">;

/** A problem with its variances to estimate. */
export function withComponents(known: KnownPart, components: readonly Component[]): EffectsProblem {
  const coupled = { ...known, components };
  return {
    ...coupled,
    sets: setsOfAll(components),
    componentOf: numbersOf(components),
    blocks: connectedSets(coupled),
  };
}

/** Checks effects, their covariance and their design, and brings them to the unit that the mathematics works in. */
export function toKnown(data: Omit<MetaData, "groups">): KnownPart {
  const label = labeller(data);
  const size = data.effects.length;
  // The covariance, in two units, and what is made of it at each evaluation.
  refuseMemory(
    5 * size ** 2,
    `the covariances of ${size} effects`,
    "average the effects of each study first, or fit parts of them",
  );
  requireNumbers(data.effects, (effect) => `the effect of ${label(effect)}`);
  const v = toCovariance(data, label);
  const { names, basis } = toBasis(data, label);
  let trace = 0;
  for (let effect = 0; effect < size; effect++) trace += v[effect * size + effect]!;
  const unit = Math.sqrt(trace / size);
  return {
    y: Float64Array.from(data.effects, (effect) => effect / unit),
    v: v.map((value) => value / unit ** 2),
    basis,
    names,
    unit,
  };
}

/** How messages name an effect, by its number from 0. */
export function labeller({
  effects,
  labels,
}: Pick<MetaData, "effects" | "labels">): (effect: number) => string {
  if (labels) requireLength(labels, effects.length, "labels");
  return (effect) =>
    labels ? `effect ${effect + 1} ('${labels[effect]}')` : `effect ${effect + 1}`;
}

/** Refuses a list that has not one entry for each effect. */
export function requireLength(list: readonly unknown[], size: number, what: string): void {
  if (list.length === size) return;
  throw new UserError(
    `there are ${size} effects and ${list.length} ${what}; give one for each effect`,
  );
}

function requireNumbers(list: readonly number[], name: (place: number) => string): void {
  const bad = list.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  throw new UserError(`${name(bad)} is ${list[bad]}; give a finite number or leave the effect out`);
}

function toCovariance(
  { covariance, effects }: Pick<MetaData, "covariance" | "effects">,
  label: (effect: number) => string,
) {
  const size = effects.length;
  const v = new Float64Array(size * size);
  if (isMatrix(covariance)) fillMatrix(v, covariance, size);
  else {
    requireLength(covariance, size, "variances");
    for (const [effect, variance] of covariance.entries()) v[effect * size + effect] = variance;
  }
  for (let effect = 0; effect < size; effect++) {
    const variance = v[effect * size + effect]!;
    if (variance > 0 && variance < Number.POSITIVE_INFINITY) continue;
    throw new UserError(
      `the variance of ${label(effect)} is ${variance}; give a positive number (a squared standard error)`,
    );
  }
  const failed = factorise(toCorrelations(v, size), size);
  if (failed >= 0) {
    throw new UserError(
      `the covariance matrix is not positive definite: given those before it, ${label(failed)} has no variance of its own left; check its covariances, or leave the effect out if it repeats others`,
    );
  }
  return v;
}

// What is left of a variance of 1 by rounding alone, about 1e-16 a row, counts as nothing.
function toCorrelations(v: Float64Array, size: number): Float64Array {
  const slack = 1e-13;
  return v.map((value, cell) => {
    const [row, column] = [Math.floor(cell / size), cell % size];
    if (row === column) return 1 - slack;
    return value / Math.sqrt(v[row * size + row]! * v[column * size + column]!);
  });
}

/** Whether a sampling covariance is a whole matrix. */
export function isMatrix(
  covariance: MetaData["covariance"],
): covariance is readonly (readonly number[])[] {
  return Array.isArray(covariance[0]);
}

/** The sampling variances of the effects, in their squared unit. */
export function variancesOf({ covariance }: Pick<MetaData, "covariance">): number[] {
  return isMatrix(covariance) ? covariance.map((row, effect) => row[effect]!) : [...covariance];
}

function fillMatrix(v: Float64Array, matrix: readonly (readonly number[])[], size: number): void {
  if (matrix.length !== size || matrix.some((row) => row.length !== size)) {
    const width = matrix.find((row) => row.length !== matrix.length)?.length ?? matrix.length;
    throw new UserError(
      `the covariance matrix is ${matrix.length} x ${width} for ${size} effects; it should be ${size} x ${size}`,
    );
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const [value, mirrored] = [matrix[i]![j]!, matrix[j]![i]!];
      const scale = Math.sqrt(Math.abs(matrix[i]![i]! * matrix[j]![j]!));
      if (!Number.isFinite(value) || Math.abs(value - mirrored) > 1e-8 * scale) {
        throw new UserError(
          `the covariance matrix has ${value} in row ${i + 1}, column ${j + 1} and ${mirrored} in row ${j + 1}, column ${i + 1}; both should be one finite number`,
        );
      }
      v[i * size + j] = (value + mirrored) / 2;
    }
  }
}

function toBasis(
  { effects, moderators }: Omit<MetaData, "groups">,
  label: (effect: number) => string,
) {
  const names = moderators?.names ?? ["intercept"];
  const rows = moderators?.rows ?? effects.map(() => [1]);
  requireLength(rows, effects.length, "rows of moderators");
  const width = names.length;
  for (const [effect, row] of rows.entries()) {
    if (row.length !== width) {
      throw new UserError(
        `the moderators of ${label(effect)} are ${row.length} numbers for ${width} names; give one for each name`,
      );
    }
    requireNumbers(row, (column) => `moderator '${names[column]}' of ${label(effect)}`);
  }
  if (width === 0) throw new UserError("the moderators have no column; leave them out or name one");
  if (effects.length <= width) {
    throw new UserError(
      `${effects.length} effect${effects.length > 1 ? "s" : ""} cannot carry ${width} coefficient${width > 1 ? "s" : ""} and a measure of their spread; give at least ${width + 1}, or fewer moderators`,
    );
  }
  const basis = orthonormalBasis(rows);
  if (typeof basis === "number") {
    throw new UserError(
      `moderator '${names[basis]}' is a combination of those before it (or zero throughout); leave it out`,
    );
  }
  return { names, basis };
}
