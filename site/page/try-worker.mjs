// Reads a table and fits, beside the page: the code of `empathy fit` and `empathy meta`, with their messages.
import { UserError } from "kit";
import { layOutFit, sheetToHtml } from "mixed-models";
import { fitModel } from "../../apps/cli/fit-model";
import { tablesOf } from "../../apps/cli/fit-print";
import { answerQuestions, readQuestions } from "../../apps/cli/fit-questions";
import { forestOf } from "../../apps/cli/fit-rows";
import { listRows, metaOf } from "../../apps/cli/meta-of";
import { layOutMeta } from "../../apps/cli/meta-print";
import { readMetaTable } from "../../apps/cli/meta-table";
import { readCsvTable } from "../../packages/kit/src/tables/read-columns";

const LEVEL = 0.95;
const JOBS = { fit, meta, columns };

addEventListener("message", async ({ data: { kind, name, bytes, flags } }) => {
  const notes = [];
  // A file as its reader takes it: chunks of bytes that come one after another.
  const input = (async function* () {
    yield new Uint8Array(bytes);
  })();
  try {
    const options = { input, onNote: (note) => notes.push(note) };
    postMessage({ ...(await JOBS[kind](name, options, flags)), notes });
  } catch (error) {
    const isTheirs = error instanceof UserError;
    postMessage({
      error: isTheirs ? error.message : `this page failed: ${error.message ?? error}`,
    });
  }
});

async function columns(name, options) {
  const table = await readCsvTable(name, options);
  const names = Object.keys(table);
  return { names, size: table[names[0]]?.length ?? 0 };
}

async function fit(name, options, flags) {
  const questions = readQuestions(flags, flags.family);
  const table = await readCsvTable(name, options);
  const fitted = fitModel(flags, table);
  const answers = answerQuestions(fitted, questions);
  const sheet = layOutFit(fitted);
  const tables = [...sheet.tables, ...answers.flatMap((answer) => tablesOf(fitted, answer))];
  return { html: sheetToHtml({ ...sheet, tables }), forest: forestOf(fitted, answers) };
}

async function meta(name, options, flags) {
  const table = await readMetaTable({ ...flags, data: name }, options);
  const { fit: fitted, predictions } = metaOf({ ...flags, level: LEVEL }, table);
  const rows = listRows(table, fitted, predictions);
  const title = "Effects and their mean, with 95 % intervals; pale: the next true effect";
  return {
    html: sheetToHtml(layOutMeta(fitted, predictions)),
    forest: { title, axis: flags.effect, reference: 0, rows },
  };
}
