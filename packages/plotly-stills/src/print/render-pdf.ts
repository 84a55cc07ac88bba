// A figure as PDF: the few kinds of elements that plotly draws, each as what PDF has for it, texts as texts.
import type { SvgElement } from "../plotly-window";
import { fontFile } from "../text-metrics";
import { PX_PER_PT } from "./print-size";
import { FIRST_PAINT, type Paint, paintOf } from "./svg-paint";
import { numberOf, parseSvg, styleValue, transformOf } from "./svg-tree";
import { layOutLines } from "./text-lines";

type Pdf = PDFKit.PDFDocument;

/** What drawing knows of the whole picture. */
interface Canvas {
  readonly pdf: Pdf;
  /** Clips and patterns, by their names. */
  readonly named: ReadonlyMap<string, SvgElement>;
  readonly page: Box;
}

/**
 * Draws an SVG as a PDF of one page: lines and letters, not pixels, with the characters used embedded as a subset of the
 * bundled font, so that its text can be searched and copied.
 *
 * The same figure gives the same bytes: the file names no time.
 *
 * @param svg what `renderSvg` or `renderForPrint` drew; two of its units are a point.
 */
export async function renderPdf(svg: string): Promise<Buffer> {
  // Loaded where a figure is drawn, and not before.
  const PdfDocument = require("pdfkit") as typeof import("pdfkit");
  const root = parseSvg(svg);
  const page = pageOf(root);
  const pdf = new PdfDocument({
    size: [page[2] / PX_PER_PT, page[3] / PX_PER_PT],
    margin: 0,
    pdfVersion: "1.4",
    lang: "en",
    info: {
      Title: textOf(root, "title"),
      Subject: textOf(root, "desc"),
      CreationDate: new Date(0),
    },
  });
  // The time would differ with each run; pdfkit's XMP packet repeats it, and writes titles without escaping them.
  Object.assign(pdf, { endMetadata() {} });
  delete pdf.info.CreationDate;
  const done = collect(pdf);
  for (const weight of [400, 700] as const) pdf.registerFont(String(weight), fontFile(weight));
  pdf.scale(1 / PX_PER_PT);
  draw({ pdf, named: namedParts(root), page }, root, FIRST_PAINT);
  pdf.end();
  return done;
}

function pageOf(root: SvgElement): Box {
  const [, , width = 0, height = 0] = (root.getAttribute("viewBox") ?? "").split(" ").map(Number);
  return [0, 0, width, height];
}

function collect(pdf: Pdf): Promise<Buffer> {
  const chunks: Buffer[] = [];
  pdf.on("data", (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve, reject) => {
    pdf.on("end", () => resolve(Buffer.concat(chunks)));
    pdf.on("error", reject);
  });
}

function textOf(root: SvgElement, name: string): string {
  return [...root.children].find(({ localName }) => localName === name)?.textContent ?? "";
}

function namedParts(root: SvgElement): Map<string, SvgElement> {
  const parts = [...root.querySelectorAll("clipPath, pattern")];
  return new Map(parts.map((part) => [part.getAttribute("id") ?? "", part]));
}

const UNSEEN = new Set(["defs", "title", "desc", "style", "clipPath", "pattern"]);

function draw(canvas: Canvas, element: SvgElement, around: Paint): void {
  const { pdf } = canvas;
  if (UNSEEN.has(element.localName) || styleValue(element, "display") === "none") return;
  const paint = paintOf(element, around);
  pdf.save();
  pdf.transform(...transformOf(element));
  clip(canvas, element);
  if (element.localName === "text") drawText(pdf, element, paint);
  else if (isShape(element)) drawShape(canvas, element, paint);
  else for (const child of element.children) draw(canvas, child, paint);
  pdf.restore();
}

function clip({ pdf, named }: Canvas, element: SvgElement): void {
  const [, name] = /#([^")]+)/.exec(element.getAttribute("clip-path") ?? "") ?? [];
  const found = name === undefined ? undefined : named.get(name);
  if (!found) return;
  for (const part of found.children) trace(pdf, part);
  pdf.clip("non-zero");
}

function isShape({ localName }: SvgElement): boolean {
  return localName === "path" || localName === "rect" || localName === "circle";
}

// Lays a shape down as the current path; nothing where it takes no room.
function trace(pdf: Pdf, element: SvgElement): boolean {
  const of = (name: string) => numberOf(element, name);
  if (element.localName === "circle") {
    pdf.circle(of("cx"), of("cy"), of("r"));
    return true;
  }
  if (element.localName === "rect") {
    if (of("width") <= 0 || of("height") <= 0) return false;
    pdf.rect(of("x"), of("y"), of("width"), of("height"));
    return true;
  }
  const d = element.getAttribute("d") ?? "";
  if (d === "") return false;
  pdf.path(d);
  return true;
}

