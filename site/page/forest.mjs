// A forest plot as an SVG of the page: estimates with their intervals, one to a row.
const [ROW, TOP, BOTTOM] = [22, 8, 46];
const MOST_ROWS = 200;
// The share of the width that names have, and about how wide a letter is.
const NAMES = 0.36;
const LETTER_PX = 7.2;

/** Draws rows of `name`, `estimate`, `lower`, `upper` and, where a next effect is predicted, `next`, on so many pixels. */
export function drawForest({ title, axis, reference = 0, rows: all }, width) {
  const names = Math.round(NAMES * width);
  const [left, right] = [names + 14, width - 16];
  const rows = all.slice(0, MOST_ROWS);
  const height = TOP + ROW * rows.length + BOTTOM;
  const limits = rows.flatMap(({ lower, upper, next }) => [lower, upper, next?.lower, next?.upper]);
  const numbers = [...limits, reference].filter(Number.isFinite);
  const ticks = placeTicks(Math.min(...numbers), Math.max(...numbers));
  const [from, to] = [ticks[0], ticks.at(-1)];
  const x = (value) => left + ((value - from) / (to - from)) * (right - left);
  const floor = TOP + ROW * rows.length;
  const svg = create("svg", {
    viewBox: `0 0 ${width} ${height}`,
    width,
    role: "img",
    class: "forest",
  });
  svg.append(create("title", {}, `${title}. ${rows.map(say).join("; ")}`));
  if (Number.isFinite(reference)) {
    const at = x(reference);
    svg.append(create("line", { x1: at, x2: at, y1: TOP, y2: floor, class: "reference" }));
  }
  for (const [at, row] of rows.entries())
    svg.append(...drawRow(row, TOP + ROW * (at + 0.5), names, x));
  svg.append(create("line", { x1: left, x2: right, y1: floor, y2: floor, class: "axis" }));
  for (const tick of ticks) {
    const text = String(tick).replace("-", "−");
    svg.append(
      create("line", { x1: x(tick), x2: x(tick), y1: floor, y2: floor + 5, class: "axis" }),
    );
    svg.append(create("text", { x: x(tick), y: floor + 19, "text-anchor": "middle" }, text));
  }
  const middle = (left + right) / 2;
  svg.append(create("text", { x: middle, y: floor + 39, "text-anchor": "middle" }, axis));
  return svg;
}

function drawRow({ name, estimate, lower, upper, next }, y, names, x) {
  const most = Math.floor(names / LETTER_PX);
  const short = name.length > most ? `${name.slice(0, most - 1)}…` : name;
  const label = create("text", { x: names, y: y + 4.5, "text-anchor": "end" }, short);
  label.append(create("title", {}, name));
  const line = (from, to, kind) =>
    create("line", { x1: x(from), x2: x(to), y1: y, y2: y, class: kind });
  const pale = next && Number.isFinite(next.lower) ? [line(next.lower, next.upper, "next")] : [];
  const point = create("circle", { cx: x(estimate), cy: y, r: 4.5 });
  return [label, ...pale, line(lower, upper, "interval"), point];
}

function say({ name, estimate, lower, upper }) {
  const [at, from, to] = [estimate, lower, upper].map((value) => Number(value.toPrecision(3)));
  return `${name}: ${at} (${from} to ${to})`;
}

// Round numbers, some five of them, that hold all there is.
function placeTicks(least, most) {
  const span = most - least || Math.abs(most) || 1;
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => span / one <= 5);
  const first = Math.floor(least / step);
  const count = Math.max(1, Math.ceil(most / step) - first);
  return Array.from({ length: count + 1 }, (_, at) =>
    Number(((first + at) * step).toPrecision(12)),
  );
}

function create(name, attributes, text) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}
