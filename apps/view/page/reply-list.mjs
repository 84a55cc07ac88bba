// A list of any length: only the rows in view are in the page, and only their texts are asked for.
import { METRICS, make, makeLevel, makeSaid, signed } from "./element.mjs";

const ROW_HEIGHT = 82;
const CHUNK = 100;
const SPARE_ROWS = 6;
// Browsers draw no element that is taller; a longer list is scrolled in proportion.
const MOST_HEIGHT = 8_000_000;

/**
 * The list of rows; `load(from, count)` gives a window of them, `onSelect(row, isOpened)` is told what was chosen,
 * `isStarred(row)` says whether a reader starred the reply that a row leads with.
 */
export class ReplyList {
  constructor(element, { load, onSelect, isStarred }) {
    this.element = element;
    this.isStarred = isStarred;
    this.load = load;
    this.onSelect = onSelect;
    this.total = 0;
    this.selected = -1;
    this.chunks = new Map();
    this.version = 0;
    this.drawn = new Map();
    this.inner = make("div", { role: "presentation", className: "rows" });
    element.append(this.inner);
    element.addEventListener("scroll", () => this.drawSoon(), { passive: true });
    element.addEventListener("keydown", (event) => this.press(event));
    element.addEventListener("click", (event) => this.click(event));
    new ResizeObserver(() => this.drawSoon()).observe(element);
  }

  /** Shows another list. @param first its first window, as `load` gives it. @param sort what its rows are sorted by. */
  reset(first, selected = -1, sort = "corpus") {
    this.version++;
    this.sort = sort;
    this.chunks.clear();
    this.total = first.total;
    if (first.from % CHUNK === 0) this.chunks.set(first.from / CHUNK, first.rows);
    this.selected = Math.min(selected, first.total - 1);
    this.height = Math.min(first.total * ROW_HEIGHT, MOST_HEIGHT);
    this.inner.style.height = `${this.height}px`;
    if (this.selected >= 0) this.reveal(this.selected, true);
    else this.element.scrollTop = 0;
    this.redraw();
  }

  rowAt(position) {
    return this.chunks.get(Math.floor(position / CHUNK))?.[position % CHUNK];
  }

  /** Selects a row, waiting for it where it is not on this machine. */
  async select(position, isOpened = false) {
    if (this.total === 0) return;
    const at = Math.max(0, Math.min(this.total - 1, position));
    this.selected = at;
    this.reveal(at);
    this.draw();
    const { version } = this;
    await this.fetchChunk(Math.floor(at / CHUNK));
    if (version !== this.version || this.selected !== at) return;
    const row = this.rowAt(at);
    if (row) this.onSelect(row, isOpened);
  }

  // Where a row begins, and which row begins there: in a long list the two are only proportional.
  get scale() {
    const room = this.height - this.element.clientHeight;
    const whole = this.total * ROW_HEIGHT - this.element.clientHeight;
    return whole > room && room > 0 ? whole / room : 1;
  }

  reveal(at, isCentred = false) {
    const { element, scale } = this;
    const top = at * ROW_HEIGHT;
    const [above, view] = [element.scrollTop * scale, element.clientHeight];
    if (isCentred) element.scrollTop = Math.max(0, top - view / 2) / scale;
    else if (top < above) element.scrollTop = top / scale;
    else if (top + ROW_HEIGHT > above + view) {
      element.scrollTop = (top + ROW_HEIGHT - view) / scale;
    }
  }

  drawSoon() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  draw() {
    const { element, scale } = this;
    const above = element.scrollTop * scale;
    const offset = element.scrollTop - above;
    const first = Math.max(0, Math.floor(above / ROW_HEIGHT) - SPARE_ROWS);
    const shown = Math.ceil(element.clientHeight / ROW_HEIGHT) + 2 * SPARE_ROWS;
    const end = Math.min(this.total, first + shown);
    for (const [at, row] of this.drawn) {
      if (at >= first && at < end) continue;
      row.remove();
      this.drawn.delete(at);
    }
    // From the last to the first, so that each new row finds the one that it stands before.
    for (let at = end - 1; at >= first; at--) this.drawRow(at, offset);
    const chosen = this.drawn.get(this.selected);
    if (chosen) element.setAttribute("aria-activedescendant", chosen.id);
    else element.removeAttribute("aria-activedescendant");
    for (let chunk = Math.floor(first / CHUNK); chunk * CHUNK < end; chunk++) {
      if (!this.chunks.has(chunk)) this.fetchChunk(chunk);
    }
  }