function drawShape(canvas: Canvas, element: SvgElement, paint: Paint): void {
  const { pdf } = canvas;
  const rule = styleValue(element, "fill-rule") === "evenodd" ? "even-odd" : "non-zero";
  const { fill } = paint;
  if (typeof fill === "string") fillWithPattern(canvas, element, fill, paint);
  else if (fill && paint.fillOpacity * paint.opacity > 0 && trace(pdf, element)) {
    pdf.fillColor([...fill], paint.fillOpacity * paint.opacity);
    pdf.fill(rule);
  }
  const { stroke, strokeWidth, dashes } = paint;
  const opacity = paint.strokeOpacity * paint.opacity;
  if (!stroke || strokeWidth <= 0 || opacity <= 0 || !trace(pdf, element)) return;
  pdf.lineWidth(strokeWidth);
  // pdfkit takes a list, which its types leave out.
  if (dashes.length > 0) pdf.dash([...dashes] as unknown as number, {});
  pdf.strokeColor([...stroke], opacity);
  pdf.stroke();
}

// Tiles stand where the SVG has them: from its origin on, as far as the shape reaches.
function fillWithPattern(canvas: Canvas, element: SvgElement, name: string, paint: Paint): void {
  const { pdf, named, page } = canvas;
  const pattern = named.get(name);
  if (!pattern) throw new TypeError(`an SVG's pattern '${name}' is not defined`);
  pdf.save();
  if (trace(pdf, element)) {
    pdf.clip("non-zero");
    const box = boxOfPath(element.getAttribute("d") ?? "") ?? page;
    const within = { ...FIRST_PAINT, opacity: paint.opacity };
    const ground = [...pattern.children].filter(({ localName }) => localName === "rect");
    for (const part of ground) fillBox(pdf, box, paintOf(part, within));
    drawTiles(canvas, pattern, box, within);
  }
  pdf.restore();
}

function fillBox(pdf: Pdf, [left, top, right, bottom]: Box, { fill, fillOpacity, opacity }: Paint) {
  if (!fill || typeof fill === "string") return;
  pdf.rect(left, top, right - left, bottom - top);
  pdf.fillColor([...fill], fillOpacity * opacity);
  pdf.fill("non-zero");
}

function drawTiles(canvas: Canvas, pattern: SvgElement, box: Box, paint: Paint): void {
  const { pdf } = canvas;
  const [left, top, right, bottom] = box;
  const [wide, high] = [numberOf(pattern, "width"), numberOf(pattern, "height")];
  const marks = [...pattern.children].filter(({ localName }) => localName !== "rect");
  for (let x = Math.floor(left / wide) * wide; x < right; x += wide) {
    for (let y = Math.floor(top / high) * high; y < bottom; y += high) {
      pdf.save();
      pdf.translate(x, y);
      pdf.rect(0, 0, wide, high);
      pdf.clip("non-zero");
      for (const mark of marks) draw(canvas, mark, paint);
      pdf.restore();
    }
  }
}

// Ligatures would be copied as one letter by some readers; pdfkit's types know only features that are switched on.
const TEXT_OPTIONS = {
  lineBreak: false,
  baseline: "alphabetic",
  features: { liga: false } as unknown as PDFKit.Mixins.OpenTypeFeatures[],
} as const;

function drawText(pdf: Pdf, element: SvgElement, { fill, fillOpacity, opacity }: Paint): void {
  if (!fill || typeof fill === "string") return;
  for (const { x, y, runs } of layOutLines(element)) {
    let at = x;
    for (const { text, size, weight, width } of runs) {
      pdf
        .font(String(weight))
        .fontSize(size)
        .fillColor([...fill], fillOpacity * opacity);
      pdf.text(text, at, y, TEXT_OPTIONS);
      at += width;
    }
  }
}

/** The corners of a box: left, top, right, bottom. */
type Box = readonly [number, number, number, number];

/**
 * The box around a path of straight lines, as plotly draws bars: `M`, `L`, `H`, `V` and `Z` with absolute places.
 *
 * @returns undefined where the path has other commands.
 */
function boxOfPath(d: string): Box | undefined {
  if (!/^[MLHVZ\d\s,.e-]*$/.test(d)) return undefined;
  const [across, down]: [number[], number[]] = [[], []];
  for (const [, command, list] of d.matchAll(/([MLHV])([^MLHVZ]*)/g)) {
    const numbers = (list as string)
      .trim()
      .split(/[\s,]+/)
      .map(Number);
    numbers.forEach((value, at) => {
      const isDown = command === "V" || (command !== "H" && at % 2 === 1);
      (isDown ? down : across).push(value);
    });
  }
  if (across.length === 0 || down.length === 0) return undefined;
  return [Math.min(...across), Math.min(...down), Math.max(...across), Math.max(...down)];
}
