// Widths of laid-out text, from the bundled font's own tables, kerning included. jsdom has no text
// layout; plotly places its labels by these numbers, and resvg draws with the same font.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Font } from "fontkit";

/** A style of the bundled font. */
export type FontWeight = 400 | 700;

const FOLDERS: Record<FontWeight, string> = { 400: "400Regular", 700: "700Bold" };

/** Absolute path of the bundled font's file in a weight. */
export function fontFile(weight: FontWeight): string {
  const folder = FOLDERS[weight];
  const packageFile = require.resolve("@expo-google-fonts/source-sans-3/package.json");
  return join(packageFile, "..", folder, `SourceSans3_${folder}.ttf`);
}

const fonts = new Map<FontWeight, Font>();

function loadFont(weight: FontWeight): Font {
  let font = fonts.get(weight);
  if (!font) {
    const { create } = require("fontkit") as typeof import("fontkit");
    font = create(readFileSync(fontFile(weight))) as Font;
    fonts.set(weight, font);
  }
  return font;
}

/** Width of one line of text in pixels, at a font size in pixels. */
export function textWidth(text: string, size: number, weight: FontWeight): number {
  const font = loadFont(weight);
  return (font.layout(text).advanceWidth * size) / font.unitsPerEm;
}

/** How far text reaches above and below its baseline, in pixels, at a font size in pixels. */
export function lineExtent(size: number): { ascent: number; descent: number } {
  const { ascent, descent, unitsPerEm } = loadFont(400);
  return { ascent: (ascent * size) / unitsPerEm, descent: (-descent * size) / unitsPerEm };
}
