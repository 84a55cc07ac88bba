// `empathy study export` and `empathy study open`: a study as a file for others, and from it a study again.
import { existsSync } from "node:fs";
import type { Command } from "commander";
import { countNoun, UserError } from "kit";
import { keepFile } from "kit/files";
import { STUDIES } from "../../src/study/study";
import { type ExportedStudy, exportStudy } from "../archive/export-study";
import { type UnpackedStudy, unpackStudy } from "../archive/open-study";
import { DifferenceFound } from "../pipeline/ledger";
import { type ReproduceReport, reproduce } from "../pipeline/reproduce";
import { NOTEBOOKS } from "../pipeline/stages";
import { addExamples } from "./empathy-command";
import { followRun, seconds1 } from "./follow-run";
import { interruptible } from "./interruption";
import { printable } from "./printable";
import { Progress } from "./progress";
import { formatDifference } from "./reproduce-print";

interface ExportFlags {
  readonly out?: string;
  readonly texts?: boolean;
}

/** Adds `empathy study export`. */
export function defineExport(command: Command): void {
  const own = command
    .command("export")
    .description("write a study that was run as one file, from which others can rerun it")
    .argument("<name>", "a study of yours")
    .option("--out <file>", "the file; NAME.tar.gz by default")
    .option("--texts", "with the texts of replies that were asked for on this machine")
    .action(writeArchive);
  addExamples(own, [
    "empathy study export mine",
    "empathy study export mine --texts --out mine-2.tar.gz",
  ]);
}

async function writeArchive(name: string, { out, texts }: ExportFlags): Promise<void> {
  const path = out ?? `${name}.tar.gz`;
  if (existsSync(path)) {
    throw new UserError(`${path}: exists already; move it away, or name another file with --out`);
  }
  const progress = new Progress();
  const exported = await progress.during(`${STUDIES}/${name}: checking`, () =>
    exportStudy(name, texts),
  );
  keepFile(path, exported.bytes);
  for (const line of describeTexts(exported)) progress.note(`note: ${line}`);
  process.stdout.write(printable(`${path}: ${describe(exported)}\n`));
}

function describe({ systems, files, named, bytes, withTexts }: ExportedStudy): string {
  const texts = withTexts.length > 0 ? "" : ", no texts";
  return (
    `${countNoun(systems.length, "system")}, ${countNoun(files.length, "file")}, ${kilobytes(bytes.length)}${texts}; ` +
    `${countNoun(named.length, "table")} of the package (${kilobytes(sum(named))}) by checksum`
  );
}

function describeTexts({ withTexts, withoutTexts }: ExportedStudy): string[] {
  return [
    ...withTexts.map(
      ({ id, licence }) =>
        `the texts of '${id}' go along; its entry says of their licence: ${licence}`,
    ),
    ...withoutTexts.map(
      ({ id }) =>
        `the texts of '${id}' do not go along: they were not asked for on this machine, and are others' to hand on`,
    ),
  ];
}

function sum(files: ExportedStudy["named"]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0);
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1000).toLocaleString("en-US")} kB`;
}

interface OpenFlags {
  readonly as?: string;
  readonly notebooks: boolean;
  readonly ownNotebooks?: boolean;
}

/** Adds `empathy study open`. */
export function defineOpen(command: Command): void {
  const own = command
    .command("open")
    .description(
      "unpack an exported study, rerun it from its scores, and name the first difference",
    )
    .argument("<file>", "what `empathy study export` wrote")
    .option("--as <name>", "the study's name here; its own by default")
    .option("--no-notebooks", "rerun results and report only")
    .option("--own-notebooks", "run code of its authors too, where their notebooks hold some")
    .action((file: string, flags: OpenFlags) =>
      interruptible((signal) => open(file, flags, signal)),
    );
  addExamples(own, [
    "empathy study open mine.tar.gz",
    "empathy study open mine.tar.gz --as theirs",
  ]);
}

async function open(file: string, flags: OpenFlags, signal: AbortSignal): Promise<void> {
  const { as, notebooks, ownNotebooks = false } = flags;
  const progress = new Progress();
  const started = performance.now();
  const unpacked = await unpackStudy(file, { as, notebooks, ownNotebooks });
  const { name } = unpacked;
  for (const line of notesOn(unpacked, flags)) progress.note(line);
  try {
    const options = { study: name, check: true, from: "scores", notebooks, signal } as const;
    const report = await reproduce({ ...options, ...followRun(progress) });
    const seconds = seconds1(performance.now() - started);
    progress.clear();
    process.stdout.write(printable(`${describeRerun(report, unpacked)}, in ${seconds}\n`));
  } catch (error) {
    if (!(error instanceof DifferenceFound)) throw error;
    progress.clear();
    process.stdout.write(printable(`${formatDifference(error.difference)}\n`));
    process.exitCode = 1;
  } finally {
    progress.clear();
  }
}

function notesOn({ name, manifest, foreign }: UnpackedStudy, { notebooks }: OpenFlags): string[] {
  const { version, commit } = manifest.package;
  const made = `empathy-notebooks ${version}${commit ? `, commit ${commit}` : ""}, Node ${manifest.environment.node}`;
  return [
    `${STUDIES}/${name}: unpacked; it was run by ${made}`,
    ...(notebooks
      ? []
      : foreign.map(
          (path) =>
            `note: ${STUDIES}/${name}/${path} holds code of the study's authors; read it before you run the study`,
        )),
  ];
}

function describeRerun(report: ReproduceReport, { name }: UnpackedStudy): string {
  const { stages, notebooks, figures } = report;
  const rerun = [
    "results",
    ...(stages.includes(NOTEBOOKS)
      ? [countNoun(notebooks.length, "notebook"), countNoun(figures.length, "figure")]
      : []),
  ];
  return `No difference: ${rerun.join(", ")} and report of '${name}' came out as they were exported; they lie in ${STUDIES}/${name}/`;
}
