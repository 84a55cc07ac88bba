/** How an estimate and its limits are written. */
export interface IntervalFormat {
  /** 2 by default. */
  readonly decimals?: number;
  /** What numbers are multiplied by, such as 100 for points of share; 1 by default. */
  readonly times?: number;
  /** What stands after the estimate, such as ` points`. */
  readonly unit?: string;
}

/**
 * Writes an estimate with its interval.
 *
 * @example
 * formatInterval(-0.082, { lower: -0.096, upper: 0.01 }, { times: 100, decimals: 1 }); // => "−8.2 (−9.6 to 1.0)"
 */
export function formatInterval(
  estimate: number,
  { lower, upper }: { readonly lower: number; readonly upper: number },
  { decimals = 2, times = 1, unit = "" }: IntervalFormat = {},
): string {
  const show = (value: number) => (times * value).toFixed(decimals).replace("-", "−");
  return `${show(estimate)}${unit} (${show(lower)} to ${show(upper)})`;
}
