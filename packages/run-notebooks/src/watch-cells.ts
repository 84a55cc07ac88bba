// What tslab's kernel leaves open, done around its executor: errors are published as errors, with the cell's own frames, and
// not as words on stderr; what a cell's timers print once it has ended is told from what the next cell prints; and a top-level
// `for await` runs as a top-level `await` does.
import { AsyncLocalStorage } from "node:async_hooks";
import { inspect } from "node:util";
import vm from "node:vm";
import {
  CONVERSIONS_VARIABLE,
  type Conversion,
  conversionKey,
  readConversions,
} from "./conversions";
import { EXERCISE, runExercise, type Trouble } from "./forgive-exercises";
import { type ErrorContent, publishError, publishLate } from "./patient-sockets";

type Write = (chunk: string | Uint8Array, encoding?: BufferEncoding) => boolean;
type Display = (data: unknown, update: boolean) => void;

interface Executor {
  execute(source: string): Promise<boolean>;
}

interface Converter {
  convert(declarations: string, source: string): Conversion;
  close(): void;
}

interface Converters {
  createConverter(options: { readonly isBrowser: boolean }): Converter;
}

/** Where an executor prints a cell's last value, and what is wrong with a cell. */
interface Terminal {
  readonly log: (...said: readonly unknown[]) => void;
  readonly error: (...said: readonly unknown[]) => void;
}

interface Executors {
  createExecutor(root: string, converters: unknown, terminal: Terminal): Executor;
}

/**
 * Watches the cells that tslab will run in this process; called before its kernel starts.
 *
 * @param keepsLate whether what is printed after its cell has ended is shown, under the cell that runs then or ran last;
 *   otherwise it is published as late, for the cell that began it.
 */
export function watchCells(keepsLate: boolean): void {
  const executors = require("tslab/dist/executor") as Executors;
  const { createExecutor } = executors;
  watchConverters(readConversions(process.env[CONVERSIONS_VARIABLE]));
  executors.createExecutor = (root, converters, { log, error }) => {
    nameCells();
    // An error that a cell threw comes alone; what does not compile, in a form with its parts.
    const report = (...said: Trouble) => {
      if (isExercise) trouble ??= said;
      else if (said.length > 1) error(...said);
      else publishThrown(said[0]);
    };
    return watch(createExecutor(root, converters, { log, error: report }), keepsLate);
  };
}

/** Publishes errors that no cell awaited; called once tslab's kernel has started, in place of what it does. */
export function watchEscapes(): void {
  for (const [event, name] of [
    ["uncaughtException", "UncaughtException"],
    ["unhandledRejection", "UnhandledPromiseRejection"],
  ] as const) {
    process.removeAllListeners(event);
    process.on(event, (error: unknown) => {
      const text = `${name}: ${describeError(error)}`;
      const said = error instanceof Error ? String(error) : inspect(error);
      // Of the cell that began what failed, which may have ended long ago.
      const framed = [...text.matchAll(/^\s+at .*\bcell (\d+)/gm)].at(-1)?.[1];
      const cell = framed === undefined ? context.getStore() : Number(framed);
      // What an exercise did not await is its check's to say.
      if (cell !== undefined && exercises.has(cell)) return;
      publish({ ename: name, evalue: said, traceback: text.split("\n") }, cell);
    });
  }
}

const writers = new Map<number, Write>();
/** The cell that began what runs. */
const context = new AsyncLocalStorage<number>();

function watch(executor: Executor, keepsLate: boolean): Executor {
  const { execute } = executor;
  const jupyter = require("tslab/dist/jupyter") as { lastWriteDisplayData: Display };
  let running = 0;
  // Of no known cell is what native code calls back.
  const isLate = () => !keepsLate && (running === 0 || (context.getStore() ?? running) !== running);
  return Object.assign(executor, {
    async execute(source: string) {
      const cell = ++executed;
      running = cell;
      // Tslab has just led both streams to this cell.
      writers.set(cell, process.stderr.write as Write);
      for (const stream of [process.stdout, process.stderr]) {
        const write = stream.write as Write;
        stream.write = ((chunk: string, encoding?: BufferEncoding) =>
          isLate() ? noteLate(chunk) : write(chunk, encoding)) as typeof stream.write;
      }
      const display = jupyter.lastWriteDisplayData;
      jupyter.lastWriteDisplayData = (data, update) => {
        if (isLate()) noteLate("a display\n");
        else display(data, update);
      };
      try {
        return await context.run(cell, () => executeCell(source, execute));
      } finally {
        running = 0;
      }
    },
  });
}

// What was first wrong with an exercise's cell, while one runs: a sentence says it, and no error is published.
let isExercise = false;
const exercises = new Set<number>();
let trouble: Trouble | undefined;

async function executeCell(source: string, execute: Executor["execute"]): Promise<boolean> {
  const [, name] = EXERCISE.exec(source) ?? [];
  if (name === undefined) return execute(source);
  exercises.add(executed);
  isExercise = true;
  trouble = undefined;
  try {
    return await runExercise(name, source, {
      execute,
      takeTrouble: () => trouble,
      lineOf: (error) => {
        const [, line] = /\(?cell \d+, line (\d+)\)?/.exec(describeError(error)) ?? [];
        return line === undefined ? undefined : Number(line);
      },
      say: (sentence) => process.stdout.write(sentence),
    });
  } finally {
    isExercise = false;
  }
}

