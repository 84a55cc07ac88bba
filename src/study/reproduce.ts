// Reruns the study: corpus table, notebooks, figures, each compared with what is committed.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type FigureFiles, formatChecksums } from "../figures/figure-files";
import { aroundDifference } from "../notebook/compare-notebooks";
import type { CellProgress } from "../notebook/run-notebook";
import { projectPath } from "../project";
import { findCorpusArchive } from "../sources/corpus-archive";
import { defaultPlaces, type Places } from "../sources/locate-source";
import { UserError } from "../user-error";
import { buildCorpusTable } from "./corpus-stage";
import { keepFile } from "./keep-file";
import { buildPublishedTables, missingSources, readStudyTexts } from "./published-stage";
import { formatSystemMap, replaceTable } from "./readme-tables";
import { type RerunOptions, rerunNotebook } from "./rerun-notebook";

/** What a run starts from: the committed tables, the public texts, or the models themselves. */
export type Start = "scores" | "texts" | "models";

/** How the study is rerun. */
export interface ReproduceOptions {
  /** Where to start; by default from the texts where the corpus is at hand, else from the scores. */
  readonly from?: Start | undefined;
  /** Change no file, and stop at the first difference. */
  readonly check?: boolean | undefined;
  readonly cellTimeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly places?: Places;
  /** The folder that holds `data`, `notebooks` and `figures`; the project's root by default. */
  readonly root?: string;
  readonly onStage?: (name: string) => void;
  readonly onCell?: (notebook: string, progress: CellProgress) => void;
}

/** A file that came out otherwise than it was. */
export interface FileDifference {
  /** Path below the root. */
  readonly file: string;
  /** Where in the file, such as "cell 4, output 1 (text/html)". */
  readonly where: string;
  readonly stored: string;
  readonly rerun: string;
}

/** What a run did. */
export interface ReproduceReport {
  readonly from: Start;
  /** Identifier of the corpus archive that was read, where one was. */
  readonly archive: string | undefined;
  readonly notebooks: readonly string[];
  /** Names of the figures drawn. */
  readonly figures: readonly string[];
  readonly differences: readonly FileDifference[];
}

/** Ends a checking run at its first difference. */
export class DifferenceFound extends Error {
  constructor(readonly difference: FileDifference) {
    super(`${difference.file} differs`);
  }
}

/**
 * Reruns every notebook of the study, from the corpus or from the committed tables.
 *
 * @throws DifferenceFound with `check`, at the first difference.
 * @throws UserError where the texts are insisted on and not at hand, or a cell fails.
 */
export async function reproduce(options: ReproduceOptions = {}): Promise<ReproduceReport> {
  const { places = defaultPlaces(), root = projectPath() } = options;
  const archive = chooseArchive(options.from, places);
  const ledger = new Ledger(root, options.check ?? false);
  if (archive) await keepTables(archive, places, ledger, options);
  keepReadme(ledger);
  const files = new Map<string, Buffer>();
  const notebooks = listNotebooks(root);
  for (const notebook of notebooks) {
    for (const [name, bytes] of await rerun(notebook, ledger, options)) files.set(name, bytes);
  }
  keepFigures(files, ledger);
  return {
    from: archive ? "texts" : "scores",
    archive,
    notebooks,
    figures: [...files.keys()].filter((name) => name.endsWith(".svg")).map(withoutEnding),
    differences: ledger.differences,
  };
}

/** Rebuilds the tables that the texts give; those of the replies only where all published files are here. */
async function keepTables(
  archive: string,
  places: Places,
  ledger: Ledger,
  { from, onStage }: ReproduceOptions,
): Promise<void> {
  onStage?.(`data/corpus/test.csv from source '${archive}'`);
  ledger.keep("data/corpus/test.csv", await buildCorpusTable(archive, places));
  const missing = missingSources(places);
  if (missing.length === 0) {
    onStage?.("data/published from the published replies");
    const texts = await readStudyTexts(archive, places);
    for (const [file, text] of buildPublishedTables(texts)) ledger.keep(file, text);
    return;
  }
  const remedy = `\`npx empathy data fetch ${missing.join(" ")}\` downloads them`;
  if (from === "texts") {
    throw new UserError(`--from texts needs every published file; ${remedy}`);
  }
  onStage?.(`data/published is left as it is: ${missing.join(", ")} are not at hand; ${remedy}`);
}

