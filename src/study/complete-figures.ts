import type { PlotlySpec } from "../figures/figure";
import { type FigureFiles, renderFigureFiles } from "../figures/figure-files";
import type { MimeBundle } from "../notebook/notebook-file";
import { PLOTLY_MIME } from "../notebook/show";

/**
 * Gives a plotly bundle the same figure as a static picture, and its title and description as text.
 *
 * A front end shows one of them: JupyterLab and VS Code the interactive figure, GitHub the picture.
 *
 * @param onFigure receives the files of each figure that is drawn.
 * @returns the completed bundle; a bundle without a figure is returned as it is.
 */
export async function completeFigure(
  bundle: MimeBundle,
  onFigure: (files: FigureFiles) => void,
): Promise<MimeBundle> {
  const spec = bundle[PLOTLY_MIME] as unknown as PlotlySpec | undefined;
  if (!spec?.layout?.meta?.figure) return bundle;
  const files = await renderFigureFiles(spec);
  onFigure(files);
  const svg = files.get(`${spec.layout.meta.figure}.svg`) as Buffer;
  const title = (spec.layout.title as { text: string }).text;
  return {
    ...bundle,
    "image/svg+xml": svg.toString(),
    "text/plain": `${title}. ${spec.layout.meta.alt}`,
  };
}
