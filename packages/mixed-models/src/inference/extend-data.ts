// Other numbers of levels of a group, and of rows within its levels, from the rows at hand: what simr's extend(along =) and
// extend(within =) do. Levels and rows are taken in turn, so that a whole multiple keeps every proportion.
import { UserError } from "kit";
import { rowsOfLevels, takeDataRows } from "../objective/data-rows";
import type { ModelData, RandomGroup } from "../objective/model-data";
import { refuseUnknown } from "./choose-parameters";

/** Sizes in place of those of the data; what is not given is as it was. */
export interface SampleSizes {
  /** Number of levels of a group; beyond those there are, levels are copied in turn, with the rows that they have. */
  readonly groups?: Readonly<Record<string, number>>;
  /** Number of rows of each level of a group; beyond those there are, its rows are copied in turn. */
  readonly within?: Readonly<Record<string, number>>;
}

/**
 * Changes the numbers of levels and rows of a model's data.
 *
 * Groups that are nested in one whose levels are copied get new levels in the copies; crossed ones keep theirs.
 *
 * @throws UserError for a group that the model does not have, or a size that is not a whole number from 1 (of levels, from 2).
 */
export function extendData(data: ModelData, { groups = {}, within = {} }: SampleSizes): ModelData {
  let extended = data;
  for (const [name, size] of Object.entries(groups)) {
    extended = extendAlong(extended, groupAt(extended, name, "groups"), checkSize(name, size, 2));
  }
  for (const [name, size] of Object.entries(within)) {
    extended = extendWithin(extended, groupAt(extended, name, "within"), checkSize(name, size, 1));
  }
  return extended;
}

function groupAt({ groups }: ModelData, name: string, option: string): RandomGroup {
  const found = groups.find((group) => group.name === name);
  if (found) return found;
  const names = groups.map((group) => group.name);
  return refuseUnknown(option, name, "group", names);
}

function checkSize(name: string, size: number, least: number): number {
  if (Number.isInteger(size) && size >= least) return size;
  throw new UserError(`the size of '${name}' is ${size}; give a whole number from ${least}`);
}

/** Some rows, in order, each of a copy of the data: 0 for the data themselves. */
interface Taken {
  readonly rows: Int32Array;
  readonly copies: Int32Array;
}

function extendAlong(data: ModelData, along: RandomGroup, size: number): ModelData {
  const byLevel = rowsOfLevels(along);
  const [rows, copies]: [number[], number[]] = [[], []];
  for (let level = 0; level < size; level++) {
    for (const row of byLevel[level % along.levels]!) {
      rows.push(row);
      copies.push(Math.floor(level / along.levels));
    }
  }
  const taken = { rows: Int32Array.from(rows), copies: Int32Array.from(copies) };
  return takeData(data, taken, (group) => isNested(group, along));
}

function extendWithin(data: ModelData, group: RandomGroup, size: number): ModelData {
  const rows = rowsOfLevels(group).flatMap((level) =>
    Array.from({ length: size }, (_, at) => level[at % level.length]!),
  );
  const taken = { rows: Int32Array.from(rows), copies: new Int32Array(rows.length) };
  return takeData(data, taken, () => false);
}

/** Whether each level of a group lies within one level of another. */
function isNested(group: RandomGroup, other: RandomGroup): boolean {
  const home = new Int32Array(group.levels).fill(-1);
  return group.index.every((level, row) => {
    if (home[level] === -1) home[level] = other.index[row]!;
    return home[level] === other.index[row];
  });
}

function takeData(
  data: ModelData,
  { rows, copies }: Taken,
  isCopied: (group: RandomGroup) => boolean,
): ModelData {
  const taken = takeDataRows(data, rows);
  return {
    ...taken,
    groups: taken.groups.map((group, which) => {
      const copied = isCopied(data.groups[which]!);
      const levels = new Map<number, number>();
      const index = group.index.map((before, row) => {
        const level = before + (copied ? copies[row]! * group.levels : 0);
        if (!levels.has(level)) levels.set(level, levels.size);
        return levels.get(level)!;
      });
      return { ...group, levels: levels.size, index };
    }),
  };
}