function keepReadme(ledger: Ledger): void {
  const readme = readFileSync(join(ledger.root, "README.md"), "utf8");
  const map = formatSystemMap(join(ledger.root, "data", "published", "coverage.csv"));
  ledger.keep("README.md", replaceTable(readme, "systems", map));
}

/** Keeps files up to date below a root, and an account of what changed. */
class Ledger {
  readonly differences: FileDifference[] = [];

  constructor(
    readonly root: string,
    private readonly check: boolean,
  ) {}

  /** Takes a file's new content; `difference` says what differs, where that is known better. */
  keep(file: string, content: Buffer | string, difference?: FileDifference): void {
    const path = join(this.root, file);
    const before = existsSync(path) ? readFileSync(path) : undefined;
    const after = Buffer.from(content);
    if (before?.equals(after)) return;
    this.record(difference ?? describe(file, before, after));
    keepFile(path, after);
  }

  remove(file: string): void {
    this.record({ file, where: "the file", stored: "present", rerun: "drawn by no notebook" });
    rmSync(join(this.root, file), { force: true });
  }

  private record(difference: FileDifference): void {
    if (this.check) throw new DifferenceFound(difference);
    this.differences.push(difference);
  }
}

function describe(file: string, before: Buffer | undefined, after: Buffer): FileDifference {
  if (!before) return { file, where: "the file", stored: "absent", rerun: checksum(after) };
  const isBinary = file.endsWith(".png");
  const sides = isBinary
    ? { stored: checksum(before), rerun: checksum(after) }
    : aroundDifference(before.toString(), after.toString());
  return { file, where: isBinary ? "the checksum" : "the text", ...sides };
}

function checksum(bytes: Buffer): string {
  return `sha256 ${createHash("sha256").update(bytes).digest("hex")}`;
}

function chooseArchive(from: Start | undefined, places: Places): string | undefined {
  if (from === "models") {
    throw new UserError(
      "--from models needs recorded replies, and this version records none yet; use scores or texts",
    );
  }
  if (from === "scores") return undefined;
  const archive = findCorpusArchive(places);
  if (archive || from === undefined) return archive;
  throw new UserError(
    "--from texts needs EmpatheticDialogues: run `npx empathy data fetch ed`, or set EMPATHY_MIRROR " +
      "to a folder that mirrors the sources",
  );
}

function listNotebooks(root: string): string[] {
  const names = readdirSync(join(root, "notebooks")).filter((name) => name.endsWith(".ipynb"));
  return names.sort();
}

async function rerun(
  name: string,
  ledger: Ledger,
  options: ReproduceOptions,
): Promise<FigureFiles> {
  const file = `notebooks/${name}`;
  const settings: RerunOptions = {
    onCell: (progress) => options.onCell?.(name, progress),
    ...(options.cellTimeoutMs ? { cellTimeoutMs: options.cellTimeoutMs } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  };
  const { text, figures, difference } = await rerunNotebook(
    join(ledger.root, file),
    settings,
    file,
  );
  const place = difference && {
    file,
    where: `cell ${difference.cellNumber}, ${difference.what}`,
    stored: difference.stored,
    rerun: difference.rerun,
  };
  ledger.keep(file, text, place);
  return figures;
}

function keepFigures(files: FigureFiles, ledger: Ledger): void {
  for (const [name, bytes] of files) ledger.keep(`figures/${name}`, bytes);
  for (const name of listedFigures(ledger.root)) {
    if (!files.has(name)) ledger.remove(`figures/${name}`);
  }
  ledger.keep("figures/checksums.txt", formatChecksums(files));
}

// Only files that an earlier run listed are ours to remove.
function listedFigures(root: string): string[] {
  const path = join(root, "figures", "checksums.txt");
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  return lines.map((line) => line.slice(66)).filter((name) => name !== "");
}

function withoutEnding(name: string): string {
  return name.replace(/\.[a-z]+$/, "");
}
