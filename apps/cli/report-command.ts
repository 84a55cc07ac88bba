import { existsSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { Command } from "commander";
import { keepFile } from "kit/files";
import { projectPath } from "../../src/project";
import { studyFolder } from "../../src/study/study";
import { formatReport } from "../report/write-report";
import { Progress } from "./progress";

/** Says what `empathy report` takes and does. */
export function defineReport(command: Command): void {
  command
    .option("--study <name>", "whose results; the published study's by default")
    .option(
      "--out <place>",
      "the file to write, or a folder for report.html (default: the study's folder)",
    )
    .action(async ({ study, out: given }: { study?: string; out?: string }) => {
      const folder = study === undefined ? projectPath() : studyFolder(study);
      const out = fileAt(given ?? folder);
      keepFile(out, await new Progress().during(`writing ${out}`, () => formatReport(folder)));
      process.stdout.write(`${relative(process.cwd(), out) || out}\n`);
    });
}

// A page that stands alone: the folder that it is kept in needs nothing else.
function fileAt(place: string): string {
  const isFolder = /[/\\]$/.test(place) || (existsSync(place) && statSync(place).isDirectory());
  return isFolder ? join(place, "report.html") : place;
}
