/** The corners of a box: left, top, right, bottom. */
export type Box = readonly [number, number, number, number];

/**
 * The box around a path of straight lines, as plotly draws bars: `M`, `L`, `H`, `V` and `Z` with absolute places.
 *
 * @returns undefined where the path has other commands.
 */
export function boxOfPath(d: string): Box | undefined {
  if (!/^[MLHVZ\d\s,.e-]*$/.test(d)) return undefined;
  const [across, down]: [number[], number[]] = [[], []];
  for (const [, command, list] of d.matchAll(/([MLHV])([^MLHVZ]*)/g)) {
    const numbers = (list as string)
      .trim()
      .split(/[\s,]+/)
      .map(Number);
    numbers.forEach((value, at) => {
      const isDown = command === "V" || (command !== "H" && at % 2 === 1);
      (isDown ? down : across).push(value);
    });
  }
  if (across.length === 0 || down.length === 0) return undefined;
  return [Math.min(...across), Math.min(...down), Math.max(...across), Math.max(...down)];
}
