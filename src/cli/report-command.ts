import { relative } from "node:path";
import type { Command } from "commander";
import { keepFile } from "../keep-file";
import { projectPath } from "../project";
import { formatReport } from "../report/write-report";
import { Progress } from "./progress";

/** Says what `empathy report` takes and does. */
export function defineReport(command: Command): void {
  command
    .option("--out <file>", "the file to write", projectPath("report.html"))
    .action(async ({ out }: { out: string }) => {
      keepFile(out, await new Progress().during(`writing ${out}`, () => formatReport()));
      process.stdout.write(`${relative(process.cwd(), out) || out}\n`);
    });
}
