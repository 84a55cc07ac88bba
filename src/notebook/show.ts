import { PLOTLY_MIME } from "kit";
import { type DataFrame, formatHtmlTable, type TableOptions, type TableRows } from "./html-table";

/** What notebooks hand to the front end; tslab's `display`. */
interface Display {
  raw(mime: string, data: unknown): void;
}

// The kernel answers `tslab` with itself, so this must be loaded where the cells run.
function kernelDisplay(): Display {
  return (require("tslab") as { display: Display }).display;
}

/**
 * Shows a danfojs DataFrame, or rows, as a table that every notebook front end and GitHub render.
 *
 * Call it in a notebook cell; outside a kernel there is nothing to show it on.
 */
export function showTable(table: DataFrame | TableRows, options: TableOptions = {}): void {
  kernelDisplay().raw("text/html", formatHtmlTable(table, options));
}

/**
 * Shows a figure (a plotly spec): interactive where the front end can draw it, and as a picture elsewhere.
 *
 * The picture is added by the kernel when Jupyter runs the notebook, and by `empathy run` otherwise. Of a figure without
 * a mark, as in a study that lacks what it shows, a line says so.
 */
export function showFigure(spec: { readonly data: unknown; readonly layout: unknown }): void {
  if (Array.isArray(spec.data) && spec.data.length === 0) {
    const { meta } = spec.layout as { readonly meta?: { readonly figure?: string } };
    kernelDisplay().raw("text/plain", `${meta?.figure ?? "the figure"}: nothing to show`);
    return;
  }
  kernelDisplay().raw(PLOTLY_MIME, spec);
}
