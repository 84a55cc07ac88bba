// What several figures draw alike: intervals, lines of no effect, bands of what is too small to matter, a legend, panels.
import { TEXT_COLOR } from "./theme";

/** A value with its lower and upper limit. */
export type Interval = readonly [value: number, lower: number, upper: number];

/** How intervals look; thickness and width of the caps in pixels. */
export interface ErrorBarLook {
  readonly color: string;
  readonly thickness: number;
  readonly width: number;
}

/** Intervals as plotly's `error_x` or `error_y`, each as long on both sides as its limits say. */
export function errorBars(intervals: readonly Interval[], look: ErrorBarLook) {
  return {
    type: "data",
    symmetric: false,
    array: intervals.map(([value, , upper]) => upper - value),
    arrayminus: intervals.map(([value, lower]) => value - lower),
    ...look,
  };
}

/** Where a shape lies, in plotly's terms. */
export interface ShapePlace {
  readonly xref?: string;
  readonly yref?: string;
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

/** The dotted line of a value that means no effect. */
export function referenceLine(place: ShapePlace) {
  return { type: "line", ...place, line: { color: TEXT_COLOR, width: 1, dash: "dot" } };
}

/** A band behind what is drawn: grey where values are too small to matter, by default. */
export function bandBehind(place: ShapePlace, fillcolor = "#e6e6e6") {
  return { type: "rect", layer: "below", ...place, fillcolor, line: { width: 0 } };
}

/** A legend in one line above the plots. */
export const LEGEND_ABOVE = {
  orientation: "h",
  x: 0,
  xanchor: "left",
  y: 1,
  yanchor: "bottom",
} as const;

/** What plotly writes behind `x`, `y`, `xaxis` and `yaxis` for a panel: nothing for the first, then numbers from 2. */
export function axisSuffix(panel: number): string {
  return panel === 0 ? "" : String(panel + 1);
}
