// The lengths of plots that stand one above or beside another, and where a place of the page moves when they change.

/** A part of the page, as plotly's `domain` has it, and the length that it is to have in pixels. */
interface Stacked {
  readonly domain: readonly [number, number];
  readonly length: number;
}

/** The new length of all, and where a fraction of the old length lies in it. */
export interface Restacked {
  readonly length: number;
  moved(fraction: number): number;
}

/**
 * Gives each part its new length; what lies between parts keeps its own.
 *
 * @param before the length of all until now.
 */
export function restack(parts: readonly Stacked[], before: number): Restacked {
  const edges = [...new Set([0, 1, ...parts.flatMap(({ domain }) => domain)])].sort(
    (a, b) => a - b,
  );
  const ends = [0];
  for (let at = 1; at < edges.length; at++) {
    const [from, to] = [edges[at - 1] as number, edges[at] as number];
    ends.push((ends.at(-1) as number) + lengthBetween(from, to, parts, before));
  }
  const length = ends.at(-1) as number;
  const moved = (fraction: number) => {
    const found = edges.findIndex((edge) => edge >= fraction - 1e-12);
    // Outside the plots, distances are kept.
    if (found === -1) return 1 + ((fraction - 1) * before) / length;
    if (found === 0) return fraction < 0 ? (fraction * before) / length : 0;
    const [from, to] = [edges[found - 1] as number, edges[found] as number];
    const [low, high] = [ends[found - 1] as number, ends[found] as number];
    return (low + ((fraction - from) / (to - from)) * (high - low)) / length;
  };
  return { length, moved };
}

function lengthBetween(
  from: number,
  to: number,
  parts: readonly Stacked[],
  before: number,
): number {
  const lengths = parts
    .filter(({ domain: [low, high] }) => low <= from && high >= to)
    .map(({ domain: [low, high], length }) => (length * (to - from)) / (high - low));
  return lengths.length > 0 ? Math.max(...lengths) : (to - from) * before;
}
