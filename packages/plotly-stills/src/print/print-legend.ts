import type { PlotlyLayout, PlotlyTrace } from "../figure";
import { SMALLEST_TEXT_PX as SIZE } from "./print-size";
import { widthOfText } from "./wrap-text";

// A symbol with what lies around it.
const KEY_PX = 50;
// The topmost label of an axis reaches above its plot.
const ABOVE_PX = 8;

/**
 * Lays a legend above the plots, where it takes no column's room; one that is wider than they are begins at the page's edge.
 *
 * @param left the margin at the plots' left.
 * @param plots the width and the height of all plots, in pixels.
 */
export function printLegend(
  layout: PlotlyLayout,
  data: readonly PlotlyTrace[],
  left: number,
  plots: { readonly width: number; readonly height: number },
): object {
  const shown = data.filter(({ showlegend }) => showlegend !== false);
  if (!(layout.showlegend ?? shown.length > 1)) return {};
  const names = [...new Set(shown.map(({ name }) => String(name ?? "")))];
  const total = names.reduce((sum, name) => sum + KEY_PX + widthOfText(name, SIZE), 0);
  const place = {
    orientation: "h",
    xref: "paper",
    xanchor: "left",
    x: total > plots.width ? Math.max(-2, -left / plots.width) : 0,
    y: 1 + ABOVE_PX / plots.height,
    yanchor: "bottom",
    bgcolor: "rgba(0,0,0,0)",
  };
  const given = layout.legend as { readonly title?: object } | undefined;
  const title = given?.title ? { title: { ...given.title, side: "top" } } : {};
  return { legend: { ...given, ...place, ...title } };
}
