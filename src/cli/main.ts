import { readFileSync } from "node:fs";
import { Command } from "commander";
import { projectPath } from "../project";
import { UserError } from "../user-error";
import { addAgreeCommand } from "./agree-command";
import { addAskCommand } from "./ask-command";
import { addDataCommand } from "./data-command";
import { addFitCommand } from "./fit-command";
import { addImportCommand } from "./import-command";
import { Interrupted } from "./interruption";
import { printable } from "./printable";
import { addReportCommand } from "./report-command";
import { addReproduceCommand } from "./reproduce-command";
import { addRunCommand } from "./run-command";
import { addScoreCommand } from "./score-command";
import { addTrainCommand } from "./train-command";

/**
 * Runs the `empathy` command.
 *
 * A user's mistake is answered with one line and status 1; only a fault of the program itself shows a
 * stack trace. A reader that closes the output early (`| head`) ends the command quietly.
 *
 * @param args the words after the command's name.
 */
export async function main(args: readonly string[]): Promise<void> {
  const program = createProgram();
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
  try {
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof UserError) && !(error instanceof Interrupted)) throw error;
    process.stderr.write(`empathy: ${printable(error.message)}\n`);
    process.exitCode ??= 1;
  }
}

function createProgram(): Command {
  const { version } = JSON.parse(readFileSync(projectPath("package.json"), "utf8"));
  const program = new Command("empathy")
    .description("reproduce and extend the evaluation of empathy in machine replies")
    .version(version)
    .showHelpAfterError("(`--help` shows what it takes)")
    .configureHelp({ showGlobalOptions: true });
  addReproduceCommand(program);
  addReportCommand(program);
  addRunCommand(program);
  addDataCommand(program);
  addImportCommand(program);
  addAskCommand(program);
  addFitCommand(program);
  addAgreeCommand(program);
  addScoreCommand(program);
  addTrainCommand(program);
  return program;
}
