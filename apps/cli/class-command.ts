import { mkdirSync } from "node:fs";
import { dirname, extname, join, relative } from "node:path";
import type { Command } from "commander";
import { UserError } from "kit";
import { keepFile } from "kit/files";
import { tableToText } from "mixed-models";
import { collectClass, tabulateClass } from "../teaching/collect-class";
import { findRepository, listLinks } from "../teaching/launch-links";
import { readLessons } from "../teaching/lessons";
import { measureLesson } from "../teaching/reading-time";
import { formatSlides } from "../teaching/slides";
import { printable } from "./printable";
import { Progress } from "./progress";
import { formatTable } from "./table-file";

interface Flags {
  readonly collect?: string;
  readonly run?: boolean;
  readonly csv?: string;
  readonly slides?: string | true;
  readonly minutes?: boolean;
  readonly links?: boolean;
}

/** Says what `empathy class` takes and does. */
export function defineClass(command: Command): void {
  command
    .option("--collect <folder>", "a table of what came of the exercises in students' copies")
    .option("--run", "with --collect: run their answers here, in the committed lessons")
    .option("--csv <file>", "with --collect: write the table to a file, too")
    .option("--slides [folder]", "write each lesson as slides (default: class/slides)")
    .option("--minutes", "measure how long lessons take, and write it on their pages")
    .option("--links", "print addresses that open the lessons without an installation")
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const { collect, slides, minutes, links } = flags;
  const chosen = [collect, slides, minutes, links].filter((one) => one !== undefined);
  if (chosen.length !== 1) {
    throw new UserError("class: say one of --collect FOLDER, --slides, --minutes, --links");
  }
  if (collect === undefined && (flags.run || flags.csv !== undefined)) {
    throw new UserError("class: --run and --csv go with --collect FOLDER");
  }
  if (collect !== undefined) await printClass(collect, flags);
  else if (slides !== undefined)
    await writeSlides(slides === true ? join("class", "slides") : slides);
  else if (minutes) await measureLessons();
  else printLinks();
}

async function printClass(folder: string, { run: isRun, csv }: Flags): Promise<void> {
  if (csv !== undefined && extname(csv).toLowerCase() !== ".csv") {
    throw new UserError(`--csv ${csv}: the name should end in .csv`);
  }
  const progress = new Progress();
  const onCopy = (copy: string) => progress.show(`looking at ${copy} …`);
  const judged = await collectClass(folder, { onCopy, ...(isRun ? { isRun } : {}) });
  progress.clear();
  const table = tabulateClass(judged);
  if (csv !== undefined) keepFile(csv, formatTable(table, "csv", "class"));
  const source = isRun
    ? "Each answer was run in the committed lesson."
    : "Read from what the copies hold, which a student can edit; --run runs each answer in the committed lesson, on this machine.";
  process.stdout.write(printable(`${tableToText(table)}\n\n${source}\n`));
}

async function writeSlides(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const lesson of readLessons()) {
    const path = join(folder, `${lesson.name}.html`);
    keepFile(path, formatSlides(lesson));
    process.stdout.write(`${path}\n`);
  }
}

async function measureLessons(): Promise<void> {
  for (const { name, path, notebook } of readLessons()) {
    const { text, line } = await new Progress().during(`running ${name}`, () =>
      measureLesson(notebook, dirname(path)),
    );
    keepFile(path, text);
    process.stdout.write(
      `${relative(process.cwd(), path)}: ${line.replace(/\*\*Time\.\*\* /, "")}\n`,
    );
  }
}

function printLinks(): void {
  const repository = findRepository();
  const note = repository
    ? ""
    : "This clone's origin is not on GitHub: put the place of yours where OWNER/REPOSITORY stands.\n";
  process.stdout.write(`${note}${listLinks(readLessons(), repository).join("\n")}\n`);
}
