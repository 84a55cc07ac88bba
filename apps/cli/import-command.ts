import { type Command, Option } from "commander";
import { UserError } from "kit";
import { describeChosen } from "../../src/systems/chosen-prompts";
import { findFormat, listFormats, withColumns } from "../../src/systems/formats";
import { loadJoinIndex } from "../../src/systems/load-join-index";
import { OWN_REGISTRY, readSystems, type System } from "../../src/systems/system";
import { whole } from "./ask-options";
import { type RegisterFlags, registerOptions, requireRegister } from "./entry-fields";
import { type ImportReport, importReplies } from "./import-replies";
import { note, Progress } from "./progress";
import { draftOfImport, prepareEntry } from "./register";
import { registerSystem } from "./register-system";

interface Flags extends RegisterFlags {
  readonly format: string;
  readonly system: string;
  readonly column?: string;
  readonly replyColumn?: string;
  readonly idColumn?: string;
  readonly contextColumn?: string;
  readonly turn?: number;
  readonly json?: boolean;
  readonly dryRun?: boolean;
  readonly replace?: boolean;
}

const LISTED = 10;
const NO_CORPUS = "EmpatheticDialogues is not on this machine";
const REMEDY = "`npx empathy data fetch ed`, or set EMPATHY_MIRROR";

/** Says what `empathy import` takes and does. */
export function defineImport(command: Command): void {
  command
    .argument("<file>", "the file of replies")
    .addOption(
      new Option(
        "--format <format>",
        `what the file is: ${listFormats()
          .map(({ name }) => name)
          .join(", ")}, or the path of a description in JSON, as data/formats has them`,
      ).makeOptionMandatory(),
    )
    .requiredOption("--system <id>", "the system that wrote them; a new one needs no entry yet")
    .option("--column <name>", "which system of a file that holds several (default: all)")
    .option("--reply-column <name>", "csv, jsonl: the column of the replies")
    .option("--id-column <name>", "csv, jsonl: the column of the conversations' identifiers")
    .option(
      "--context-column <name>",
      "csv, jsonl: the column of what was said before; joins by it where there is no identifier",
    )
    .addOption(whole("--turn <number>", "csv, jsonl: the turn that every reply takes", 2))
    .option("--replace", "take the place of an earlier import of that system")
    .option("--dry-run", "join and report, add nothing")
    .option("--json", "print what was found as JSON")
    .action(run);
  for (const option of registerOptions()) command.addOption(option);
}

async function run(file: string, flags: Flags): Promise<void> {
  const { format, system, column, replace, dryRun } = flags;
  requireRegister(flags);
  if (!/^[a-z0-9][a-z0-9.-]*$/.test(system)) {
    throw new UserError(
      `--system ${system}: an identifier is lower-case letters, digits, '.' and '-'`,
    );
  }
  const systems = readSystems();
  const entry = flags.register ? await entryOf(system, flags) : undefined;
  const progress = new Progress();
  const { index, archive } = await progress.during("reading the dialogues", () => loadJoinIndex());
  const columns = {
    reply: flags.replyColumn,
    dialogue: flags.idColumn,
    context: flags.contextColumn,
  };
  const own = withColumns(findFormat(format), { ...columns, turn: flags.turn });
  const options = { format: own, system, column, systems, replace, dryRun };
  const report = await progress.during(`joining ${file}`, () =>
    importReplies(file, index, options),
  );
  if (!archive) note(`${NO_CORPUS}, so only the sample's dialogues could be joined; ${REMEDY}`);
  if (flags.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else process.stdout.write(describe(file, report));
  if (report.marks !== null) {
    note(`${file}: ${report.marks}; a format of your own says what to strip (docs/systems.md)`);
  }
  for (const prompts of report.prompts) {
    if (prompts.isChosen) note(`${file}: ${describeChosen(prompts)}`);
  }
  if (report.joined === 0) {
    process.exitCode = 1;
    note(
      archive
        ? `none of the ${report.records} records joined; the reasons stand above`
        : `none of the ${report.records} records joined: ${NO_CORPUS}; ${REMEDY}`,
    );
    return;
  }
  if (entry && !dryRun) registerSystem({ ...entry, samples: report.systems[0]?.samples ?? 1 });
  const isNew = !systems.some(({ id }) => id === system);
  if (isNew) note(describeEntry(system, entry, dryRun));
}

function describeEntry(system: string, entry: System | undefined, dryRun = false): string {
  if (entry && dryRun) return `'${system}' would be added to ${OWN_REGISTRY}`;
  return entry
    ? `'${system}' was added to ${OWN_REGISTRY}`
    : `'${system}' is in no registry of systems yet; --register adds one, to have it in tables and models`;
}

async function entryOf(system: string, flags: Flags): Promise<System | undefined> {
  if (flags.column === undefined && findFormat(flags.format).columns.length > 1) {
    throw new UserError("--register adds one entry; say with --column which of the file's it is");
  }
  return prepareEntry(draftOfImport(system, flags));
}

function describe(file: string, report: ImportReport): string {
  const { records, joined, dialogues, left, leftRecords, systems } = report;
  const lines = [
    `${joined} of ${records} records joined, in ${dialogues} dialogues`,
    ...Object.entries(left).map(([reason, count]) => `${count} left out: ${reason}`),
    ...leftRecords.slice(0, LISTED).map(({ line, reason }) => `  ${file}:${line}: ${reason}`),
  ];
  const unlisted = records - joined - Math.min(LISTED, leftRecords.length);
  if (unlisted > 0) lines.push(`  and ${unlisted} more (--json lists them)`);
  for (const { id, replies, written } of systems) {
    lines.push(
      `${id}: ${replies} replies, ${written ? `kept in ${written}` : "not kept (dry run)"}`,
    );
  }
  return `${lines.join("\n")}\n`;
}
