// The form of filters and orders. It holds what the address says, and tells what was chosen.
import { make } from "./element.mjs";
import { visibleText } from "./visible-text.mjs";

const SORT_NAMES = {
  corpus: "corpus",
  surprise: "surprise, in bits",
  disagreement: "disagreement between scorers",
  level: "level",
  length: "length",
  rating: "people’s rating",
  difference: "difference",
};
const LEVEL_NAMES = ["0", "1", "2"];
const METRIC_NAMES = {
  all: "ER + IP + EX",
  er: "ER, reaction",
  ip: "IP, interpretation",
  ex: "EX, exploration",
};
/** The names of filters whose values may be several. */
const MANY = ["systems", "emotions", "sentiments", "parts", "er", "ip", "ex"];
/** What says how replies are shown, and takes none away; two systems that are compared are one filter. */
const ORDER = ["sort", "order", "metric", "scorer", "by", "in", "b"];

/** The filters; `onChange` is called once something was chosen. */
export class Filters {
  constructor(form, about, onChange) {
    this.form = form;
    this.about = about;
    this.counts = new Map();
    form.append(...this.build());
    form.addEventListener("change", () => {
      this.showDependent();
      onChange();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.querySelector("#clear").addEventListener("click", () => {
      this.write(new URLSearchParams());
      onChange();
    });
  }

  build() {
    const { about } = this;
    const systems = about.systems.map(({ id }) => id);
    const isMany = about.scorers.length > 1;
    return [
      group("Order", [
        choice("sort", "Sort by", entriesOf(SORT_NAMES)),
        choice("order", "Direction", [
          ["", "usual"],
          ["desc", "most first"],
          ["asc", "least first"],
        ]),
        choice("metric", "Mechanism", entriesOf(METRIC_NAMES)),
        choice(
          "scorer",
          "Levels by",
          about.scorers.map((one) => [one, one]),
        ),
        choice("by", "A row is", [
          ["stimuli", "a stimulus"],
          ["replies", "a reply"],
        ]),
      ]),
      group("Compare two systems, runs or prompts", [
        choice("a", "First", [["", "–"], ...systems.map((id) => [id, id])]),
        choice("b", "Second", [["", "–"], ...systems.map((id) => [id, id])]),
        note("compare-note", ""),
      ]),
      group("Levels", [
        ...["er", "ip", "ex"].map((metric) =>
          this.boxes(metric, metric.toUpperCase(), LEVEL_NAMES),
        ),
        choice(
          "apart",
          "Scorers apart",
          [
            ["", "any"],
            ["1", "by a level or more"],
            ["2", "by two levels"],
          ],
          !isMany,
        ),
        ...(isMany
          ? []
          : [note("apart-note", "Only one scorer scored these replies; disagreement needs two.")]),
        box("rated", "1", "rated by people", about.rated === 0),
        ...(about.rated > 0
          ? []
          : [note("rated-note", "No ratings by people are on this machine.")]),
      ]),
      group("Prompts", [
        this.boxes("sentiments", "Sentiment", about.sentiments),
        ...(about.parts.length > 1 ? [this.boxes("parts", "From", about.parts)] : []),
        folded("Emotion", this.boxes("emotions", "Emotions", about.emotions)),
      ]),
      folded(`Systems (${systems.length})`, this.boxes("systems", "Systems", systems), true),
      ...about.notes.map((text) => note(undefined, visibleText(text))),
      make(
        "p",
        { className: "bar" },
        make("button", { type: "button", id: "clear" }, "Clear all"),
        make("button", { type: "button", id: "show-list" }, "Show the list"),
      ),
    ];
  }

  boxes(name, legend, values) {
    const labels = values.map((value) => {
      const count = make("span", { className: "tally" });
      this.counts.set(`${name} ${value}`, count);
      return box(name, value, value, false, count);
    });
    return make("fieldset", { className: "boxes" }, make("legend", {}, legend), ...labels);
  }

  /** Fills the form with what an address says. */
  write(query) {
    for (const field of this.form.elements) {
      if (!field.name) continue;
      if (field.type === "checkbox") field.checked = query.getAll(field.name).includes(field.value);
      else field.value = query.get(field.name) ?? usualOf(field);
      if (field.tagName === "SELECT" && field.selectedIndex < 0) field.selectedIndex = 0;
    }
    this.showDependent();
  }

  /** Says what is chosen, as an address has it; what is usual is left out. */
  read() {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      const field = this.form.elements[name];
      const isUsual = !MANY.includes(name) && name !== "rated" && value === usualOf(field);
      if (value !== "" && !isUsual) query.append(name, value);
    }
    if (!query.has("a") || !query.has("b") || query.get("a") === query.get("b")) {
      for (const name of ["a", "b"]) query.delete(name);
      if (query.get("sort") === "difference") query.delete("sort");
    }
    return query;
  }

  /** How many filters take replies away. */
  get active() {
    return new Set([...this.read().keys()].filter((name) => !ORDER.includes(name))).size;
  }

  /** Says how many replies each choice leaves. */
  showCounts({ systems, emotions, sentiments }) {
    for (const [at, { id }] of this.about.systems.entries()) this.tally("systems", id, systems[at]);
    for (const [name, count] of Object.entries(emotions)) this.tally("emotions", name, count);
    for (const [name, count] of Object.entries(sentiments)) this.tally("sentiments", name, count);
  }

  tally(name, value, count) {
    const shown = this.counts.get(`${name} ${value}`);
    if (shown) shown.textContent = ` ${count.toLocaleString("en")}`;
  }

  // Of two systems, pairs are sorted by their difference or stand in the corpus's order.
  showDependent() {
    const { a, b, sort, by } = this.form.elements;
    const isCompared = a.value !== "" && b.value !== "" && a.value !== b.value;
    const { scorers, rated } = this.about;
    const lacking = { disagreement: scorers.length < 2, rating: rated === 0 };
    for (const option of sort.options) {
      const { value } = option;
      const isOfPairs = value === "difference" || value === "corpus";
      const isOffered = isCompared ? isOfPairs : value !== "difference" && !lacking[value];
      option.disabled = !isOffered;
    }
    if (sort.selectedOptions[0]?.disabled) sort.value = isCompared ? "difference" : "corpus";
    by.disabled = isCompared;
    this.form.querySelector("#compare-note").textContent =
      a.value !== "" && a.value === b.value
        ? "Choose two that differ."
        : isCompared
          ? "Only stimuli that both answered. Differences are of the second less the first, in expected levels."
          : "";
  }
}

function entriesOf(names) {
  return Object.entries(names);
}

function usualOf(field) {
  return field.options?.[0]?.value ?? "";
}

function group(title, children) {
  return make("fieldset", { className: "group" }, make("legend", {}, title), ...children);
}

function folded(title, content, isOpen = false) {
  return make("details", { open: isOpen }, make("summary", {}, title), content);
}

function choice(name, label, options, isDisabled = false) {
  const made = options.map(([value, text]) => make("option", { value }, visibleText(text)));
  const select = make("select", { name, disabled: isDisabled }, ...made);
  return make("label", { className: "choice" }, make("span", {}, label), select);
}

function box(name, value, text, isDisabled = false, count = "") {
  const input = make("input", { type: "checkbox", name, value, disabled: isDisabled });
  return make("label", { className: "box" }, input, make("span", {}, visibleText(text), count));
}

function note(id, text) {
  return make("p", { id, className: "note" }, text);
}
