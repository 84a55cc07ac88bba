// Draws plotly figures in the classic notebook (notebook 6, nbclassic), which knows no such output itself.
// Without this file it shows the static picture that each figure carries.
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
    return area;
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
    // What the page showed before this file was loaded.
    for (const cell of Jupyter.notebook.get_cells()) redraw(cell);
  }

  return { load_ipython_extension };
});
