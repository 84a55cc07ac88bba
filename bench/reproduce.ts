// What a rerun costs, notebook by notebook: the kernel's start, its first cell (which loads the package and
// its types), the other cells, and how much of those is the type check that every cell pays for.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Kernel, readNotebook } from "run-notebooks";
import { projectPath } from "../src/project";

const CELL_TIMEOUT_MS = 300_000;
// A cell with nothing to compute: what it takes is compiling and checking.
const EMPTY_CELL = "const nothing = 0;";
const EMPTY_CELLS = 5;

interface Cost {
  readonly notebook: string;
  readonly startMs: number;
  readonly importsMs: number;
  readonly cellsMs: number;
  readonly checkMs: number;
}

async function time(task: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await task();
  return performance.now() - started;
}

async function measure(name: string): Promise<Cost> {
  const { cells } = readNotebook(projectPath("notebooks", name));
  const sources = cells.filter((cell) => cell.cell_type === "code").map(({ source }) => source);
  let kernel: Kernel | undefined;
  const startMs = await time(async () => {
    kernel = await Kernel.start({ cwd: projectPath("notebooks") });
  });
  const run = (source: string) =>
    time(async () => {
      const succeeded = await (kernel as Kernel).execute(source, () => {}, CELL_TIMEOUT_MS);
      if (!succeeded) throw new Error(`${name}: a cell failed`);
    });
  try {
    const [imports, ...others] = sources as [string, ...string[]];
    const importsMs = await run(imports);
    let cellsMs = 0;
    for (const source of others) cellsMs += await run(source);
    const empty: number[] = [];
    for (let at = 0; at < EMPTY_CELLS; at++) empty.push(await run(EMPTY_CELL));
    const checkMs = Math.min(...empty) * others.length;
    return { notebook: name, startMs, importsMs, cellsMs, checkMs };
  } finally {
    await (kernel as Kernel | undefined)?.close();
  }
}

async function main(): Promise<void> {
  const folder = join(projectPath("notebooks"));
  const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`.padStart(8);
  console.log("notebook".padEnd(22), "  kernel", " imports", "   cells", " of which type check");
  const total = { startMs: 0, importsMs: 0, cellsMs: 0, checkMs: 0 };
  for (const name of names.sort()) {
    const cost = await measure(name);
    for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += cost[key];
    const { startMs, importsMs, cellsMs, checkMs } = cost;
    console.log(name.padEnd(22), ...[startMs, importsMs, cellsMs, checkMs].map(seconds));
  }
  const { startMs, importsMs, cellsMs, checkMs } = total;
  console.log("all".padEnd(22), ...[startMs, importsMs, cellsMs, checkMs].map(seconds));
  console.log(`one after the other: ${seconds(startMs + importsMs + cellsMs).trim()}`);
}

void main();
