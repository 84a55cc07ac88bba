/**
 * Writes a number as R does: at most 15 significant digits, in whichever notation is shorter.
 *
 * @example
 * formatNumber(100000); // => "1e+05"
 */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? "NaN" : value > 0 ? "Inf" : "-Inf";
  }
  const rounded = Number(value.toPrecision(15));
  const [mantissa, power] = rounded.toExponential().split("e") as [string, string];
  const exponent = Number(power);
  const decimals = Math.max(0, mantissa.replace(/[-.]/g, "").length - 1 - exponent);
  const fixed = rounded.toFixed(Math.min(decimals, 100));
  const digits = String(Math.abs(exponent)).padStart(2, "0");
  const scientific = `${mantissa}e${exponent < 0 ? "-" : "+"}${digits}`;
  return decimals <= 100 && fixed.length <= scientific.length ? fixed : scientific;
}
