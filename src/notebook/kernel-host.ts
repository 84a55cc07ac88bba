// The process that runs a notebook's cells: tslab's kernel, watched so that it never outlives the
// process that started it. Started by `Kernel.start` and by Jupyter's kernel specification, with the
// path of a connection file.
import { rmSync } from "node:fs";
import { basename, dirname } from "node:path";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { projectPath } from "../project";
import { KERNEL_FOLDER } from "./connection";
import { READS_VARIABLE, trackReads } from "./track-reads";

const PARENT_CHECK_MS = 500;

// A watch in a thread of its own goes on while a cell keeps the main thread busy.
function watchParent(parent: number, connectionFile: string): void {
  setInterval(() => {
    if (process.ppid === parent) return;
    const folder = dirname(connectionFile);
    if (basename(folder).startsWith(KERNEL_FOLDER))
      rmSync(folder, { recursive: true, force: true });
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

type Frames = readonly (string | Buffer)[];

interface ZeroMq {
  Publisher: new (options: object) => { send(frames: Frames): Promise<void> };
}

// tslab sends without waiting, and zeromq refuses a message while another is under way: a cell that
// prints more than some hundred lines at once would lose the rest, and never be seen to end.
function keepEveryMessage(): void {
  const zeromq = require("zeromq") as ZeroMq;
  let sent = Promise.resolve();
  class PatientPublisher extends zeromq.Publisher {
    constructor() {
      super({ sendHighWaterMark: 0 });
    }

    override send(frames: Frames): Promise<void> {
      sent = sent.then(() => super.send(frames));
      return sent;
    }
  }
  Object.defineProperty(zeromq, "Publisher", { value: PatientPublisher, enumerable: true });
}

function startKernel(connectionFile: string): void {
  keepEveryMessage();
  const log = process.env[READS_VARIABLE];
  if (log) trackReads(log, projectPath());
  new Worker(__filename, { workerData: { parent: process.ppid, connectionFile } }).unref();
  const kernel = require("tslab/dist/main") as {
    startKernel(options: { configPath: string; enableFindLocal: boolean }): void;
  };
  kernel.startKernel({ configPath: connectionFile, enableFindLocal: false });
}

if (isMainThread) startKernel(process.argv[2] as string);
else watchParent(workerData.parent, workerData.connectionFile);
