import { relative } from "node:path";
import type { Command } from "commander";
import { keepFile } from "../keep-file";
import { projectPath } from "../project";
import { formatReport } from "../report/write-report";

/** Adds `empathy report`. */
export function addReportCommand(program: Command): void {
  program
    .command("report")
    .description("write the results as one self-contained HTML page")
    .option("--out <file>", "the file to write", projectPath("report.html"))
    .action(({ out }: { out: string }) => {
      keepFile(out, formatReport());
      process.stdout.write(`${relative(process.cwd(), out) || out}\n`);
    });
}
