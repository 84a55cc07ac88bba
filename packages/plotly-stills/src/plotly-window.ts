// Plotly draws into a DOM and asks it how large text is. This gives it one without a browser: jsdom,
// with the few measurements that plotly takes answered from the bundled font.
import { readFileSync } from "node:fs";
import type { PlotlySpec } from "./figure";
import { type FontWeight, lineExtent, textWidth } from "./text-metrics";

/** The part of a DOM element that is read here. */
export interface SvgElement {
  readonly localName: string;
  readonly textContent: string;
  readonly childNodes: Iterable<SvgElement & { readonly nodeType: number }>;
  readonly children: Iterable<SvgElement>;
  readonly style: { getPropertyValue(name: string): string };
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<SvgElement>;
}

/** The part of plotly that drawing uses. */
export interface Plotly {
  toImage(
    spec: Pick<PlotlySpec, "data" | "layout">,
    options: Readonly<Record<string, unknown>>,
  ): Promise<string>;
  validate(
    data: unknown,
    layout: unknown,
  ): readonly { readonly code: string; readonly msg: string }[] | undefined;
  readonly PlotSchema: { get(): unknown };
}

// The TypeScript library for browsers is not loaded; these are the DOM members used here.
interface DomNode {
  readonly nodeType: number;
  readonly textContent: string | null;
  readonly childNodes: Iterable<DomNode>;
  readonly parentNode: DomNode | null;
  readonly style?: { fontSize: string; fontWeight: string };
  getAttribute?(name: string): string | null;
}

/** A window with plotly loaded. */
interface PlotlyWindow {
  readonly Plotly: Plotly;
  /** What plotly complained of since the list was last emptied. */
  readonly warnings: string[];
  readonly Math: { random: () => number };
  readonly DOMParser: new () => {
    parseFromString(text: string, type: string): { readonly documentElement: SvgElement };
  };
}

const TEXT_NODE = 3;
const DEFAULT_FONT_SIZE = 12;
const LINE_SPACING = 1.3;

let shared: PlotlyWindow | undefined;

/** Gives a window with plotly loaded; the first call takes about half a second. */
export function openPlotlyWindow(): PlotlyWindow {
  shared ??= createPlotlyWindow();
  return shared;
}

function createPlotlyWindow(): PlotlyWindow {
  const warnings: string[] = [];
  // Loaded where a figure is drawn, and not before: it takes a second.
  const { JSDOM, VirtualConsole } = require("jsdom") as typeof import("jsdom");
  const virtualConsole = new VirtualConsole();
  const complain = (...parts: unknown[]) => void warnings.push(parts.map(String).join(" "));
  for (const level of ["error", "warn", "trace"] as const) virtualConsole.on(level, complain);
  virtualConsole.on("jsdomError", complain);
  const { window } = new JSDOM("<!DOCTYPE html><body></body>", {
    runScripts: "outside-only",
    virtualConsole,
  });
  const { SVGElement, HTMLCanvasElement } = window;
  Object.assign(SVGElement.prototype, {
    getBBox: measure,
    getBoundingClientRect: measure,
    getComputedTextLength(this: DomNode) {
      return measure.call(this).width;
    },
  });
  Object.assign(HTMLCanvasElement.prototype, { getContext: () => null });
  Object.assign(window.URL, { createObjectURL: () => "" });
  Object.assign(window, {
    warnings,
    matchMedia: () => ({ matches: false, addEventListener() {} }),
  });
  window.eval(readFileSync(require.resolve("plotly.js-dist-min"), "utf8"));
  const drawing = window as unknown as PlotlyWindow;
  rememberSchema(drawing.Plotly.PlotSchema);
  return drawing;
}

// Plotly gathers what it accepts anew for every spec that it checks, which takes it a tenth of a second.
function rememberSchema(schema: Plotly["PlotSchema"]): void {
  const { get } = schema;
  let known: unknown;
  schema.get = () => {
    known ??= get();
    return known;
  };
}

const NOTHING = { x: 0, y: 0, left: 0, top: 0, right: 0, bottom: 0, width: 0, height: 0 };

function measure(this: DomNode): typeof NOTHING {
  if (!this.textContent) return NOTHING;
  const size = inherited(this, fontSizeOf) ?? DEFAULT_FONT_SIZE;
  const { ascent, descent } = lineExtent(size);
  const lines = lineNodes(this);
  const width = Math.max(0, ...lines.map((line) => widthOf(line, size)));
  const height = ascent + descent + (lines.length - 1) * LINE_SPACING * size;
  const anchor = inherited(this, (node) => node.getAttribute?.("text-anchor") ?? undefined);
  const left = anchor === "middle" ? -width / 2 : anchor === "end" ? -width : 0;
  const top = -ascent;
  const box = { x: left, y: top, left, top, width, height };
  return { ...box, right: left + width, bottom: top + height };
}

// Plotly breaks a text into `tspan class="line"` elements, one a line.
function lineNodes(node: DomNode): DomNode[] {
  const lines = [...node.childNodes].filter((child) => child.getAttribute?.("class") === "line");
  return lines.length > 0 ? lines : [node];
}

function widthOf(node: DomNode, size: number): number {
  if (node.nodeType === TEXT_NODE) {
    return textWidth(node.textContent ?? "", size, inherited(node, weightOf) ?? 400);
  }
  let width = 0;
  for (const child of node.childNodes) width += widthOf(child, fontSizeOf(child) ?? size);
  return width;
}

function inherited<T>(node: DomNode, read: (node: DomNode) => T | undefined): T | undefined {
  for (let at: DomNode | null = node; at; at = at.parentNode) {
    const value = read(at);
    if (value !== undefined) return value;
  }
  return undefined;
}

function fontSizeOf(node: DomNode): number | undefined {
  return Number.parseFloat(node.style?.fontSize ?? "") || undefined;
}

function weightOf(node: DomNode): FontWeight | undefined {
  const weight = node.style?.fontWeight;
  if (!weight) return undefined;
  return weight === "bold" || Number(weight) >= 600 ? 700 : 400;
}
