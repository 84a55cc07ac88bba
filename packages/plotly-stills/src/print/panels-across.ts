// What stands along the bottom: panels side by side, their numbers or names, and their titles.
import type { PlotlyLayout, PlotlyTrace } from "../figure";
import { LINE_PX } from "./name-column";
import { axesOf, type NamedAxis, namesAlong, renamed, titleFields, titleText } from "./plot-axes";
import { type Margins, SMALLEST_TEXT_PX as SIZE } from "./print-size";
import { type Restacked, restack } from "./stack-domains";
import { linesOf, widthOfText, wrapText } from "./wrap-text";

/** The least distance between two panels, so that the last number of one and the first of the next stay apart. */
const GAP_PX = 30;
/** Narrower panels show nothing. */
const LEAST_PANEL_PX = 44;
// A number with its distance from the next.
const TICK_PX = 27;
const ROOMY_TICK_PX = 45;
const EDGE_PX = 6;

/** What all panels take at least, in pixels. */
export function leastPanels(layout: PlotlyLayout): number {
  const count = panelsOf(layout).length;
  return count * LEAST_PANEL_PX + (count - 1) * GAP_PX;
}

/** Sets panels far enough apart; what lies between them keeps its share where that is more. */
export function spreadPanels(layout: PlotlyLayout, plotWidth: number): Restacked {
  const panels = panelsOf(layout);
  const gaps = panels.slice(1).map(([from], at) => from - (panels[at] as Domain)[1]);
  const share = panels.reduce((sum, [from, to]) => sum + to - from, 0);
  const rest = 1 - share - gaps.reduce((sum, gap) => sum + gap, 0);
  if (gaps.length === 0 || gaps.some((gap) => gap < 0) || rest > 0.01)
    return restack([], plotWidth);
  const apart = gaps.reduce((sum, gap) => sum + Math.max(GAP_PX, gap * plotWidth), 0);
  const parts = [
    ...panels.map((domain) => ({
      domain,
      length: ((domain[1] - domain[0]) / share) * (plotWidth - apart),
    })),
    ...gaps.map((gap, at) => ({
      domain: [(panels[at] as Domain)[1], (panels[at + 1] as Domain)[0]] as Domain,
      length: Math.max(GAP_PX, gap * plotWidth),
    })),
  ];
  return restack(parts, plotWidth);
}

type Domain = readonly [number, number];

function panelsOf(layout: PlotlyLayout): Domain[] {
  const byStart = new Map(axesOf(layout, "x").map(({ domain }) => [domain.join(), domain]));
  return [...byStart.values()].sort(([one], [other]) => one - other);
}

/** The room in which the horizontal axes are laid out. */
interface Across {
  readonly around: Margins;
  readonly width: number;
  readonly across: Restacked;
  readonly fewerTicks: number;
}

/** The horizontal axes at their new places, by their keys. */
export function axesAcross(
  layout: PlotlyLayout,
  data: readonly PlotlyTrace[],
  room: Across,
): Record<string, object> {
  const { around, width, across } = room;
  const moved = axesOf(layout, "x").map(({ key, axis, domain: [from, to] }) => ({
    key,
    axis,
    domain: [across.moved(from), across.moved(to)] as const,
  }));
  const plot = width - around.l - around.r;
  return Object.fromEntries(
    moved.map((one) => {
      const [from, to] = one.domain;
      const wide = titleRoom(one, moved, room);
      const text = wrapText(titleText(one.axis), wide, SIZE);
      return [
        one.key,
        {
          ...fitLabels(one, data, (to - from) * plot, room.fewerTicks),
          domain: one.domain,
          ...(text === "" ? {} : { title: { ...titleFields(one.axis), text } }),
        },
      ];
    }),
  );
}

// A title may reach halfway to the next panel, or to the nearer edge of the page.
function titleRoom(
  { domain: [from, to] }: NamedAxis,
  all: readonly NamedAxis[],
  { around, width }: Across,
): number {
  const plot = width - around.l - around.r;
  const gaps = all
    .flatMap(({ domain }) => [domain[0] - to, from - domain[1]])
    .filter((gap) => gap >= 0);
  const middle = around.l + ((from + to) / 2) * plot;
  const edges = 2 * Math.min(middle, width - middle) - 2 * EDGE_PX;
  if (gaps.length === 0) return edges;
  return Math.min(edges, (to - from + Math.min(...gaps)) * plot - EDGE_PX);
}

// Numbers are fewer where there is less room; names are broken, and where that does not do, turned.
function fitLabels(
  one: NamedAxis,
  data: readonly PlotlyTrace[],
  length: number,
  fewerTicks: number,
): object {
  const { axis } = one;
  const names = namesAlong(one, data);
  if (names.length === 0) {
    const most = Math.max(2, Math.max(3, Math.floor(length / TICK_PX)) - fewerTicks);
    const roomy = Math.max(3, Math.floor(length / ROOMY_TICK_PX));
    const given = typeof axis.nticks === "number" && axis.nticks > 0 ? axis.nticks : roomy;
    // Between powers of ten, plotly writes single digits, which only more room than print has keeps apart.
    const powers = axis.type === "log" && axis.dtick === undefined ? { dtick: 1 } : {};
    const nticks = Math.min(given, most);
    const second = secondTick(axis.range, nticks);
    return { ...axis, ...powers, ticklabeloverflow: "allow", nticks, ...second };
  }
  const slot = length / names.length - 4;
  const broken = names.map((name) => wrapText(name, slot, SIZE));
  if (broken.every((name) => widthOfText(name, SIZE) <= slot)) return renamed(axis, names, broken);
  const lines = Math.max(1, Math.floor(slot / LINE_PX));
  const turned = names.map((name) => shorten(name, lines));
  return { ...renamed(axis, names, turned), tickangle: -90 };
}

// Where plotly's steps are so large that 0 would stand alone, which is not a scale, one number more.
function secondTick(range: unknown, nticks: number): object {
  const [low, high] = (Array.isArray(range) ? range : []).map(Number);
  if (low === undefined || high === undefined || low >= 0 || high <= 0) return {};
  const rough = (high - low) / nticks;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([2, 5, 10].find((one) => one * power > rough) ?? 10);
  if (high >= step || low <= -step) return {};
  return { tickvals: [0, step / 2] };
}

// In at most so many lines, as short as it goes.
function shorten(name: string, most: number): string {
  const plain = linesOf(name).join(" ");
  const whole = widthOfText(plain, SIZE);
  for (let room = whole / most; room < whole; room += 4) {
    const broken = wrapText(plain, room, SIZE);
    if (linesOf(broken).length <= most) return broken;
  }
  return plain;
}
