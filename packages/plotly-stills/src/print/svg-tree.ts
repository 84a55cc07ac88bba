// An SVG that plotly drew, read back as a tree: its few kinds of elements, their places and their styles.
import { openPlotlyWindow, type SvgElement } from "../plotly-window";

/** An affine map, in SVG's order: `x' = a x + c y + e`, `y' = b x + d y + f`. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** The map that changes nothing. */
export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/** Reads an SVG's root element. */
export function parseSvg(svg: string): SvgElement {
  const parser = new (openPlotlyWindow().DOMParser)();
  return parser.parseFromString(svg, "image/svg+xml").documentElement;
}

/** A property of an element's style, or else the attribute of that name. */
export function styleValue(element: SvgElement, name: string): string | undefined {
  return element.style?.getPropertyValue(name) || element.getAttribute(name) || undefined;
}

/** An attribute as a number; 0 where there is none. */
export function numberOf(element: SvgElement, name: string): number {
  return Number.parseFloat(element.getAttribute(name) ?? "") || 0;
}

/** The first map and then the second. */
export function compose(second: Matrix, first: Matrix): Matrix {
  const [a, b, c, d, e, f] = second;
  const [p, q, r, s, t, u] = first;
  return [
    a * p + c * q,
    b * p + d * q,
    a * r + c * s,
    b * r + d * s,
    a * t + c * u + e,
    b * t + d * u + f,
  ];
}

/** Where a map takes a point. */
export function mapPoint([a, b, c, d, e, f]: Matrix, x: number, y: number): [number, number] {
  return [a * x + c * y + e, b * x + d * y + f];
}

/** The map of a `transform` attribute: translations, rotations, scalings and matrices, one after another. */
export function transformOf(element: SvgElement): Matrix {
  const text = element.getAttribute("transform") ?? "";
  let whole = IDENTITY;
  for (const [, name, list] of text.matchAll(/(\w+)\(([^)]*)\)/g)) {
    const numbers = (list as string).split(/[\s,]+/).map(Number);
    whole = compose(whole, stepOf(name as string, numbers));
  }
  return whole;
}

function stepOf(name: string, numbers: readonly number[]): Matrix {
  const [first = 0, second = 0, third = 0] = numbers;
  if (name === "translate") return [1, 0, 0, 1, first, second];
  if (name === "scale") return [first, 0, 0, numbers[1] ?? first, 0, 0];
  if (name === "matrix") return numbers as unknown as Matrix;
  if (name !== "rotate") throw new TypeError(`an SVG's transform '${name}' is not known here`);
  const angle = (first * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const turned: Matrix = [cos, sin, -sin, cos, 0, 0];
  const there = compose([1, 0, 0, 1, second, third], turned);
  return compose(there, [1, 0, 0, 1, -second, -third]);
}
