// Compiles the cells of several notebooks as tslab does, with one compiler; started by `convertAhead`, in the notebooks' folder.
import { readFileSync } from "node:fs";
import { keepFile } from "kit/files";
import { optimiseLater } from "kit/optimise-later";
import { knowNodeTypesOnly } from "./compiler-system";
import { CONVERTED, type Conversion, conversionKey } from "./conversions";
import { makeFewerPrograms } from "./lean-programs";

interface Converters {
  createConverter(options: { readonly isJS: boolean; readonly isBrowser: boolean }): {
    convert(declarations: string, source: string): Conversion;
    close(): void;
  };
}

interface Job {
  readonly path: string;
  readonly cells: readonly string[];
}

function convertAll(jobs: readonly Job[], hasOwnFiles: () => boolean): void {
  const { createConverter } = require("tslab/dist/converter") as Converters;
  const converter = createConverter({ isJS: false, isBrowser: false });
  for (const { path, cells } of jobs) {
    const found: Record<string, Conversion> = {};
    let declarations = "";
    for (const source of cells) {
      const conversion = converter.convert(declarations, source);
      // A cell that does not compile declares nothing, and may compile once another has run, such as one that writes a file.
      if (conversion.diagnostics.length > 0) continue;
      // A file of the notebook's own that a cell imports may be another by then, and is converted for the first notebook only.
      if (!hasOwnFiles()) found[conversionKey(declarations, source)] = conversion;
      declarations = conversion.declOutput ?? "";
    }
    keepFile(path, JSON.stringify(found));
    process.stdout.write(`${CONVERTED}\n`);
  }
  converter.close();
}

optimiseLater();
knowNodeTypesOnly();
const hasOwnFiles = makeFewerPrograms();
convertAll(JSON.parse(readFileSync(process.argv[2] as string, "utf8")), hasOwnFiles);
