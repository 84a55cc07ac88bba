import type { SvgElement } from "../plotly-window";
import { styleValue } from "./svg-tree";

/** Red, green and blue from 0 to 255. */
type Rgb = readonly [number, number, number];

/** How an element is painted; what it does not say is as around it, except for opacity, which multiplies. */
export interface Paint {
  /** A colour, or the name of a pattern; null for none. */
  readonly fill: Rgb | string | null;
  readonly fillOpacity: number;
  readonly stroke: Rgb | null;
  readonly strokeOpacity: number;
  readonly strokeWidth: number;
  readonly dashes: readonly number[];
  readonly opacity: number;
}

/** What an SVG begins with. */
export const FIRST_PAINT: Paint = {
  fill: [0, 0, 0],
  fillOpacity: 1,
  stroke: null,
  strokeOpacity: 1,
  strokeWidth: 1,
  dashes: [],
  opacity: 1,
};

/** The paint of an element, from its style and what is around it. */
export function paintOf(element: SvgElement, around: Paint): Paint {
  const of = (name: string) => styleValue(element, name);
  const number = (name: string, other: number) => {
    const text = of(name);
    return text === undefined ? other : Number.parseFloat(text);
  };
  const [fill, stroke, dashes] = [of("fill"), of("stroke"), of("stroke-dasharray")];
  const [filled, stroked] = [fill, stroke].map((text) => (text ? readColor(text) : undefined));
  return {
    fill: filled ? filled.color : around.fill,
    fillOpacity: number("fill-opacity", around.fillOpacity) * (filled?.alpha ?? 1),
    stroke: stroked && typeof stroked.color !== "string" ? stroked.color : around.stroke,
    strokeOpacity: number("stroke-opacity", around.strokeOpacity) * (stroked?.alpha ?? 1),
    strokeWidth: number("stroke-width", around.strokeWidth),
    dashes: dashes ? readDashes(dashes) : around.dashes,
    opacity: around.opacity * number("opacity", 1),
  };
}

function readColor(text: string): { readonly color: Rgb | string | null; readonly alpha: number } {
  if (text === "none" || text === "transparent") return { color: null, alpha: 1 };
  const [, pattern] = /^url\("?#([^")]+)"?\)/.exec(text) ?? [];
  if (pattern !== undefined) return { color: pattern, alpha: 1 };
  const [, list] = /^rgba?\(([^)]*)\)/.exec(text) ?? [];
  if (list !== undefined) {
    const [red = 0, green = 0, blue = 0, alpha = 1] = list.split(",").map(Number);
    return { color: [red, green, blue], alpha };
  }
  const [, hex] = /^#([0-9a-f]{6})$/i.exec(text) ?? [];
  if (hex === undefined) throw new TypeError(`an SVG's colour '${text}' is not known here`);
  const parts = [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return { color: parts as unknown as Rgb, alpha: 1 };
}

function readDashes(text: string): number[] {
  if (text === "none") return [];
  const lengths = text.split(/[\s,]+/).map(Number.parseFloat);
  return lengths.some((length) => length > 0) ? lengths : [];
}
