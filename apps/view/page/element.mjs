import { findHits, visibleText } from "./visible-text.mjs";

/**
 * Makes an element. Properties that begin with `aria-` or `data-`, and `role`, are attributes; texts among the children become
 * text, never markup.
 */
export function make(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined) continue;
    if (/^(aria-|data-|role$|for$)/.test(name)) made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children);
  return made;
}

/** Makes an element with a text that someone wrote: as it is, in its own direction. */
export function makeSaid(tag, text, properties = {}) {
  return make(tag, { dir: "auto", ...properties }, visibleText(text));
}

/**
 * Fills an element with a text whose words may be marked and whose finds are shown.
 *
 * @param words `{ from, to, className, title }`, in order, apart from each other.
 */
export function fillText(parent, text, search, words = []) {
  const hits = findHits(text, search);
  const pieces = [];
  let at = 0;
  for (const { from, to, className, title } of words) {
    pieces.push(...withHits(text, at, from, hits));
    pieces.push(make("span", { className, title }, ...withHits(text, from, to, hits)));
    at = to;
  }
  pieces.push(...withHits(text, at, text.length, hits));
  parent.replaceChildren(...pieces);
}

function withHits(text, from, to, hits) {
  const pieces = [];
  let at = from;
  for (const [begin, end] of hits) {
    const [first, last] = [Math.max(begin, at), Math.min(end, to)];
    if (first >= last) continue;
    if (first > at) pieces.push(visibleText(text.slice(at, first)));
    pieces.push(make("mark", {}, visibleText(text.slice(first, last))));
    at = last;
  }
  if (at < to) pieces.push(visibleText(text.slice(at, to)));
  return pieces;
}

export const METRICS = ["ER", "IP", "EX"];

/** A level as a chip, such as `ER 2`. */
export function makeLevel(metric, level) {
  const shown = level === null ? "–" : String(level);
  const name = level === null ? `${METRICS[metric]}, no level` : undefined;
  return make(
    "span",
    { className: `level level-${level ?? "none"}`, title: name },
    `${METRICS[metric]} ${shown}`,
  );
}

/** A number with its sign, two decimals. */
export function signed(number) {
  if (number === null) return "–";
  const size = Math.abs(number).toFixed(2);
  return `${number < 0 && Number(size) > 0 ? "−" : "+"}${size}`;
}

/** A count with what is counted, such as `1 reply` or `2 replies`. */
export function counted(number, one, several) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : several}`;
}
