// The process that runs a notebook's cells: tslab's kernel, watched so that it never outlives the
// process that started it. Started by `Kernel.start` and by Jupyter's kernel specification, with the
// path of a connection file; Jupyter's names a file too that completes figures, since Jupyter does not.
import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { removeTemporary } from "kit/files";
import { optimiseLater } from "kit/optimise-later";
import { knowNodeTypesOnly, resolveThroughNodePath } from "./compiler-system";
import { completeInThread } from "./completion-thread";
import { KERNEL_FOLDER } from "./connection";
import { keepEveryMessage } from "./patient-sockets";
import { BELOW_VARIABLE, READS_VARIABLE, trackReads } from "./track-reads";
import { watchCells, watchEscapes } from "./watch-cells";

const PARENT_CHECK_MS = 500;

// A watch in a thread of its own goes on while a cell keeps the main thread busy.
function watchParent(parent: number, connectionFile: string): void {
  setInterval(() => {
    if (process.ppid === parent) return;
    const folder = dirname(connectionFile);
    if (basename(folder).startsWith(KERNEL_FOLDER)) removeTemporary(folder);
    killGroup();
  }, PARENT_CHECK_MS);
}

// The kernel leads a group of its own; what its cells started ends with it.
function killGroup(): void {
  try {
    process.kill(-process.pid, "SIGKILL");
  } catch {
    process.kill(process.pid, "SIGKILL");
  }
}

function startKernel(connectionFile: string, completer?: string): void {
  optimiseLater();
  const readKey = () => JSON.parse(readFileSync(connectionFile, "utf8")).key as string;
  keepEveryMessage(readKey, completer ? completeInThread(completer) : undefined);
  const { [READS_VARIABLE]: log, [BELOW_VARIABLE]: folder } = process.env;
  if (log && folder) trackReads(log, folder);
  new Worker(__filename, { workerData: { parent: process.ppid, connectionFile } }).unref();
  // A front end shows what a timer prints; what is stored, and compared, is what the cell itself printed.
  watchCells(completer !== undefined);
  knowNodeTypesOnly();
  resolveThroughNodePath(process.cwd(), process.env.NODE_PATH);
  const kernel = require("tslab/dist/main") as {
    startKernel(options: { configPath: string; enableFindLocal: boolean }): void;
  };
  kernel.startKernel({ configPath: connectionFile, enableFindLocal: false });
  watchEscapes();
}

if (isMainThread) startKernel(process.argv[2] as string, process.argv[3]);
else watchParent(workerData.parent, workerData.connectionFile);