function noteLate(chunk: string): true {
  const write = writers.get(context.getStore() ?? executed);
  publishLate(() => write?.(chunk));
  return true;
}

function publishThrown(error: unknown): void {
  const text = describeError(error);
  const { name, message } = error instanceof Error ? error : { name: "thrown", message: text };
  publish({ ename: name, evalue: message, traceback: text.split("\n") }, executed);
}

function publish(error: ErrorContent, cell: number | undefined): void {
  const write = cell === undefined ? undefined : writers.get(cell);
  if (write) publishError(error, () => write("an error"));
  else publishError({ ...error, isStray: true }, () => writers.get(executed)?.("an error"));
}

/** An error as Node shows it, with those frames only that lie in a cell. */
function describeError(error: unknown): string {
  const lines: string[] = [];
  // Above an error of a file Node puts the line that failed.
  for (const line of inspect(error)
    .replace(/^.*:\d+\n.*\n\s*\^+\n+/, "")
    .split("\n")) {
    const cell = /^(\s+at )(?:(.*) \()?\[cell (\d+)\]:(\d+):\d+\)?( \{)?$/.exec(line);
    if (cell) lines.push(...describeFrame(cell));
    else if (!FRAME.test(line)) lines.push(line);
    if (FRAME.test(line) && line.endsWith(" {")) lines.push(`${lines.pop()} {`);
  }
  return lines.join("\n");
}

const FRAME = /^\s+at (?:.*[:(]\d+:\d+\)?|.*\(<anonymous>\)|.*\(native\))( \{)?$/;

function describeFrame([, at, name, number, line]: readonly (string | undefined)[]): string[] {
  const { source = "", output = "" } = texts.get(Number(number)) ?? {};
  const compiled = output.split("\n")[Number(line) - 1];
  if (compiled === undefined) return []; // Tslab's own line, which begins the cell.
  // The lines of a compiled cell are not those of its source: one is found by what stands in it, where that is in one only.
  const lines = source.split("\n");
  const found = lines.flatMap((text, index) =>
    plain(text) === plain(compiled) ? [index + 1] : [],
  );
  const cell = `cell ${number}${found.length === 1 ? `, line ${found[0]}` : ""}`;
  return [`${at}${name ? `${name.replace("Proxy.", "")} (${cell})` : cell}`];
}

// Without what the compiler takes from a line or adds to it.
function plain(line: string): string {
  return line
    .replaceAll("exports.", "")
    .replace(/^\s*(?:const|let|var) (\w+)(?:: [\w<>[\]]+)?(?= = )/, "$1")
    .replace(/\(0, ([\w.]+)\)/g, "$1")
    .replace(/[\s;'"]/g, "");
}

const texts = new Map<number, { readonly source: string; readonly output: string }>();
let executed = 0;

// So that a frame says which cell it lies in.
function nameCells(): void {
  const { runInThisContext } = vm;
  vm.runInThisContext = (code: string, options?: vm.RunningCodeOptions | string) => {
    const isCell = typeof options === "object" && options.breakOnSigint === true;
    return runInThisContext(
      code,
      isCell ? { ...options, filename: `[cell ${executed}]` } : options,
    );
  };
}

function watchConverters(ahead: ReadonlyMap<string, Conversion>): void {
  const converters = require("tslab/dist/converter") as Converters;
  const { createConverter } = converters;
  converters.createConverter = (options) => {
    if (options.isBrowser) return createConverter(options);
    const converter =
      ahead.size === 0 ? createConverter(options) : lookUp(ahead, () => createConverter(options));
    const { convert } = converter;
    return Object.assign(converter, {
      convert: (declarations: string, source: string) =>
        allowForAwait(source, convert(declarations, source)),
    });
  };
}

// What was converted ahead needs no converter, and so no compiler, which takes a second to begin.
function lookUp(ahead: ReadonlyMap<string, Conversion>, make: () => Converter): Converter {
  let made: Converter | undefined;
  const converter = () => {
    made ??= make();
    return made;
  };
  const own: Converter = {
    convert: (declarations, source) =>
      ahead.get(conversionKey(declarations, source)) ?? converter().convert(declarations, source),
    close: () => made?.close(),
  };
  return new Proxy(own, {
    get: (_, name) => Reflect.get(own, name) ?? Reflect.get(converter(), name),
  });
}

function allowForAwait(source: string, converted: Conversion): Conversion {
  const { output = "", hasToplevelAwait } = converted;
  texts.set(executed, { source, output });
  const isAwaiting = hasToplevelAwait || (!compiles(output, "") && compiles(output, "async "));
  return { ...converted, hasToplevelAwait: isAwaiting };
}

function compiles(output: string, kind: "" | "async "): boolean {
  try {
    new vm.Script(`(${kind}function () {${output}\n})`);
    return true;
  } catch {
    return false;
  }
}