  drawRow(at, offset) {
    const data = this.rowAt(at);
    let row = this.drawn.get(at);
    if (!row || (data && row.dataset.empty)) {
      row?.remove();
      row = this.makeRow(at, data);
      this.drawn.set(at, row);
      this.inner.insertBefore(row, this.drawn.get(at + 1) ?? null);
    }
    row.style.transform = `translateY(${at * ROW_HEIGHT + offset}px)`;
    row.setAttribute("aria-selected", String(at === this.selected));
  }

  makeRow(at, data) {
    const row = make("div", {
      role: "option",
      id: `row-${at}`,
      className: "row",
      "aria-setsize": String(this.total),
      "aria-posinset": String(at + 1),
      "data-at": String(at),
      "data-empty": data ? undefined : "1",
    });
    row.append(...(data ? describeRow(data, this.sort, this.isStarred(data)) : ["…"]));
    return row;
  }

  /** Draws anew the rows that are in view. */
  redraw() {
    for (const row of this.drawn.values()) row.remove();
    this.drawn.clear();
    this.draw();
  }

  async fetchChunk(chunk) {
    if (Array.isArray(this.chunks.get(chunk))) return;
    const { version } = this;
    const asked = this.chunks.get(chunk) ?? this.load(chunk * CHUNK, CHUNK);
    this.chunks.set(chunk, asked);
    const found = await asked.catch(() => undefined);
    if (version !== this.version) return;
    if (found) this.chunks.set(chunk, found.rows);
    else this.chunks.delete(chunk);
    if (found) this.drawSoon();
  }

  click(event) {
    const row = event.target.closest("[data-at]");
    if (row) this.select(Number(row.dataset.at), true);
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.element.clientHeight / ROW_HEIGHT) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page };
    const step = steps[event.key];
    if (step !== undefined) this.select(this.selected + step);
    else if (event.key === "Home") this.select(0);
    else if (event.key === "End") this.select(this.total - 1);
    else if (event.key === "Enter" || event.key === " ")
      this.select(Math.max(0, this.selected), true);
    else return;
    event.preventDefault();
  }
}

function describeRow(row, sort, isStarred) {
  const { emotion, prompt } = row;
  const head = make(
    "span",
    { className: "head" },
    make("b", {}, emotion),
    ` ${countOf(row, sort)}`,
    ...(isStarred
      ? [make("span", { className: "starred", role: "img", "aria-label": "starred" }, "★")]
      : []),
  );
  const said = makeSaid("span", prompt, { className: "prompt" });
  return [head, said, ...(row.differences ? comparisonOf(row) : [replyOf(row)])];
}

const VALUES = {
  surprise: (value) => `surprise ${value.toFixed(1)} bits`,
  disagreement: (value) => `scorers ${value.toFixed(2)} apart`,
  level: (value) => `expected level ${value.toFixed(2)}`,
  length: (value) => `${value} words`,
  rating: (value) => `people ${Math.round(100 * value)} of 100`,
};

function countOf({ matching, answers, differences, value }, sort) {
  const count = differences ? "" : `${matching} of ${answers} replies`;
  const told = typeof value === "number" ? VALUES[sort]?.(value) : undefined;
  return told ? `${count} · ${told}` : count;
}

function replyOf({ system, reply, levels }) {
  return make(
    "span",
    { className: "lead" },
    make("span", { className: "who" }, system),
    ...levels.map((level, metric) => makeLevel(metric, level)),
    makeSaid("span", reply, { className: "text" }),
  );
}

function comparisonOf({ levels, other, differences }) {
  const cells = differences.map((difference, metric) => {
    const [one, two] = [levels[metric] ?? "–", other.levels[metric] ?? "–"];
    const text = `${METRICS[metric]} ${one}→${two} ${signed(difference)}`;
    return make("span", { className: "difference" }, text);
  });
  return [make("span", { className: "lead" }, ...cells)];
}
