import { PLOTLY_MIME } from "kit";
import { type FigureFiles, nameSpec, type PlotlySpec, renderFigureFiles } from "plotly-stills";
import type { Json, MimeBundle } from "run-notebooks";

/**
 * Gives a plotly bundle the same figure as a static picture, and its title and description as text.
 *
 * A front end shows one of them: JupyterLab and VS Code the interactive figure, GitHub the picture.
 *
 * @param onFigure receives the files of each figure of the study: one that has a name, `NN-name`.
 * @returns the completed bundle; a bundle without a figure is returned as it is.
 * @throws UserError if plotly cannot draw what the figure says.
 */
export async function completeFigure(
  bundle: MimeBundle,
  onFigure: (files: FigureFiles) => void,
): Promise<MimeBundle> {
  const given: Json | undefined = bundle[PLOTLY_MIME];
  if (given === undefined) return bundle;
  const { spec, isNamed, title } = nameSpec(given as Partial<PlotlySpec>);
  const files = await renderFigureFiles(spec);
  if (isNamed) onFigure(files);
  const { figure, alt } = spec.layout.meta;
  return {
    ...bundle,
    "image/svg+xml": (files.get(`${figure}.svg`) as Buffer).toString(),
    "text/plain": `${title}${/[?!.]$/.test(title) ? "" : "."} ${alt}`,
  };
}
