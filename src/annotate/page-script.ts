/**
 * What a rater's page does in the browser. State is the rater's name, the levels given so far by reply (or that it was
 * left out), and the levels chosen for the reply at hand; it is kept in the browser's own storage under the plan's and the page's names, where there is one.
 */
export const PAGE_SCRIPT = String.raw`
"use strict";
(() => {
  const METRICS = ["er", "ip", "ex"];
  const HEADER = "plan,rater,reply,er,ip,ex";
  const LEFT_OUT = "left out";
  const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u;
  const { plan, page, replies } = JSON.parse(document.getElementById("data").textContent);
  const key = "empathy-annotate:" + plan + ":" + page;
  const find = (id) => document.getElementById(id);
  const form = find("levels");
  let state = { name: "", given: {}, chosen: {} };
  let unsaved = false;
  let storage = openStorage();

  function openStorage() {
    try {
      localStorage.setItem(key + ":try", "1");
      localStorage.removeItem(key + ":try");
      return localStorage;
    } catch {
      return undefined;
    }
  }

  function restore() {
    try {
      const kept = JSON.parse(storage.getItem(key));
      if (kept && typeof kept.name === "string") {
        state = { name: kept.name, given: checked(kept.given), chosen: kept.chosen || {} };
      }
    } catch {}
  }

  function checked(given) {
    const known = new Set(replies.map(({ id }) => id));
    const isGiven = ([id, levels]) =>
      known.has(id) && (levels === LEFT_OUT || METRICS.every((_, at) => [0, 1, 2].includes(levels[at])));
    return Object.fromEntries(Object.entries(given || {}).filter(isGiven));
  }

  function keep() {
    try {
      if (storage) storage.setItem(key, JSON.stringify(state));
    } catch {
      storage = undefined;
    }
    if (!storage) unsaved = Object.keys(state.given).length > 0;
    find("unkept").hidden = Boolean(storage);
  }

  const current = () => replies.find(({ id }) => !(id in state.given));
  const done = () => replies.filter(({ id }) => id in state.given);
  const isWhole = () => METRICS.every((metric) => state.chosen[metric] !== undefined);
  const say = (text) => { find("status").textContent = text; };

  function show(focus) {
    const reply = current();
    const count = done().length;
    find("start").hidden = Boolean(state.name);
    find("rate").hidden = !state.name || !reply;
    find("end").hidden = !state.name || Boolean(reply);
    find("tools").hidden = !state.name;
    find("progress").value = count;
    find("count").textContent = count + " of " + replies.length + " replies done" + (state.name ? ", as " + state.name : "");
    find("undo").setAttribute("aria-disabled", String(count === 0));
    if (reply && state.name) showReply(reply, count);
    if (focus) (state.name ? find(reply ? "heading" : "end-heading") : find("name")).focus();
  }

  function showReply({ context, reply }, count) {
    find("heading").textContent = "Reply " + (count + 1) + " of " + replies.length;
    const said = find("said");
    said.replaceChildren(...context.flatMap((text, at) => {
      const isListener = (context.length - at) % 2 === 0;
      return [element("dt", isListener ? "Listener" : "Speaker"), element("dd", text)];
    }));
    find("reply").textContent = reply;
    for (const metric of METRICS) {
      for (const input of form.elements[metric]) input.checked = state.chosen[metric] === Number(input.value);
    }
    showNext();
  }

  function element(tag, text) {
    const made = document.createElement(tag);
    made.textContent = text;
    made.dir = "auto";
    return made;
  }

  function showNext() {
    find("next").setAttribute("aria-disabled", String(!isWhole()));
  }

  function choose(metric, level) {
    state.chosen[metric] = level;
    for (const input of form.elements[metric]) input.checked = level === Number(input.value);
    keep();
    showNext();
  }

  function next() {
    const reply = current();
    if (!reply || !state.name) return;
    const lacking = METRICS.find((metric) => state.chosen[metric] === undefined);
    if (lacking) {
      say("Choose a level of " + form.querySelector("#legend-" + lacking).dataset.name + " first.");
      form.elements[lacking][0].focus();
      return;
    }
    state.given[reply.id] = METRICS.map((metric) => state.chosen[metric]);
    state.chosen = {};
    keep();
    say("Saved.");
    show(true);
  }

  function leaveOut() {
    const reply = current();
    if (!reply || !state.name) return;
    state.given[reply.id] = LEFT_OUT;
    state.chosen = {};
    keep();
    say("Left out.");
    show(true);
  }

  function undo() {
    const last = done().at(-1);
    if (!last || !state.name) return;
    const levels = state.given[last.id];
    const entries = METRICS.map((metric, at) => [metric, levels[at]]);
    state.chosen = levels === LEFT_OUT ? {} : Object.fromEntries(entries);
    delete state.given[last.id];
    keep();
    say("The last reply is open again, with the levels that you gave.");
    show(true);
  }

  function start(event) {
    event.preventDefault();
    const name = find("name").value.trim();
    if (!NAME.test(name)) {
      say("A name has up to 40 letters, digits, spaces, points, hyphens, and begins with a letter or digit.");
      find("name").setAttribute("aria-invalid", "true");
      find("name").focus();
      return;
    }
    state.name = name;
    find("guideline").open = false;
    keep();
    say("");
    show(true);
  }

  function download() {
    const rated = done().filter(({ id }) => state.given[id] !== LEFT_OUT);
    const rows = rated.map(({ id }) => [plan, state.name, id, ...state.given[id]].join(","));
    const file = new Blob([[HEADER, ...rows].join("\n") + "\n"], { type: "text/csv" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = plan + "-" + page + "-" + state.name.replace(/[^\p{L}\p{N}]+/gu, "-") + ".csv";
    link.click();
    URL.revokeObjectURL(link.href);
    unsaved = false;
    say("Your file holds " + rows.length + " of " + replies.length + " replies.");
  }

  async function goOn(event) {
    const [file] = event.target.files;
    if (!file) return;
    const [header, ...rows] = (await file.text()).replace(/^\ufeff/, "").trim().split(/\r?\n/).map((line) => line.split(","));
    event.target.value = "";
    if (header.join() !== HEADER || rows.length === 0 || rows.some(([of]) => of !== plan)) {
      say("That file was not written by this page, or holds no reply.");
      return;
    }
    state = { name: rows[0][1], given: checked(Object.fromEntries(rows.map(([, , id, ...levels]) => [id, levels.map(Number)]))), chosen: {} };
    keep();
    say("Going on after " + done().length + " replies.");
    show(true);
  }

  function forget() {
    if (!confirm("Delete your name and every level from this browser?")) return;
    state = { name: "", given: {}, chosen: {} };
    try { if (storage) storage.removeItem(key); } catch {}
    unsaved = false;
    say("Deleted.");
    show(true);
  }

  function press(event) {
    if (!find("keys").checked || event.ctrlKey || event.metaKey || event.altKey || !state.name) return;
    const { target } = event;
    if (target.matches("input[type=text], input[type=file]")) return;
    const at = "123456789".indexOf(event.key);
    if (at >= 0 && event.key.length === 1 && current()) choose(METRICS[Math.floor(at / 3)], at % 3);
    else if (event.key === "Enter" && !target.matches("button, summary, a")) next();
    else if (event.key === "Backspace") undo();
    else return;
    event.preventDefault();
  }

  form.addEventListener("change", ({ target }) => {
    if (METRICS.includes(target.name)) choose(target.name, Number(target.value));
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); next(); });
  find("leave-out").addEventListener("click", leaveOut);
  find("undo").addEventListener("click", undo);
  find("undo-end").addEventListener("click", undo);
  find("naming").addEventListener("submit", start);
  find("go-on").addEventListener("change", goOn);
  find("forget").addEventListener("click", forget);
  for (const button of document.querySelectorAll(".download")) button.addEventListener("click", download);
  addEventListener("keydown", press);
  addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });
  if (storage) restore();
  find("unkept").hidden = Boolean(storage);
  find("guideline").open = !state.name;
  show(false);
})();
`;
