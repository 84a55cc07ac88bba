import { readFileSync } from "node:fs";
import { escapeMarkup, mulberry32, UserError } from "kit";
import type { PlotlySpec } from "./figure";
import { titleOf } from "./name-spec";
import { openPlotlyWindow, type Plotly } from "./plotly-window";
import { type FontWeight, fontFile } from "./text-metrics";
import { FONT_FAMILY } from "./theme";

/**
 * Draws a plotly spec as a standalone SVG, without a browser.
 *
 * The same spec gives the same bytes: plotly's random ids are drawn from a generator seeded with the
 * figure's name, and the characters used are embedded as a subset of the bundled font. The title and
 * the alternative text become the SVG's `<title>` and `<desc>`.
 *
 * @throws UserError if plotly warns, or would put a value of its own in place of one that it does not
 *   accept: the figure might not show its data.
 */
export async function renderSvg(spec: PlotlySpec): Promise<string> {
  return completeSvg(await drawSvg(spec), spec);
}

/** Gives what `drawSvg` drew its font, its title and its alternative text. */
export async function completeSvg(plain: string, spec: PlotlySpec): Promise<string> {
  const faces = await Promise.all(([400, 700] as const).map((weight) => fontFace(plain, weight)));
  const { figure, alt } = spec.layout.meta;
  const head =
    `<title id="${figure}-title">${escapeMarkup(titleOf(spec.layout))}</title>` +
    `<desc id="${figure}-desc">${escapeMarkup(alt)}</desc>` +
    `<style>${faces.join("")}</style>`;
  return `${plain.replace(
    /^<svg ([^>]*)>/,
    (_tag, attributes) =>
      `<svg role="img" aria-labelledby="${figure}-title ${figure}-desc" ${attributes}>${head}`,
  )}\n`;
}

/** Draws a plotly spec as plotly does, without the font that its texts are laid out for. */
export async function drawSvg(spec: PlotlySpec): Promise<string> {
  const window = openPlotlyWindow();
  const { width, height, meta } = spec.layout;
  refuseMistakes(spec, window.Plotly);
  window.Math.random = mulberry32(hashOf(meta.figure));
  window.warnings.length = 0;
  // Plotly writes its defaults into what it is given.
  const { data, layout } = structuredClone(spec);
  const options = { format: "svg", imageDataOnly: true, width, height };
  const svg = await window.Plotly.toImage({ data, layout }, options);
  if (window.warnings.length > 0) {
    throw new UserError(`figure ${meta.figure}: plotly warns: ${window.warnings.join("; ")}`);
  }
  // resvg reads no quoted references.
  return withStableIds(svg.replace(/url\('(#[^']+)'\)/g, "url($1)"), meta.figure);
}

// Plotly names clips, definitions, traces and patterns by random numbers, and what an earlier figure left behind may draw one too.
function withStableIds(svg: string, figure: string): string {
  const [, drawn] = /id="defs-([0-9a-f]+)"/.exec(svg) ?? [];
  if (drawn === undefined) return svg;
  const stable = hashOf(figure).toString(16).padStart(8, "0");
  const numbered = svg.replaceAll(new RegExp(`(defs-|clip|legend)${drawn}`, "g"), `$1${stable}`);
  return [
    { random: /\btrace[0-9a-f]{6}\b/g, name: "trace" },
    { random: /\bp[0-9a-f]{6}-[0-9a-f]{6}\b/g, name: `pattern${stable}` },
  ].reduce((text, { random, name }) => {
    const found = [...new Set(text.match(random))];
    return text.replaceAll(random, (one) => `${name}-${found.indexOf(one)}`);
  }, numbered);
}

// An attribute that has no effect does no harm; a value that plotly replaces does.
function refuseMistakes(spec: PlotlySpec, plotly: Plotly): void {
  let problems: ReturnType<Plotly["validate"]>;
  try {
    problems = plotly.validate(structuredClone(spec.data), structuredClone(spec.layout));
  } catch (error) {
    // Its own faults come with its whole source, which helps nobody.
    throw new UserError(
      `figure ${spec.layout.meta.figure}: plotly cannot check it (${(error as Error).message}); ` +
        "some attribute has a form that it does not expect",
    );
  }
  const [first] = (problems ?? []).filter(({ code }) => !HARMLESS.has(code));
  if (first) throw new UserError(`figure ${spec.layout.meta.figure}: ${first.msg}`);
}

const HARMLESS = new Set(["unused", "dynamic"]);

// A 32-bit FNV-1a hash.
function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const character of name) {
    hash = Math.imul(hash ^ (character.codePointAt(0) as number), 0x01000193);
  }
  return hash >>> 0;
}

async function fontFace(svg: string, weight: FontWeight): Promise<string> {
  const isBold = /font-weight:\s*(bold|[6-9]00)/.test(svg);
  if (weight === 700 && !isBold) return "";
  const characters = [...new Set(svg.replace(/<[^>]*>/g, ""))].sort().join("");
  const { default: subsetFont } = await import("subset-font");
  const subset = await subsetFont(readFileSync(fontFile(weight)), characters, {
    targetFormat: "woff2",
  });
  return (
    `@font-face{font-family:"${FONT_FAMILY}";font-weight:${weight};` +
    `src:url(data:font/woff2;base64,${subset.toString("base64")}) format("woff2")}`
  );
}
