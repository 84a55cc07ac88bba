// What passes the filters as a CSV file, with the reader's stars and notes. The browser makes it; nothing is sent.
import { ask } from "./ask.mjs";

// Spreadsheets run a cell that begins like this as a formula; an apostrophe before it makes it a text.
const FORMULA = /^'*[=+\-@\t\r＝＋－＠]/;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

/** Hands the browser a file of the replies that pass. @returns how many there are. */
export async function saveTable(query, marks) {
  const { columns, rows } = await ask("table", query);
  const lines = rows.map((row) => {
    const [dialogue, turn, system, sample] = row;
    const { star, note } = marks.of({ dialogue, turn, system, sample });
    return [...row, star ? 1 : 0, note];
  });
  const text = [[...columns, "star", "note"], ...lines].map((row) => row.map(toCell).join(","));
  const address = URL.createObjectURL(new Blob([`${text.join("\n")}\n`], { type: "text/csv" }));
  const link = document.createElement("a");
  Object.assign(link, { href: address, download: "replies.csv" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  return rows.length;
}

function toCell(value) {
  if (value === null) return "";
  const text = String(value);
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
