import { relative } from "node:path";
import type { Command } from "commander";
import { projectPath } from "../project";
import { writeReport } from "../report/write-report";

/** Adds `empathy report`. */
export function addReportCommand(program: Command): void {
  program
    .command("report")
    .description("write the results as one self-contained HTML page")
    .option("--out <file>", "the file to write", projectPath("report.html"))
    .action(({ out }: { out: string }) => {
      writeReport(out);
      process.stdout.write(`${relative(process.cwd(), out) || out}\n`);
    });
}
