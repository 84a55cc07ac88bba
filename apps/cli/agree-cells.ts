/** Writes a coefficient or a difference for a table; a dash where it is not defined. */
export function show(value: number | null): string {
  return value === null ? "–" : value.toFixed(3).replace("-", "−");
}
