// `npm run site -- [--out FOLDER]`: builds the site into `html/`, or into another folder.
import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { projectPath } from "../src/project";
import { buildSite } from "./build-site";

const { values } = parseArgs({ options: { out: { type: "string" } } });
const out = values.out === undefined ? projectPath("html") : resolve(values.out);

async function main(): Promise<void> {
  if (values.out === undefined) rmSync(out, { recursive: true, force: true });
  const started = performance.now();
  const count = await buildSite(out);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(`${count} pages in ${out}, in ${seconds} s; open ${out}/index.html\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`site: ${(error as Error).stack}\n`);
  process.exitCode = 1;
});
