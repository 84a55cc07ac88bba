// `npm run site -- [--out FOLDER] [NOTEBOOK …]`: builds the site into `html/`, or makes pages of notebooks alone.
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { UserError } from "kit";
import { projectPath } from "../src/project";
import { buildSite } from "./build-site";
import { writeNotebookPages } from "./notebook-pages";

async function main(): Promise<string> {
  const { values, positionals } = readWords();
  const out = values.out === undefined ? projectPath("html") : resolve(values.out);
  if (positionals.length > 0) {
    const pages = await writeNotebookPages(positionals, out);
    return `wrote ${pages.join(", ")}`;
  }
  // What lies in another folder may be somebody's.
  if (values.out === undefined) rmSync(out, { recursive: true, force: true });
  const started = performance.now();
  const count = await buildSite(out);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  return `${count} pages in ${out}, in ${seconds} s; open ${join(out, "index.html")}`;
}

function readWords() {
  try {
    return parseArgs({ allowPositionals: true, options: { out: { type: "string" } } });
  } catch (error) {
    throw new UserError(
      `${(error as Error).message}; usage: npm run site -- [--out FOLDER] [NOTEBOOK …]`,
    );
  }
}

main().then(
  (said) => process.stdout.write(`${said}\n`),
  (error: Error) => {
    process.stderr.write(`site: ${error instanceof UserError ? error.message : error.stack}\n`);
    process.exitCode = 1;
  },
);
