// Writes down which mutants ran in a process of tests, into the file that MUTANTS_REACHED names.
const { writeFileSync } = require("node:fs");

const list = process.env.MUTANTS_REACHED;
if (list) {
  process.once("exit", () => {
    const { static: reached = {} } = globalThis.__stryker__?.mutantCoverage ?? {};
    writeFileSync(list, JSON.stringify(Object.keys(reached)));
  });
}
