/** How a factor is coded: against its first level, or with coefficients that sum to zero. */
export type Contrast = "treatment" | "sum";

/** A contrast, or `"full"`: an indicator column for each level. */
export type Coding = Contrast | "full";

/** The names of a coding's columns, as R appends them to the factor's name. */
export function codingNames(coding: Coding, levels: readonly string[]): string[] {
  if (coding === "full") return [...levels];
  if (coding === "treatment") return levels.slice(1);
  return levels.slice(1).map((_, column) => String(column + 1));
}

/**
 * One column of a coding: its value for each level, as R's `contr.treatment` and `contr.sum`.
 *
 * @returns as many numbers as there are levels.
 */
export function codingColumn(coding: Coding, levels: number, column: number): Float64Array {
  const values = new Float64Array(levels);
  values[coding === "treatment" ? column + 1 : column] = 1;
  if (coding === "sum") values[levels - 1] = -1;
  return values;
}
