// What the report does in a browser: tables are sorted by a click on a column's head.
const keyOf = (row, at) => {
  const cell = row.cells[at];
  if (!("value" in cell.dataset)) return cell.textContent;
  return cell.dataset.value === "" ? Number.NEGATIVE_INFINITY : Number(cell.dataset.value);
};

const compare = (one, other) =>
  typeof one === "number" && typeof other === "number"
    ? one - other
    : String(one).localeCompare(String(other), "en");

for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  for (const [at, head] of heads.entries()) {
    head.querySelector("button").addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...table.tBodies[0].rows].sort((a, b) => {
        const order = compare(keyOf(a, at), keyOf(b, at));
        return down ? -order : order;
      });
      table.tBodies[0].append(...rows);
    });
  }
}
