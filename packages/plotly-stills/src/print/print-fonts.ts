import { SMALLEST_TEXT_PX } from "./print-size";

/**
 * Raises every size of text in a part of a plotly spec to the smallest that can be read in print; nothing grows otherwise.
 *
 * Titles of axes take that size too: plotly's own are larger than the labels.
 */
export function raiseFonts<Part>(part: Part): Part {
  if (Array.isArray(part)) return part.map(raiseFonts) as Part;
  if (typeof part !== "object" || part === null) return part;
  const entries = Object.entries(part).map(([name, value]) => {
    if (!/font$/i.test(name) || typeof value !== "object") return [name, raiseFonts(value)];
    return [name, raiseSize(value as { readonly size?: unknown })];
  });
  return Object.fromEntries(entries) as Part;
}

function raiseSize(font: { readonly size?: unknown }): object {
  const { size } = font;
  if (Array.isArray(size)) return { ...font, size: size.map(atLeast) };
  return typeof size === "number" ? { ...font, size: atLeast(size) } : font;
}

function atLeast(size: number): number {
  return Math.max(size, SMALLEST_TEXT_PX);
}
