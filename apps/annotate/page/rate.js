// What a rater's page does in the browser. State is the rater's name, and the levels given so far by reply (or that it was
// left out): each an entry of the browser's own storage, where there is one, under the plan's and the page's names. It is read
// anew before every step, so that two tabs go on from each other. The levels chosen for the reply at hand are the tab's own.

(() => {
  // Earlier pages did not ask for fit: what they kept, and their files, are gone on from, without it.
  const METRICS = ["er", "ip", "ex"];
  const QUESTIONS = [...METRICS, "fit"];
  const OLD_HEADER = `plan,rater,reply,${METRICS}`;
  const HEADER = `plan,rater,reply,${QUESTIONS}`;
  const LEFT_OUT = "left out";
  const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u;
  const { plan, page, replies } = JSON.parse(document.getElementById("data").textContent);
  const key = `empathy-annotate:${plan}:${page}`;
  const draftKey = `${key}:chosen`;
  const keyOf = (id) => `${key}:${id}`;
  const find = (id) => document.getElementById(id);
  const form = find("levels");
  const storage = openStorage();
  const pending = new Map();
  let state = { name: "", given: {} };
  let shown;
  let chosen = {};
  let unsaved = false;

  function openStorage() {
    try {
      localStorage.setItem(`${key}:try`, "1");
      localStorage.removeItem(`${key}:try`);
      return localStorage;
    } catch {
      return undefined;
    }
  }

  function read(entry) {
    if (pending.has(entry)) return parse(pending.get(entry));
    try {
      return parse(storage.getItem(entry));
    } catch {
      return null;
    }
  }

  function parse(text) {
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  }

  // What cannot be kept, since there is no storage or it is full, waits here, and is tried again with the next entry.
  function write(entry, value) {
    pending.set(entry, value === null ? null : JSON.stringify(value));
    for (const [name, text] of pending) {
      try {
        if (text === null) storage.removeItem(name);
        else storage.setItem(name, text);
        pending.delete(name);
      } catch {}
    }
  }

  function refresh() {
    const kept = read(key);
    const given = replies.map(({ id }) => [id, read(keyOf(id))]);
    state = { name: kept && typeof kept.name === "string" ? kept.name : "", given: checked(given) };
  }

  function checked(given) {
    const known = new Set(replies.map(({ id }) => id));
    const isGiven = ([id, levels]) =>
      known.has(id) &&
      (levels === LEFT_OUT ||
        QUESTIONS.every((question, at) => {
          const level = levels?.[at] ?? null;
          return levels && (level === null ? question === "fit" : isAnswer(question, level));
        }));
    return Object.fromEntries(given.filter(isGiven));
  }

  // Earlier pages kept everything in one entry.
  function restore() {
    const kept = read(key);
    if (kept?.given) {
      for (const [id, levels] of Object.entries(checked(Object.entries(kept.given)))) {
        if (read(keyOf(id)) === null) write(keyOf(id), levels);
      }
      if (pending.size === 0) write(key, { name: kept.name });
    }
    refresh();
    shown = current()?.id;
    const draft = kept?.given ? { reply: shown, levels: kept.chosen } : read(draftKey);
    if (draft && draft.reply === shown) chosen = draft.levels || {};
  }

  // Another tab may have rated the reply that is shown here, taken one back, or deleted all.
  function catchUp() {
    const { name } = state;
    refresh();
    if (state.name === name && current()?.id === shown) {
      showCount();
      return false;
    }
    say("This page is open in another tab, too; here it goes on from what you did there.");
    show(false);
    return true;
  }

  function note(text) {
    unsaved = pending.size > 0 && done().length > 0;
    find("unkept").hidden = Boolean(storage) && pending.size === 0;
    say(
      pending.size === 0 || !storage
        ? text
        : `${text} Your browser has no room to keep it: download your file.`,
    );
  }

  const current = () => replies.find(({ id }) => !(id in state.given));
  const done = () => replies.filter(({ id }) => id in state.given);
  const lacking = () => QUESTIONS.find((question) => chosen[question] === undefined);
  const isAnswer = (question, level) =>
    [...form.elements[question]].some(({ value }) => Number(value) === level);
  const say = (text) => {
    find("status").textContent = text;
  };

  function show(focus) {
    const reply = current();
    if (reply?.id !== shown) chosen = {};
    shown = reply?.id;
    find("start").hidden = Boolean(state.name);
    find("rate").hidden = !state.name || !reply;
    find("end").hidden = !state.name || Boolean(reply);
    find("tools").hidden = !state.name;
    showCount();
    if (reply && state.name) showReply(reply, done().length);
    if (focus) (state.name ? find(reply ? "heading" : "end-heading") : find("name")).focus();
  }

  function showCount() {
    const count = done().length;
    find("progress").value = count;
    find("count").textContent =
      `${count} of ${replies.length} replies done${state.name ? `, as ${state.name}` : ""}`;
    find("undo").setAttribute("aria-disabled", String(count === 0));
  }

  function showReply({ context, reply }, count) {
    find("heading").textContent = `Reply ${count + 1} of ${replies.length}`;
    const said = find("said");
    said.replaceChildren(
      ...context.flatMap((text, at) => {
        const isListener = (context.length - at) % 2 === 0;
        return [element("dt", isListener ? "Listener" : "Speaker"), element("dd", text)];
      }),
    );
    find("reply").textContent = reply;
    for (const question of QUESTIONS) {
      for (const input of form.elements[question])
        input.checked = chosen[question] === Number(input.value);
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
    find("next").setAttribute("aria-disabled", String(Boolean(lacking())));
    for (const question of QUESTIONS)
      form.querySelector(`#set-${question}`).classList.toggle("at-hand", question === atHand());
  }

  // The question that a digit answers: that in focus, or else the first without an answer.
  function atHand() {
    const set = document.activeElement?.closest("fieldset");
    return set ? set.dataset.question : lacking();
  }

  function choose(question, level) {
    if (catchUp()) return false;
    chosen[question] = level;
    for (const input of form.elements[question]) input.checked = level === Number(input.value);
    write(draftKey, { reply: shown, levels: chosen });
    showNext();
    return true;
  }

  function giveDigit(level) {
    const question = atHand();
    if (!question) {
      say(
        "Every question has its answer. Enter saves; to change one, go to it with Shift and Tab.",
      );
      return;
    }
    if (!isAnswer(question, level)) {
      say(`${level} is no answer to this question.`);
      return;
    }
    if (!choose(question, level)) return;
    const following = QUESTIONS[QUESTIONS.indexOf(question) + 1] || lacking();
    if (following)
      (
        [...form.elements[following]].find(({ checked }) => checked) || form.elements[following][0]
      ).focus();
    else find("next").focus();
  }

  function next() {
    if (!shown || !state.name || catchUp()) return;
    const question = lacking();
    if (question) {
      say(
        `Answer the question on ${form.querySelector(`#legend-${question}`).dataset.name} first.`,
      );
      form.elements[question][0].focus();
      return;
    }
    give(
      QUESTIONS.map((one) => chosen[one]),
      "Saved.",
    );
  }

  function leaveOut() {
    if (shown && state.name && !catchUp()) give(LEFT_OUT, "Left out.");
  }

  // One entry a reply: a tab never writes over what another has saved.
  function give(levels, text) {
    write(keyOf(shown), levels);
    write(draftKey, null);
    refresh();
    note(text);
    show(true);
  }

  function undo() {
    if (!state.name || catchUp()) return;
    const last = done().at(-1);
    if (!last) return;
    const levels = state.given[last.id];
    write(keyOf(last.id), null);
    refresh();
    note("The last reply is open again, with the levels that you gave.");
    shown = last.id;
    const entries = QUESTIONS.map((question, at) => [question, levels[at] ?? undefined]);
    chosen = levels === LEFT_OUT ? {} : Object.fromEntries(entries);
    show(true);
  }

  function start(event) {
    event.preventDefault();
    if (catchUp()) return;
    const name = find("name").value.trim().normalize();
    if (!NAME.test(name)) {
      say(
        "A name has up to 40 letters, digits, spaces, points, hyphens, and begins with a letter or digit.",
      );
      find("name").setAttribute("aria-invalid", "true");
      find("name").focus();
      return;
    }
    write(key, { name });
    refresh();
    find("guideline").open = false;
    note("");
    show(true);
  }

  function download() {
    refresh();
    const rated = done().filter(({ id }) => state.given[id] !== LEFT_OUT);
    const answersTo = (id) => QUESTIONS.map((_, at) => state.given[id][at] ?? "");
    const rows = rated.map(({ id }) => [plan, state.name, id, ...answersTo(id)].join(","));
    const file = new Blob([`${[HEADER, ...rows].join("\n")}\n`], { type: "text/csv" });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = `${plan}-${page}-${state.name.replace(/[^\p{L}\p{N}]+/gu, "-")}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
    unsaved = false;
    say(`Your file holds ${rows.length} of ${replies.length} replies.`);
  }

  async function goOn(event) {
    const [file] = event.target.files;
    if (!file) return;
    const [header, ...rows] = (await file.text())
      .replace(/^\ufeff/, "")
      .trim()
      .split(/\r?\n/)
      .map((line) => line.split(","));
    event.target.value = "";
    if (
      ![HEADER, OLD_HEADER].includes(header.join()) ||
      rows.length === 0 ||
      rows.some(([of]) => of !== plan)
    ) {
      say("That file was not written by this page, or holds no reply.");
      return;
    }
    refresh();
    const name = rows[0][1];
    if (state.name && state.name !== name) {
      say(`Another tab goes on as ${state.name}; that file is by ${name}.`);
      return;
    }
    const toLevel = (cell) => (cell === "" ? null : Number(cell));
    const found = checked(rows.map(([, , id, ...levels]) => [id, levels.map(toLevel)]));
    for (const [id, levels] of Object.entries(found))
      if (!(id in state.given)) write(keyOf(id), levels);
    write(key, { name });
    refresh();
    note(`Going on after ${done().length} replies.`);
    show(true);
  }

  function forget() {
    if (!confirm("Delete your name and every level from this browser?")) return;
    for (const entry of [key, draftKey, ...replies.map(({ id }) => keyOf(id))]) write(entry, null);
    refresh();
    unsaved = false;
    say("Deleted.");
    show(true);
  }

  function press(event) {
    if (!find("keys").checked || event.ctrlKey || event.metaKey || event.altKey || !state.name)
      return;
    const { target } = event;
    if (target.matches("input[type=text], input[type=file]")) return;
    const level = ["0", "1", "2"].indexOf(event.key);
    if (level >= 0 && shown) giveDigit(level);
    else if (event.key === "Enter" && !target.matches("button, summary, a")) next();
    else if (event.key === "Backspace") undo();
    else return;
    event.preventDefault();
  }

  form.addEventListener("change", ({ target }) => {
    if (QUESTIONS.includes(target.name)) choose(target.name, Number(target.value));
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    next();
  });
  find("leave-out").addEventListener("click", leaveOut);
  find("undo").addEventListener("click", undo);
  find("undo-end").addEventListener("click", undo);
  find("naming").addEventListener("submit", start);
  find("go-on").addEventListener("change", goOn);
  find("forget").addEventListener("click", forget);
  for (const button of document.querySelectorAll(".download"))
    button.addEventListener("click", download);
  form.addEventListener("focusin", showNext);
  form.addEventListener("focusout", () => setTimeout(showNext));
  addEventListener("keydown", press);
  addEventListener("storage", ({ key: entry }) => {
    if (entry === null || entry.startsWith(key)) catchUp();
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) catchUp();
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
  restore();
  find("unkept").hidden = Boolean(storage);
  find("guideline").open = !state.name;
  show(false);
})();
