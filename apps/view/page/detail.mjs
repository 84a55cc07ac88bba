// One stimulus, and every reply to it side by side.
import { formatAddress } from "./address.mjs";
import { ask, describeFault } from "./ask.mjs";
import { counted, fillText, METRICS, make, makeLevel, makeSaid, signed } from "./element.mjs";

const LEAST_CHANGE = 0.02;
const STRONG_CHANGE = 0.2;

/** The open stimulus; `onStep` is told of keys that lead out of it, `onMark` that a star or a note was changed. */
export class Detail {
  constructor(element, { systems, marks, onStep, onMark }) {
    this.element = element;
    this.marks = marks;
    this.onMark = onMark;
    this.systems = new Map(systems.map((system) => [system.id, system]));
    this.version = 0;
    this.isAll = false;
    element.addEventListener("keydown", (event) => this.press(event, onStep));
  }

  /** Shows a stimulus. @param place the reply that is chosen. */
  async show(place, query) {
    const version = ++this.version;
    const { dialogue, turn } = place;
    const params = new URLSearchParams(query);
    for (const [name, value] of Object.entries({ dialogue, turn })) params.set(name, value);
    const stimulus = await ask("stimulus", params).catch(describeFault);
    if (version !== this.version) return;
    if (typeof stimulus === "string") {
      this.say(stimulus);
      return;
    }
    Object.assign(this, { stimulus, place, query });
    this.draw();
    this.markWords(version);
  }

  say(text) {
    this.version++;
    this.element.replaceChildren(make("p", { className: "empty" }, text));
  }

  draw() {
    const { stimulus, query, place } = this;
    const compared = [query.get("a"), query.get("b")].filter(Boolean);
    const matching = stimulus.replies.filter(({ isMatching }) => isMatching);
    const chosen =
      compared.length === 2
        ? compared.flatMap((id) => stimulus.replies.filter(({ system }) => system === id))
        : matching;
    const isPart = chosen.length < stimulus.replies.length && chosen.length > 0;
    const shown = isPart && !this.isAll ? chosen : stimulus.replies;
    this.cards = shown.map((reply) => this.makeCard(reply, isSame(reply, place)));
    this.element.replaceChildren(
      ...this.describe(stimulus),
      ...(compared.length === 2 ? [this.describePair(compared)] : []),
      make(
        "div",
        { className: "bar" },
        make("h3", {}, `${shown.length} of ${stimulus.replies.length} replies`),
        ...(isPart ? [this.makeSwitch(compared.length === 2)] : []),
        make("p", { id: "marking", className: "note" }, ""),
      ),
      make("div", { className: "cards" }, ...this.cards),
    );
    this.element.scrollTop = 0;
    const current = this.cards.find((card) => card.getAttribute("aria-current") === "true");
    if (current && this.cards.indexOf(current) > 1) current.scrollIntoView({ block: "nearest" });
  }

  makeSwitch(isCompared) {
    const input = make("input", { type: "checkbox", checked: this.isAll });
    input.addEventListener("change", () => {
      this.isAll = input.checked;
      this.draw();
      this.markWords(this.version);
    });
    const rest = isCompared ? "other systems’ replies too" : "those that the filters leave out too";
    return make("label", { className: "box" }, input, make("span", {}, rest));
  }

  describe({ dialogue, turn, emotion, sentiment, part, situation, context }) {
    const said = context.flatMap((text, at) => {
      const isListener = (context.length - at) % 2 === 0;
      return [make("dt", {}, isListener ? "Listener" : "Speaker"), makeSaid("dd", text)];
    });
    return [
      make("p", { className: "back" }, make("button", { type: "button", id: "back" }, "← List")),
      make(
        "h2",
        { id: "detail-heading", tabIndex: -1 },
        make("b", {}, emotion),
        make("small", {}, ` ${sentiment} · ${part} · `),
        makeSaid("small", `${dialogue}, turn ${turn}`),
      ),
      ...(situation === ""
        ? []
        : [makeSaid("p", `Situation: ${situation}`, { className: "situation" })]),
      make("dl", { className: "said" }, ...said),
    ];
  }

  /** What the two compared systems are: two prompts differ here. */
  describePair(ids) {
    const systems = ids.flatMap((id) => this.systems.get(id) ?? []);
    const row = (name, key) =>
      make(
        "tr",
        {},
        make("th", { scope: "row" }, name),
        ...systems.map((one) => makeSaid("td", one[key] || "–")),
      );
    const head = make(
      "tr",
      {},
      make("td"),
      ...systems.map(({ id }) => makeSaid("th", id, { scope: "col" })),
    );
    const rows = [row("Model", "model"), row("Told", "instruction"), row("Asked", "way")];
    return make(
      "div",
      { className: "pair" },
      make("table", {}, make("thead", {}, head), make("tbody", {}, ...rows)),
    );
  }

  makeCard(reply, isCurrent) {
    const { system, sample, text, words } = reply;
    const name = sample === 1 ? system : `${system}, sample ${sample}`;
    const id = `card-${system}-${sample}`.replace(/[^\w-]/g, "_");
    const link = makeSaid("a", name, {
      href: formatAddress(this.query, reply),
      title: "a link to this reply",
    });
    const body = make("p", { className: "reply", dir: "auto" });
    fillText(body, text, this.query.get("q") ?? "");
    const card = make(
      "article",
      { className: "card", tabIndex: -1, "aria-labelledby": id },
      make("h4", { id }, link),
      make(
        "p",
        { className: "about" },
        `${this.describeSystem(system)}${counted(words, "word", "words")}`,
      ),
      body,
      make("p", { className: "effects" }),
      makeScores(reply),
      ...makeRatings(reply.ratings),
      ...this.makeMarks(reply, name),
    );
    if (isCurrent) card.setAttribute("aria-current", "true");
    return Object.assign(card, { reply, body });
  }

