// The process that runs a notebook's cells: tslab's kernel, watched so that it never outlives the
// process that started it. Started by `Kernel.start` and by Jupyter's kernel specification, with the
// path of a connection file.
import { isMainThread, Worker, workerData } from "node:worker_threads";

const PARENT_CHECK_MS = 500;

// A watch in a thread of its own goes on while a cell keeps the main thread busy.
function watchParent(parent: number): void {
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
  }, PARENT_CHECK_MS);
}

function startKernel(connectionFile: string): void {
  new Worker(__filename, { workerData: process.ppid }).unref();
  const kernel = require("tslab/dist/main") as {
    startKernel(options: { configPath: string; enableFindLocal: boolean }): void;
  };
  kernel.startKernel({ configPath: connectionFile, enableFindLocal: false });
}

if (isMainThread) startKernel(process.argv[2] as string);
else watchParent(workerData as number);
