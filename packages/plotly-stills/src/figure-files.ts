import { createHash } from "node:crypto";
import type { PlotlySpec } from "./figure";
import { renderPng } from "./render-png";
import { renderSvg } from "./render-svg";

/** The files of one figure, by name: `NN-name.json`, `.svg` and `.png`. */
export type FigureFiles = ReadonlyMap<string, Buffer>;

/** Renders a spec to its three files, ready to be written. */
export async function renderFigureFiles(spec: PlotlySpec): Promise<FigureFiles> {
  const name = spec.layout.meta.figure;
  const svg = await renderSvg(spec);
  return new Map([
    [`${name}.json`, Buffer.from(`${JSON.stringify(spec, null, 1)}\n`)],
    [`${name}.svg`, Buffer.from(svg)],
    [`${name}.png`, renderPng(svg)],
  ]);
}

/** Lists files with their checksums, as `sha256sum --check` reads them, sorted by name. */
export function formatChecksums(files: FigureFiles): string {
  const lines = [...files.keys()].sort().map((name) => {
    const hash = createHash("sha256").update(files.get(name) as Buffer);
    return `${hash.digest("hex")}  ${name}\n`;
  });
  return lines.join("");
}