  /** A star and a note, which stay in this browser. */
  makeMarks(reply, name) {
    const { star, note } = this.marks.of(reply);
    const button = make("button", {
      type: "button",
      className: "star",
      "aria-pressed": String(star),
      "aria-label": `Star the reply of ${name}`,
    });
    const area = make("textarea", {
      rows: 1,
      value: note,
      "aria-label": `Note on the reply of ${name}`,
      placeholder: "note",
    });
    const change = (changed) => {
      this.marks.set(reply, changed);
      this.onMark(reply);
    };
    button.addEventListener("click", () => {
      const isOn = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(isOn));
      change({ star: isOn });
    });
    area.addEventListener("input", () => change({ note: area.value }));
    return [make("p", { className: "marks" }, button, area)];
  }

  describeSystem(id) {
    const { name = "", family = "" } = this.systems.get(id) ?? {};
    const isSaid = name === id || name.toLowerCase() === family.toLowerCase();
    const known = [isSaid ? "" : name, family].filter(Boolean);
    return known.length === 0 ? "" : `${known.join(", ")} · `;
  }

  /** Marks the words of one reply after the other, as long as the same stimulus is open. */
  async markWords(version) {
    const metric = ["er", "ip", "ex"].indexOf(this.query.get("metric"));
    for (const card of this.cards) {
      const { dialogue, turn, system, sample } = card.reply;
      const params = new URLSearchParams({ dialogue, turn, system, sample });
      const found = await ask("words", params).catch(() => undefined);
      if (version !== this.version) return;
      if (!found || !card.isConnected) continue;
      const words = found.words.map(({ from, to, changes }) => {
        const change = metric < 0 ? changes.reduce((sum, one) => sum + one, 0) : changes[metric];
        return { from, to, change };
      });
      this.mark(card, words);
      this.element.querySelector("#marking").textContent =
        `Words marked by their effect on ${metric < 0 ? "ER + IP + EX" : METRICS[metric]} (${found.scorer})`;
    }
  }

  mark(card, words) {
    const { text } = card.reply;
    const marked = words
      .filter(({ change }) => Math.abs(change) >= LEAST_CHANGE)
      .map(({ from, to, change }) => {
        const way = change > 0 ? "up" : "down";
        const strength = Math.abs(change) >= STRONG_CHANGE ? " strong" : "";
        return { from, to, change, className: `word ${way}${strength}`, title: signed(change) };
      });
    fillText(card.body, text, this.query.get("q") ?? "", marked);
    const most = [...marked].sort((one, other) => Math.abs(other.change) - Math.abs(one.change));
    const said = most
      .slice(0, 3)
      .map(({ from, to, change }) => `${text.slice(from, to)} ${signed(change)}`);
    const line = card.querySelector(".effects");
    line.replaceChildren(makeSaid("span", said.join(" · ")));
  }

  press(event, onStep) {
    if (
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      event.target.matches("input, select, textarea")
    )
      return;
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    const card = event.target.closest(".card");
    if (event.key === "Escape") onStep("back");
    else if (event.key === "s" && card && onStep("isOn", event.key))
      card.querySelector(".star").click();
    else if (step !== undefined && this.cards && onStep("isOn", event.key)) {
      const at = card ? this.cards.indexOf(card) + step : 0;
      const next = this.cards[Math.max(0, Math.min(this.cards.length - 1, at))];
      next?.focus();
    } else return;
    event.preventDefault();
  }
}

function isSame(reply, place) {
  return reply.system === place.system && String(reply.sample) === String(place.sample ?? 1);
}

function makeScores({ scores, surprise, apart }) {
  const head = make(
    "tr",
    {},
    make("td"),
    ...METRICS.map((name) => make("th", { scope: "col" }, name)),
  );
  const rows = scores.map(({ scorer, levels, missing }) =>
    make(
      "tr",
      {},
      makeSaid("th", scorer, { scope: "row" }),
      ...(levels.every((one) => one === null)
        ? [makeSaid("td", missing ?? "not scored", { colSpan: 3 })]
        : levels.map((one, metric) => make("td", {}, ...describeLevel(one, metric)))),
    ),
  );
  const line = (name, cells) =>
    make("tr", { className: "derived" }, make("th", { scope: "row" }, name), ...cells);
  const bits = surprise.map((one) => make("td", {}, one === null ? "–" : `${one.toFixed(1)} bits`));
  const levels = apart.map((one) => make("td", {}, one === null ? "–" : String(one)));
  const derived = [
    line("surprise", bits),
    ...(scores.length > 1 ? [line("scorers apart", levels)] : []),
  ];
  return make(
    "table",
    { className: "scores" },
    make("thead", {}, head),
    make("tbody", {}, ...rows, ...derived),
  );
}

function describeLevel(found, metric) {
  if (!found) return ["–"];
  const shares = found.probabilities.map((p) => Math.round(100 * p));
  const bar = make(
    "span",
    { className: "shares", "aria-hidden": "true" },
    ...shares.map((share, level) => {
      const part = make("span", { className: `share-${level}` });
      part.style.width = `${share}%`;
      return part;
    }),
  );
  const chip = makeLevel(metric, found.level);
  chip.textContent = String(found.level);
  return [
    chip,
    bar,
    make("small", { title: "probabilities of levels 0, 1, 2, in %" }, shares.join("/")),
  ];
}

function makeRatings(ratings) {
  if (ratings.length === 0) return [];
  const lines = ratings.map(({ by, said }) => make("li", {}, makeSaid("span", `${said} – ${by}`)));
  return [make("h5", {}, "People"), make("ul", { className: "ratings" }, ...lines)];
}
