// Reruns the notebooks, two side by side, and keeps them and their figures.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { makeTemporaryFolder, removeTemporary } from "kit/files";
import { formatChecksums } from "plotly-stills";
import {
  type CellProgress,
  type ConvertedAhead,
  convertAhead,
  readNotebook,
  readTrackedReads,
  trackingReads,
} from "run-notebooks";
import { projectPath } from "../../src/project";
import { inOrder } from "./in-order";
import type { Ledger } from "./ledger";
import { type Rerun, type RerunOptions, rerunNotebook } from "./rerun-notebook";
import { changedInputs, type Stamps, type States } from "./stamps";

/** What the stage is told. */
interface NotebookRun {
  readonly ledger: Ledger;
  readonly stamps: Stamps;
  readonly cellTimeoutMs: number | undefined;
  readonly signal: AbortSignal | undefined;
  /** Rerun every notebook, whether or not something has changed. */
  readonly all: boolean;
  readonly onCell: ((notebook: string, progress: CellProgress) => void) | undefined;
}

/** What the stage did. */
export interface NotebookReport {
  readonly rerun: readonly string[];
  /** Notebooks that were left alone, since nothing that they read has changed. */
  readonly current: readonly string[];
  /** Names of all figures. */
  readonly figures: readonly string[];
}

const SIDE_BY_SIDE = 2;

/**
 * Reruns every notebook of which something has changed: itself, a file that it reads, the code, or a file
 * that it makes.
 *
 * @throws DifferenceFound with a checking ledger, at the first difference in the notebooks' order.
 * @throws UserError if a cell fails.
 */
export async function keepNotebooks(run: NotebookRun): Promise<NotebookReport> {
  const { ledger, stamps } = run;
  const names = readdirSync(join(ledger.root, "notebooks"))
    .filter((name) => name.endsWith(".ipynb"))
    .sort();
  const skips = !run.all && !ledger.check;
  const current = names.filter((name) => skips && stamps.isCurrent(`notebooks/${name}`));
  const changed = names.filter((name) => !current.includes(name));
  const figures = new Map<string, Buffer>();
  for (const name of current) {
    for (const file of stamps.outputsOf(`notebooks/${name}`)) {
      if (!file.startsWith("figures/")) continue;
      figures.set(file.slice("figures/".length), readFileSync(join(ledger.root, file)));
    }
  }
  const ahead = convertCells(changed, ledger.root);
  try {
    const start = async (name: string, signal: AbortSignal) =>
      rerun(name, run, (await ahead?.envOf(name)) ?? {}, signal);
    for await (const one of inOrder(changed, SIDE_BY_SIDE, start, run.signal)) {
      keepNotebook(one, ledger, stamps);
      for (const [file, bytes] of one.figures) figures.set(file, bytes);
    }
  } finally {
    ahead?.remove();
  }
  const sorted = new Map([...figures].sort(([left], [right]) => (left < right ? -1 : 1)));
  keepChecksums(sorted, ledger);
  const isPicture = (name: string) => name.endsWith(".svg");
  return {
    rerun: changed,
    current,
    figures: [...sorted.keys()].filter(isPicture).map((name) => name.replace(/\.[a-z]+$/, "")),
  };
}

// For one notebook it would take as long as the kernel's own converting. The last is run first.
function convertCells(names: readonly string[], root: string): ConvertedAhead | undefined {
  if (names.length < 2) return undefined;
  const folder = join(root, "notebooks");
  const notebooks = names.flatMap((name) => {
    try {
      return [[name, readNotebook(join(folder, name))] as const];
    } catch {
      return []; // The rerun says what is wrong, in its turn.
    }
  });
  return convertAhead(new Map(notebooks.reverse()), folder);
}

interface NamedRerun extends Rerun {
  readonly file: string;
  /** The files that the cells read, below the root, and what they held then. */
  readonly reads: States;
}

async function rerun(
  name: string,
  { ledger: { root }, onCell, cellTimeoutMs }: NotebookRun,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<NamedRerun> {
  const file = `notebooks/${name}`;
  const folder = makeTemporaryFolder("empathy-reads-");
  const log = join(folder, "reads.txt");
  const settings: RerunOptions = {
    signal,
    env: { ...trackingReads(log, projectPath()), ...env },
    onCell: (progress) => onCell?.(name, progress),
    ...(cellTimeoutMs ? { cellTimeoutMs } : {}),
  };
  try {
    const done = await rerunNotebook(join(root, file), settings, file);
    const reads = [...readTrackedReads(log)];
    return {
      ...done,
      file,
      reads: new Map(reads.map(([path, state]) => [belowRoot(root, path), state])),
    };
  } finally {
    removeTemporary(folder);
  }
}

// A study of one's own reads the project's files too: their paths lead out of its folder.
function belowRoot(root: string, path: string): string {
  return relative(root, path).split(sep).join("/");
}

function keepNotebook(done: NamedRerun, ledger: Ledger, stamps: Stamps): void {
  const { file, read, text, figures, difference, reads, late } = done;
  ledger.lateOutputs.push(...late.map((lines) => ({ file, ...lines })));
  const place = difference && {
    file,
    where: `cell ${difference.cellNumber}, ${difference.what}`,
    stored: difference.stored,
    rerun: difference.rerun,
  };
  ledger.keep(file, text, read, place);
  const drawn = [...figures].map(([name, bytes]) => {
    ledger.keep(`figures/${name}`, bytes);
    return `figures/${name}`;
  });
  const outputs = ledger.sumsOf([file, ...drawn]);
  const inputs = [...reads.keys()];
  const changed = ledger.check
    ? changedInputs(reads, stamps.look(inputs), outputs)
    : stamps.set(file, inputs, reads, outputs);
  ledger.noteChanged(file, changed);
}

function keepChecksums(figures: ReadonlyMap<string, Buffer>, ledger: Ledger): void {
  for (const name of listedFigures(ledger.root)) {
    if (!figures.has(name)) ledger.remove(`figures/${name}`);
  }
  ledger.keep("figures/checksums.txt", formatChecksums(figures));
}

// Only files that an earlier run listed are ours to remove.
function listedFigures(root: string): string[] {
  const path = join(root, "figures", "checksums.txt");
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  return lines.map((line) => line.slice(66)).filter((name) => name !== "");
}
