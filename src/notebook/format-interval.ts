/**
 * Writes an estimate with its interval, both multiplied by `times`; `unit` stands after the estimate.
 *
 * @example
 * formatInterval(-0.082, { lower: -0.096, upper: 0.01 }, { times: 100, decimals: 1 }); // => "−8.2 (−9.6 to 1.0)"
 */
export function formatInterval(
  estimate: number,
  { lower, upper }: { readonly lower: number; readonly upper: number },
  { decimals = 2, times = 1, unit = "" } = {},
): string {
  const show = (value: number) => (times * value).toFixed(decimals).replace("-", "−");
  return `${show(estimate)}${unit} (${show(lower)} to ${show(upper)})`;
}
