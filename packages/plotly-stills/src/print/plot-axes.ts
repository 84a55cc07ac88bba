// What a layout says of its axes, read as plotly reads it.
import type { PlotlyLayout, PlotlyTrace } from "../figure";
import { SMALLEST_TEXT_PX } from "./print-size";

/** An axis of a layout; its fields are plotly's own. */
export interface PlotAxis {
  readonly domain?: readonly [number, number];
  readonly anchor?: string;
  readonly overlaying?: string;
  readonly visible?: boolean;
  readonly title?: string | { readonly text?: string; readonly [field: string]: unknown };
  readonly type?: string;
  readonly range?: readonly [number, number];
  readonly tickvals?: readonly unknown[];
  readonly ticktext?: readonly string[];
  readonly categoryarray?: readonly string[];
  readonly [field: string]: unknown;
}

/** An axis by its name in a layout: `xaxis`, `yaxis2`. */
export interface NamedAxis {
  readonly key: string;
  readonly axis: PlotAxis;
  /** The part of the plot that it spans. */
  readonly domain: readonly [number, number];
}

/** The axes of a layout in one direction; the one that plotly makes where none is named. */
export function axesOf(layout: PlotlyLayout, direction: "x" | "y"): NamedAxis[] {
  const keys = Object.keys(layout).filter((key) => new RegExp(`^${direction}axis\\d*$`).test(key));
  const named = keys.length > 0 ? keys : [`${direction}axis`];
  return named.map((key) => {
    const axis = (layout[key] ?? {}) as PlotAxis;
    return { key, axis, domain: axis.domain ?? [0, 1] };
  });
}

/** The names along an axis, in its order; empty where it counts. */
export function namesAlong({ key, axis }: NamedAxis, traces: readonly PlotlyTrace[]): string[] {
  if (axis.visible === false) return [];
  if (axis.ticktext) return [...axis.ticktext];
  if (axis.categoryarray) return [...axis.categoryarray];
  const direction = key[0] as "x" | "y";
  const short = key.replace("axis", "");
  const values = traces
    .filter((trace) => (trace[`${direction}axis`] ?? direction) === short)
    .flatMap((trace) => (Array.isArray(trace[direction]) ? (trace[direction] as unknown[]) : []));
  const texts = values.filter((value): value is string => typeof value === "string");
  return texts.some((text) => Number.isNaN(Number(text))) ? [...new Set(texts)] : [];
}

/** An axis that shows its names in other words, in the same places. */
export function renamed(axis: PlotAxis, names: readonly string[], shown: readonly string[]) {
  return { ...axis, tickmode: "array", tickvals: axis.tickvals ?? names, ticktext: shown };
}

/** The text of an axis's title; empty where it has none. */
export function titleText({ title }: PlotAxis): string {
  return (typeof title === "string" ? title : title?.text) ?? "";
}

/** The other fields of an axis's title; plotly's own size for it is larger than its labels. */
export function titleFields({ title }: PlotAxis): object {
  return { ...(typeof title === "object" ? title : {}), font: { size: SMALLEST_TEXT_PX } };
}
