// Mixed models and meta-analyses of one's own table, in the page: nothing is sent anywhere.
import { drawForest } from "./forest.mjs";
import { fitInR, metaInR, toCommand } from "./r-code.mjs";

const byId = (id) => document.getElementById(id);
const forms = { fit: byId("fit"), meta: byId("meta") };
const [chooser, file, status, fault, result] = ["kind", "file", "status", "fault", "result"].map(
  byId,
);
const WIDEST_PX = 720;
// The table at hand: its name, and its bytes.
let table;
let running;

chooser.addEventListener("change", showForm);
file.addEventListener("change", async () => {
  const [chosen] = file.files;
  if (chosen) await open(chosen.name, await chosen.arrayBuffer());
});
for (const button of document.querySelectorAll("[data-example]")) {
  button.addEventListener("click", () => openExample(JSON.parse(button.dataset.example)));
}
for (const [kind, form] of Object.entries(forms)) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(kind);
  });
}
byId("stop").addEventListener("click", () => stop("Stopped."));
showForm();

function showForm() {
  for (const [kind, form] of Object.entries(forms)) form.hidden = kind !== chooser.value;
}

async function openExample({ kind, id, flags }) {
  chooser.value = kind;
  showForm();
  forms[kind].reset();
  for (const [name, value] of Object.entries(flags)) forms[kind].elements[name].value = value;
  file.value = "";
  // Example tables stand in the page: a page that is opened from a folder can fetch nothing.
  const text = byId(`table-${id}`).textContent;
  if (await open(`${id}.csv`, new TextEncoder().encode(text).buffer)) await run(kind);
}

async function open(name, bytes) {
  table = { name, bytes };
  result.replaceChildren();
  const answer = await ask("columns", `Reading ${name}`, {});
  if (!answer) return false;
  const { names, size, seconds } = answer;
  status.textContent = `${name}: ${size.toLocaleString("en-US")} rows, read in ${seconds} s. Columns: ${names.join(", ")}.`;
  return true;
}

async function run(kind) {
  if (!table) {
    showFault("choose a CSV file, or an example");
    return;
  }
  const { name } = table;
  const flags = Object.fromEntries(
    [...new FormData(forms[kind])]
      .map(([key, value]) => [key, value.trim()])
      .filter(([, value]) => value !== ""),
  );
  const answer = await ask(kind, kind === "fit" ? "Fitting" : "Estimating", flags);
  if (!answer) return;
  const { html, forest, notes, seconds } = answer;
  status.textContent = `Done in ${seconds} s.`;
  const code = kind === "fit" ? fitInR(name, flags) : metaInR(name, flags);
  show(html, forest, notes, { code, command: toCommand(kind, name, flags) });
}

/** Asks a worker of its own, which can be stopped; undefined where it was, or where the answer is a fault. */
function ask(kind, doing, flags) {
  stop("");
  fault.hidden = true;
  const started = performance.now();
  const elapsed = () => ((performance.now() - started) / 1000).toFixed(1);
  const address = URL.createObjectURL(
    new Blob([globalThis.workerCode], { type: "text/javascript" }),
  );
  const worker = new Worker(address);
  const { name, bytes } = table;
  byId("stop").hidden = false;
  status.textContent = `${doing} …`;
  const clock = setInterval(() => {
    status.textContent = `${doing} … ${elapsed()} s`;
  }, 500);
  return new Promise((resolve) => {
    const end = (answer) => {
      clearInterval(clock);
      worker.terminate();
      URL.revokeObjectURL(address);
      byId("stop").hidden = true;
      running = undefined;
      resolve(answer);
    };
    running = end;
    worker.onmessage = ({ data }) => {
      end(data.error === undefined ? { ...data, seconds: elapsed() } : undefined);
      if (data.error !== undefined) showFault(data.error);
    };
    worker.onerror = ({ message }) => {
      end(undefined);
      showFault(`this page failed: ${message}`);
    };
    worker.postMessage({ kind, name, bytes, flags });
  });
}

function stop(said) {
  running?.(undefined);
  status.textContent = said;
}

function showFault(message) {
  status.textContent = "";
  fault.hidden = false;
  fault.textContent = `empathy: ${message}`;
  result.replaceChildren();
}

function show(html, forest, notes, { code, command }) {
  const tables = document.createElement("div");
  tables.innerHTML = html;
  for (const one of tables.querySelectorAll("table")) wrap(one, "scroll");
  const drawn =
    forest.rows.length === 0
      ? []
      : [wrap(drawForest(forest, Math.min(WIDEST_PX, result.clientWidth)), "drawing")];
  result.replaceChildren(
    heading("Result"),
    ...notes.map((note) => paragraph(`Note: ${note}`)),
    tables,
    heading("Forest plot"),
    paragraph(
      drawn.length === 0
        ? "There is nothing to draw; no estimate has an interval."
        : `${forest.title}.`,
    ),
    ...drawn,
    heading("The same in R"),
    block(code),
    heading("The same as a command"),
    block(command),
  );
}

function wrap(element, kind) {
  const box = document.createElement("div");
  box.className = kind;
  box.tabIndex = 0;
  element.replaceWith(box);
  box.append(element);
  return box;
}

function heading(text) {
  return Object.assign(document.createElement("h2"), { textContent: text });
}

function paragraph(text) {
  return Object.assign(document.createElement("p"), { textContent: text });
}

function block(text) {
  const pre = Object.assign(document.createElement("pre"), { textContent: text, tabIndex: 0 });
  return pre;
}
