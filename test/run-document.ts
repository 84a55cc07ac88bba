// Runs what documents show: code, commands, and what they are said to print.
import assert from "node:assert/strict";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "test-support/temporary";
import ts from "typescript";
import { main } from "../apps/cli/main";
import { projectPath } from "../src/project";

/** A fenced block of a document. */
export interface Block {
  /** What stands behind the language: a file of that name, which readers are told to save. */
  readonly file: string | undefined;
  readonly code: string;
  /** The text block that follows it, if one does: what it prints, cut at lines that hold `…` alone. */
  readonly printed: string | undefined;
}

/** Lists a document's blocks in one of the languages. */
export function blocksOf(markdown: string, language: string): Block[] {
  const blocks = [...markdown.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)];
  return blocks.flatMap(([, own, file, code = ""], at) => {
    if (own !== language) return [];
    const next = blocks[at + 1];
    return [{ file, code, printed: next?.[1] === "text" ? next[3] : undefined }];
  });
}

/**
 * Runs TypeScript as a document has it, without its imports.
 *
 * @param scope what it may name.
 * @returns what it returns (promised, since documents await).
 */
export function runCode(code: string, scope: object) {
  const { outputText } = ts.transpileModule(code.replace(/^import [^;]*;\n/gm, ""), {
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
  });
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  return AsyncFunction(...Object.keys(scope), outputText)(...Object.values(scope));
}

/**
 * Runs what a page shows, in a folder with the project's data and the files that readers are told to save, and compares what it prints.
 *
 * @param scope what its TypeScript may name.
 */
export async function checkPage(markdown: string, scope: object): Promise<void> {
  const folder = temporaryFolder();
  symlinkSync(projectPath("data"), join(folder, "data"), "dir");
  for (const { file = "", code } of blocksOf(markdown, "csv")) {
    writeFileSync(join(folder, file), code);
  }
  const home = process.cwd();
  process.chdir(folder);
  try {
    await checkCommands(blocksOf(markdown, "sh"));
    await checkCode(blocksOf(markdown, "ts"), scope);
  } finally {
    process.chdir(home);
  }
}

// Block after block, as cells of one notebook.
async function checkCode(blocks: readonly Block[], scope: object): Promise<void> {
  const printed = blocks.map((): string[] => []);
  let at = 0;
  const log = (line: string) => printed[at]?.push(line);
  const next = () => {
    at++;
  };
  const code = blocks.map((block) => block.code).join("\nnextBlock();\n");
  await runCode(code, { ...scope, console: { log }, nextBlock: next });
  blocks.forEach((block, place) => {
    assertPrinted(block, (printed[place] as string[]).join("\n"));
  });
}

// Commands run in this process, which is faster.
async function checkCommands(blocks: readonly Block[]): Promise<void> {
  for (const block of blocks) {
    const outcomes = [];
    for (const words of commandsOf(block.code)) outcomes.push(await runHere(words));
    assertPrinted(block, outcomes.join(""));
  }
}

// The words after `npx empathy` of each command; quotes are double ones.
function commandsOf(code: string): string[][] {
  const lines = code.replaceAll("\\\n", " ").trim().split("\n");
  return lines.map((line) => {
    const words = line.match(/"[^"]*"|[^\s"]+/g) ?? [];
    assert.deepEqual(words.slice(0, 2), ["npx", "empathy"], line);
    return words.slice(2).map((word) => word.replaceAll('"', ""));
  });
}

async function runHere(words: readonly string[]): Promise<string> {
  let printed = "";
  const streams = [process.stdout, process.stderr].map((stream) => ({
    stream,
    write: stream.write,
  }));
  for (const { stream } of streams) {
    stream.write = (text: string | Uint8Array) => {
      printed += text;
      return true;
    };
  }
  const listeners = process.stdout.listeners("error");
  try {
    await main(words);
  } finally {
    for (const { stream, write } of streams) stream.write = write;
    for (const added of process.stdout.listeners("error")) {
      if (!listeners.includes(added)) process.stdout.off("error", added as () => void);
    }
  }
  // A command may fail only where its page shows the message.
  if (process.exitCode) assert.match(printed, /^empathy: /m);
  process.exitCode = undefined;
  return printed;
}

function assertPrinted({ code, printed: shown }: Block, printed: string): void {
  if (shown === undefined) {
    assert.doesNotMatch(printed, /^empathy: (?!note)/m, code);
    return;
  }
  let rest = `\n${printed}\n`;
  for (const passage of shown.split(/^…\n/m)) {
    const place = rest.indexOf(`\n${passage.trimEnd()}\n`);
    assert.ok(place >= 0, `${code}\nis said to print\n${passage}\nbut prints\n${rest}`);
    rest = rest.slice(place + passage.trimEnd().length + 1);
  }
}

/** Reads a document of `docs/`. */
export function readDocument(name: string): string {
  return readFileSync(projectPath("docs", name), "utf8");
}
