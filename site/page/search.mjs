// The search page: asks the index, which is loaded once it is opened, and lists what was found.
import MiniSearch from "minisearch";
import { firstPage, SEARCH_OPTIONS } from "../search-terms";

const input = document.getElementById("q");
const status = document.getElementById("status");
const list = document.getElementById("results");
const EXCERPT = 240;

const index = MiniSearch.loadJSON(globalThis.searchIndex, SEARCH_OPTIONS);
input.value = new URLSearchParams(location.search).get("q") ?? "";
input.addEventListener("input", show);
show();

function show() {
  const query = input.value.trim();
  const results = query === "" ? [] : index.search(query);
  const shown = firstPage(results);
  list.replaceChildren(...shown.map(toItem));
  status.textContent =
    query === "" ? "Type a question or a word." : say(shown.length, results.length);
  document.title = query === "" ? "Search" : `Search: ${query}`;
}

function say(shown, all) {
  if (all === 0) return "Nothing was found. Try fewer or other words.";
  return `The best ${shown} of ${all} places.`;
}

function toItem({ url, page, heading, text, terms }) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = url;
  link.textContent = heading || page;
  const words = document.createElement("p");
  words.append(...excerpt(text, terms));
  item.append(link, heading === "" || heading === page ? "" : ` · ${page}`, words);
  return item;
}

// The stretch of text that holds most of the words that were found, with these marked.
function excerpt(text, terms) {
  const pattern = new RegExp(`\\b(?:${terms.map(RegExp.escape ?? escapePattern).join("|")})`, "gi");
  const places = [...text.matchAll(pattern)].map(({ index: at }) => at);
  const within = (start) => places.filter((at) => at >= start && at < start + EXCERPT).length;
  const best = places.reduce((one, other) => (within(other) > within(one) ? other : one), 0);
  const start = Math.max(0, text.lastIndexOf(" ", Math.max(0, best - 40)));
  const shown = text.slice(start, start + EXCERPT);
  const parts = [start > 0 ? "… " : ""];
  let end = 0;
  for (const { 0: word, index: at } of shown.matchAll(pattern)) {
    const mark = document.createElement("mark");
    mark.textContent = word;
    parts.push(shown.slice(end, at), mark);
    end = at + word.length;
  }
  return [...parts, shown.slice(end), start + EXCERPT < text.length ? " …" : ""];
}

function escapePattern(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
