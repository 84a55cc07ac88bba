// What stands along the side: rows with their names, and plots of values one above another.
import type { PlotlyLayout, PlotlyTrace } from "../figure";
import { breakNames, rowPitch } from "./name-column";
import { type Annotation, isBeside, roomOfNotes } from "./notes";
import { leastPanels } from "./panels-across";
import { axesOf, namesAlong, renamed, titleFields, titleText } from "./plot-axes";
import { type Margins, SMALLEST_TEXT_PX as SIZE } from "./print-size";
import { type Restacked, restack } from "./stack-domains";
import { wrapText } from "./wrap-text";

const LEAST_PLOT = 0.28;
const MOST_NAMES = 0.45;
const EDGE_PX = 12;

/** The names of an axis's rows as they are shown, and the axis that shows them so. */
interface ShownNames {
  readonly axis: object;
  readonly shown: readonly string[];
}

/** They by the key of their axis; axes of numbers have none. */
export type RowNames = ReadonlyMap<string, ShownNames>;

/** Breaks the names of rows so that they leave room for the plots and for the notes beside them. */
export function breakRowNames(
  layout: PlotlyLayout,
  data: readonly PlotlyTrace[],
  width: number,
  notes: readonly Annotation[],
): RowNames {
  const plot = Math.max(leastPanels(layout), LEAST_PLOT * width);
  const left = width - roomOfNotes(notes) - plot - 2 * EDGE_PX;
  const most = Math.max(SIZE, Math.min(MOST_NAMES * width, left));
  return new Map(
    axesOf(layout, "y").flatMap((one) => {
      const names = namesAlong(one, data);
      if (names.length === 0) return [];
      const shown = breakNames(names, width, most);
      const isAsBefore = shown.every((name, at) => name === names[at]);
      const axis = isAsBefore ? one.axis : renamed(one.axis, names, shown);
      return [[one.key, { axis, shown }] as const];
    }),
  );
}

/** How far plots may shrink: those of named rows, and those of values. */
interface Shrinking {
  readonly rows: number;
  readonly values: number;
}

/** Gives rows the distance that they had, or else what their names and the notes beside them need. */
export function stackPlots(
  layout: PlotlyLayout,
  names: RowNames,
  notes: readonly Annotation[],
  shrinking: Shrinking,
): Restacked {
  const { t = 100, b = 80 } = (layout.margin ?? {}) as Partial<Margins>;
  const before = layout.height - t - b;
  const beside = rowPitch(notes.filter(isBeside).map(({ text = "" }) => text));
  const parts = axesOf(layout, "y")
    .filter(({ axis }) => axis.overlaying === undefined)
    .map(({ key, domain }) => {
      const own = (domain[1] - domain[0]) * before;
      const rows = names.get(key)?.shown;
      if (!rows) return { domain, length: own * shrinking.values };
      const pitch = Math.max(rowPitch(rows), beside);
      return { domain, length: Math.max(own * shrinking.rows, rows.length * pitch) };
    });
  return restack(parts, before);
}

/** The vertical axes at their new places, by their keys. */
export function axesUp(
  layout: PlotlyLayout,
  names: RowNames,
  up: Restacked,
): Record<string, object> {
  return Object.fromEntries(
    axesOf(layout, "y").map(({ key, axis, domain: [from, to] }) => {
      const domain = [up.moved(from), up.moved(to)] as const;
      const text = wrapText(titleText(axis), (domain[1] - domain[0]) * up.length, SIZE);
      return [
        key,
        {
          ...(names.get(key)?.axis ?? axis),
          domain,
          ticklabeloverflow: "allow",
          ...(text === "" ? {} : { title: { ...titleFields(axis), text } }),
        },
      ];
    }),
  );
}
