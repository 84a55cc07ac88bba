/**
 * Denominator degrees of freedom of the mean of several squared t statistics (Fai and Cornelius 1996,
 * doi.org/10.1080/00949659608811740): an F variable with these has the mean of the sum of squares of independent t variables.
 * Where one has 2 or fewer there is no mean; the fewest, at most 2, are taken, as lmerTest does.
 *
 * @param parts degrees of freedom of each t statistic.
 *
 * @example
 * denominatorDfOf([4, 12]).toFixed(4); // => "5.3333"
 */
export function denominatorDfOf(parts: readonly number[]): number {
  const first = parts[0]!;
  if (parts.every((df) => df === first || Math.abs(df - first) < 1e-8)) return first;
  if (parts.some((df) => df <= 2)) return Math.min(2, ...parts);
  const mean = parts.reduce((sum, df) => sum + df / (df - 2), 0);
  return (2 * mean) / (mean - parts.length);
}
