import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { countNoun, UserError } from "kit";
import { keepFile } from "kit/files";
import {
  nameSpec,
  type PlotlySpec,
  type Printed,
  parsePrintWidth,
  renderForPrint,
} from "plotly-stills";
import { addExamples } from "./empathy-command";
import { FIGURE_FORMATS, type FigureFormat, writePrinted } from "./figure-file";
import { printable } from "./printable";
import { Progress } from "./progress";
import {
  definePaper,
  filesIn,
  notRunYet,
  type PaperFlags,
  paperPlace,
  parseFormats,
  shownPath,
} from "./study-paper";

interface Flags extends PaperFlags {
  readonly width: string;
  readonly titles?: boolean;
}

// What a page leaves between its margins.
const PAGE_MM = 240;

/** Says what `empathy study figures` takes and does. */
export function defineStudyFigures(command: Command): void {
  definePaper(command, FIGURE_FORMATS)
    .description("write every figure of a study for a paper: as PDF, SVG and PNG, at its width")
    .option("--width <mm>", "of the figures, such as 85mm (a column) or 180mm (a page)", "85mm")
    .option("--titles", "leave the titles above the figures, as for slides")
    .action(writeFigures);
  addExamples(command, [
    "empathy study figures mine --width 85mm",
    "empathy study figures published --width 180mm --format pdf --out figures-of-the-paper",
  ]);
}

async function writeFigures(name: string, flags: Flags): Promise<void> {
  const widthMm = parsePrintWidth(flags.width);
  const formats = parseFormats(flags.format, FIGURE_FORMATS);
  const { root, out } = paperPlace(name, flags, `figures-${widthMm}mm`);
  const specs = readSpecs(root, name);
  const progress = new Progress();
  let refused = 0;
  for (const [at, spec] of specs.entries()) {
    const { figure } = spec.layout.meta;
    progress.show(`${figure} (${at + 1} of ${specs.length}) …`);
    try {
      const printed = await renderForPrint(spec, { widthMm, titles: flags.titles === true });
      await keepPrinted(join(out, figure), printed, formats);
      progress.clear();
      process.stdout.write(printable(`${describe(figure, printed)}\n`));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      progress.note(`empathy: ${error.message}`);
      refused++;
    }
  }
  const written = countNoun(specs.length - refused, "figure");
  process.stdout.write(printable(`${written} as ${formats.join(", ")} in ${shownPath(out)}\n`));
  if (refused > 0) process.exitCode = 1;
}

/** The specs of a study's figures, in the order of their names. */
function readSpecs(root: string, name: string): PlotlySpec[] {
  const files = filesIn(join(root, "figures"), ".json");
  if (files.length === 0) throw notRunYet(root, name, "figures");
  return files.map(readSpec);
}

function readSpec(path: string): PlotlySpec {
  try {
    return nameSpec(JSON.parse(readFileSync(path, "utf8"))).spec;
  } catch (error) {
    if (!(error instanceof UserError || error instanceof SyntaxError)) throw error;
    throw new UserError(
      `${shownPath(path)}: is no figure (${error.message}); run the study again, or remove the file`,
    );
  }
}

async function keepPrinted(
  path: string,
  printed: Printed,
  formats: readonly FigureFormat[],
): Promise<void> {
  for (const format of formats) {
    keepFile(`${path}.${format}`, await writePrinted(printed, format));
  }
}

function describe(figure: string, { widthMm, heightMm }: Printed): string {
  const size = `${figure}  ${widthMm} × ${heightMm.toFixed(0)} mm`;
  return heightMm > PAGE_MM ? `${size}, higher than a page; give it a larger --width` : size;
}
