// The page: what the address says is shown, and what is chosen becomes the address.
import { formatAddress, readAddress } from "./address.mjs";
import { ask, describeFault } from "./ask.mjs";
import { Detail } from "./detail.mjs";
import { counted } from "./element.mjs";
import { Filters } from "./filters.mjs";
import { Marks } from "./marks.mjs";
import { ReplyList } from "./reply-list.mjs";
import { saveTable } from "./save-table.mjs";

const find = (id) => document.getElementById(id);
const WAIT_MS = 120;

class View {
  constructor(about) {
    this.about = about;
    this.query = new URLSearchParams();
    this.place = undefined;
    this.keys = find("keys");
    this.marks = new Marks(about.run);
    this.filters = new Filters(find("filters"), about, () => this.choose());
    this.list = new ReplyList(find("list"), {
      load: (from, count) => ask("rows", this.paramsOf({ from, count })),
      onSelect: (row, isOpened) => this.select(row, isOpened),
      isStarred: (row) => this.marks.of(row).star,
    });
    this.detail = new Detail(find("detail"), {
      systems: about.systems,
      marks: this.marks,
      onMark: () => this.showMarks(),
      onStep: (kind) => (kind === "isOn" ? this.keys.checked : this.back()),
    });
    this.listen();
  }

  listen() {
    find("search").addEventListener("submit", (event) => {
      event.preventDefault();
      find("list").focus();
    });
    find("q").addEventListener("input", () => this.chooseSoon());
    find("in").addEventListener("change", () => this.choose());
    find("show-filters").addEventListener("click", () => this.showFilters());
    find("save-table").addEventListener("click", () => this.save());
    find("show-help").addEventListener("click", () => find("help").showModal());
    find("close-help").addEventListener("click", () => find("help").close());
    find("show-list").addEventListener("click", () => {
      this.showFilters(false);
      this.back();
    });
    find("detail").addEventListener("click", (event) => {
      if (event.target.id === "back") this.back();
    });
    addEventListener("hashchange", () => this.follow());
    addEventListener("keydown", (event) => this.press(event));
  }

  paramsOf(more) {
    const params = new URLSearchParams(this.query);
    for (const [name, value] of Object.entries(more)) params.set(name, value);
    return params;
  }

  /** Shows what the address says. */
  async follow() {
    const { query, place } = readAddress(location.hash);
    this.filters.write(query);
    find("q").value = query.get("q") ?? "";
    find("in").value = query.get("in") ?? "replies";
    if (find("in").selectedIndex < 0) find("in").selectedIndex = 0;
    await this.refresh(query, place);
    if (!place) {
      this.setOpen(false);
      return;
    }
    this.place = place;
    this.setOpen(true);
    await this.detail.show(place, this.query);
  }

  showMarks() {
    this.list.redraw();
    if (this.marks.isKept) return;
    this.say("This browser keeps no stars and notes once the page is closed; save them as CSV.");
  }

  async save() {
    try {
      const count = await saveTable(this.query, this.marks);
      this.say(`${counted(count, "reply", "replies")} saved as replies.csv`);
    } catch (error) {
      this.say(describeFault(error), true);
    }
  }

  say(text, isFault = false) {
    find("count").textContent = text;
    find("count").classList.toggle("fault", isFault);
  }

  /** Takes up what the form and the search hold. */
  choose() {
    clearTimeout(this.timer);
    const query = this.filters.read();
    if (find("q").value.trim() !== "") {
      query.set("q", find("q").value);
      if (find("in").value !== "replies") query.set("in", find("in").value);
    }
    this.refresh(query, this.place).then(() => {
      if (this.place) this.detail.show(this.place, this.query);
    });
  }

  chooseSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.choose(), WAIT_MS);
  }

  /** Shows the list of a query, with a reply chosen where it is in it. */
  async refresh(query, place) {
    this.query = query;
    const version = (this.version ?? 0) + 1;
    this.version = version;
    this.showFilterCount();
    try {
      const [first, position] = await Promise.all([
        ask("rows", this.paramsOf({ from: 0, count: 100 })),
        place
          ? ask("position", this.paramsOf(placeParams(place))).catch(() => undefined)
          : undefined,
      ]);
      if (version !== this.version) return;
      this.list.reset(first, position?.at ?? -1, query.get("sort") ?? undefined);
      this.filters.showCounts(first.counts);
      this.say(this.describe(first));
    } catch (error) {
      if (version !== this.version) return;
      this.list.reset({ total: 0, from: 0, rows: [] });
      this.say(describeFault(error), true);
    }
    this.write(place, false);
  }

  describe({ total, replies, stimuli }) {
    const of = counted(stimuli, "stimulus", "stimuli");
    if (this.query.has("a")) return `${counted(total, "stimulus", "stimuli")} that both answered`;
    return `${counted(replies, "reply", "replies")} to ${of}`;
  }

  select(row, isOpened) {
    const { dialogue, turn, system, sample } = row;
    this.place = { dialogue, turn: String(turn), system, sample: String(sample) };
    if (isOpened) this.open();
    else {
      this.write(this.place, false);
      clearTimeout(this.showing);
      this.showing = setTimeout(() => this.detail.show(this.place, this.query), WAIT_MS);
    }
  }

  async open() {
    clearTimeout(this.showing);
    this.write(this.place, true);
    this.setOpen(true);
    await this.detail.show(this.place, this.query);
    find("detail-heading")?.focus({ preventScroll: true });
  }

  back() {
    this.setOpen(false);
    find("list").focus();
  }

  // On a narrow screen the list or the stimulus is shown, one at a time.
  setOpen(isOpen) {
    document.body.classList.toggle("open", isOpen);
  }

  write(place, isStep) {
    const hash = formatAddress(this.query, place);
    if (hash === location.hash) return;
    history[isStep ? "pushState" : "replaceState"](null, "", hash);
  }

  showFilters(isShown = !document.body.classList.contains("filtering")) {
    document.body.classList.toggle("filtering", isShown);
    find("show-filters").setAttribute("aria-expanded", String(isShown));
    if (isShown) find("filters").querySelector("select").focus();
  }

  showFilterCount() {
    const { active } = this.filters;
    find("filter-count").textContent = active === 0 ? "" : ` (${active})`;
  }

  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || find("help").open) return;
    const { target, key } = event;
    if (key === "Escape" && !event.defaultPrevented) {
      if (target.closest("#filters")) this.showFilters(false);
      this.back();
      return;
    }
    if (target.matches("input:not([type=checkbox]), select, textarea") || !this.keys.checked)
      return;
    const isInDetail = target.closest("#detail");
    const moves = { n: 1, p: -1, ...(isInDetail ? {} : { j: 1, k: -1 }) };
    if (moves[key] !== undefined) {
      find("list").focus({ preventScroll: true });
      this.list.select(this.list.selected + moves[key], document.body.classList.contains("open"));
    } else if (key === "/") find("q").focus();
    else if (key === "?") find("help").showModal();
    else if (key === "f") this.showFilters();
    else return;
    event.preventDefault();
  }
}

function placeParams({ dialogue, turn, system, sample }) {
  return { dialogue, turn, system, sample };
}

async function start() {
  try {
    const about = await ask("about", new URLSearchParams());
    const view = new View(about);
    if (matchMedia("(min-width: 70rem)").matches) view.showFilters(true);
    await view.follow();
    find("list").focus({ preventScroll: true });
  } catch (error) {
    find("count").textContent = describeFault(error);
  }
}

start();
