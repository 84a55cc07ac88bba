// Draws plotly figures in the classic notebook (notebook 6, nbclassic), which knows no such output itself.
// Without this file it shows the static picture that each figure carries. A figure that is wider than its place is drawn
// smaller, outputs are not put into scroll boxes, and long lines break between words only.
define(["base/js/namespace", "notebook/js/outputarea", "./plotly"], (Jupyter, outputarea) => {
  const MIME = "application/vnd.plotly.v1+json";

  function append(figure, metadata, element) {
    const area = this.create_output_subarea(metadata, "output_plotly rendered_html", MIME);
    const target = document.createElement("div");
    area.append(target);
    element.append(area);
    // Plotly writes into what it is given, and the notebook is saved from that.
    const { data, layout, config } = structuredClone(figure);
    globalThis.Plotly.newPlot(target, data, layout, { ...config, displaylogo: false });
    scaleDown(target, area[0], layout);
    return area;
  }

  // Plotly finds the mark below the pointer in a figure that is scaled so, too.
  function scaleDown(target, area, { width, height }) {
    target.style.transformOrigin = "0 0";
    target.style.width = `${width}px`;
    const scale = ([{ contentRect }]) => {
      const ratio = Math.min(1, contentRect.width / width || 1);
      target.style.transform = ratio < 1 ? `scale(${ratio})` : "";
      area.style.height = `${Math.ceil(height * ratio) + 12}px`;
      area.style.overflow = "hidden";
    };
    new ResizeObserver(scale).observe(area);
  }

  function breakBetweenWords() {
    const style = document.createElement("style");
    style.textContent =
      ".output_subarea pre { word-break: normal; overflow-wrap: anywhere; } .output_png img, .output_svg svg { max-width: 100%; height: auto; }";
    document.head.append(style);
  }

  function redraw(cell) {
    const shown = cell.output_area;
    if (!shown?.outputs.some(({ data }) => data?.[MIME])) return;
    const outputs = shown.toJSON();
    shown.clear_output();
    shown.fromJSON(outputs, cell.metadata);
  }

  function load_ipython_extension() {
    outputarea.OutputArea.prototype.register_mime_type(MIME, append, { safe: true, index: 0 });
    outputarea.OutputArea.auto_scroll_threshold = -1;
    breakBetweenWords();
    // What the page showed before this file was loaded.
    for (const cell of Jupyter.notebook.get_cells()) {
      cell.output_area?.unscroll_area();
      redraw(cell);
    }
  }

  return { load_ipython_extension };
});
