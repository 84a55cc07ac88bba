/**
 * What the report does in a browser: each figure is drawn by plotly when it comes into view, its picture
 * standing in until then, and tables are sorted by a click on a column's head.
 */
export const PAGE_SCRIPT = `
(() => {
  const draw = (figure) => {
    const picture = figure.querySelector(".picture"), drawing = figure.querySelector(".drawing");
    const spec = JSON.parse(figure.querySelector("script").textContent);
    drawing.hidden = false;
    Plotly.newPlot(drawing, spec.data, spec.layout, { ...spec.config, displayModeBar: false }).then(() => {
      picture.style.display = "none";
      drawing.querySelectorAll("svg").forEach((svg) => svg.setAttribute("aria-hidden", "true"));
      figure.dataset.drawn = "yes";
    });
  };
  const isWide = () => window.innerWidth >= 1000;
  const watch = new IntersectionObserver((seen) => {
    for (const { isIntersecting, target } of seen) {
      if (!isIntersecting || !isWide()) continue;
      watch.unobserve(target);
      draw(target);
    }
  }, { rootMargin: "200px" });
  document.querySelectorAll("figure[data-figure]").forEach((figure) => watch.observe(figure));
  const valueOf = (row, at) => {
    const cell = row.cells[at];
    if (!("value" in cell.dataset)) return cell.textContent;
    return cell.dataset.value === "" ? -Infinity : Number(cell.dataset.value);
  };
  document.querySelectorAll("table.sortable").forEach((table) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, at) => head.querySelector("button").addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...table.tBodies[0].rows].sort((a, b) => {
        const [x, y] = [valueOf(a, at), valueOf(b, at)];
        const order = typeof x === "number" && typeof y === "number" ? x - y : String(x).localeCompare(String(y), "en");
        return down ? -order : order;
      });
      table.tBodies[0].append(...rows);
    }));
  });
})();
`;
