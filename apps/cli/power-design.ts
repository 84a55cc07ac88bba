import { UserError } from "kit";
import type { Setting } from "./power-settings";

/** A study without data, by its factors. */
interface FactorDesign {
  /** Numbers of levels of the groups, which are crossed with each other. */
  readonly groups: Readonly<Record<string, number>>;
  /** Factors or numbers of which every group has all values. */
  readonly within: readonly Setting[];
  /** Those of which each level of the first group has one. */
  readonly between: readonly Setting[];
  /** Rows of each combination. */
  readonly repeats: number;
}

type DesignRow = Readonly<Record<string, string | number>>;

/**
 * Lays a design out as rows: each combination of groups' levels and values within them, with the values between given to the first
 * group's levels in turn.
 *
 * @throws UserError if there is no group, or a name stands twice.
 */
export function designRows({ groups, within, between, repeats }: FactorDesign): DesignRow[] {
  const [first] = Object.keys(groups);
  if (first === undefined) {
    throw new UserError("without --data, say how many groups there are: --groups subject=40");
  }
  const names = [...Object.keys(groups), ...within, ...between].map((one) =>
    typeof one === "string" ? one : one.name,
  );
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) {
    throw new UserError(`'${twice}' is named in two of --groups, --within, --between; keep one`);
  }
  let rows: DesignRow[] = [{}];
  for (const [name, size] of Object.entries(groups)) {
    const levels = Array.from({ length: size }, (_, at) => ({
      [name]: `${name} ${at + 1}`,
      ...(name === first ? valuesInTurn(between, at) : {}),
    }));
    rows = rows.flatMap((row) => levels.map((level) => ({ ...row, ...level })));
  }
  for (const { name, values } of within) {
    const cells = toCells(values);
    rows = rows.flatMap((row) => cells.map((cell) => ({ ...row, [name]: cell })));
  }
  return rows.flatMap((row) => Array<DesignRow>(repeats).fill(row));
}

// Every combination of the factors' values, one level after the other.
function valuesInTurn(between: readonly Setting[], at: number): DesignRow {
  let left = at;
  const row: Record<string, string | number> = {};
  for (const { name, values } of between) {
    row[name] = toCells(values)[left % values.length] ?? "";
    left = Math.floor(left / values.length);
  }
  return row;
}

// Numbers where all are.
function toCells(values: readonly string[]): readonly (string | number)[] {
  const numbers = values.map(Number);
  return numbers.every(Number.isFinite) ? numbers : values;
}
