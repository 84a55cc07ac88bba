import { fontFile } from "./text-metrics";
import { FONT_FAMILY } from "./theme";

/**
 * Draws an SVG as a PNG, with the bundled font and no other.
 *
 * @param svg what `renderSvg` returned.
 * @param scale pixels for each of the SVG's units; 2 by default, for sharp print.
 */
export function renderPng(svg: string, scale = 2): Buffer {
  const { Resvg } = require("@resvg/resvg-js") as typeof import("@resvg/resvg-js");
  const resvg = new Resvg(svg, {
    fitTo: { mode: "zoom", value: scale },
    font: {
      fontFiles: [fontFile(400), fontFile(700)],
      loadSystemFonts: false,
      defaultFontFamily: FONT_FAMILY,
    },
  });
  return resvg.render().asPng();
}
