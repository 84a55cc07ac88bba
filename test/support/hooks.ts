// Rules that hold in every test: no network beyond this machine, no warning that nobody expects; and nothing is tested again
// that has just passed, where TESTED names the report of that run.
import { existsSync, readFileSync } from "node:fs";

// Compiled after this package, which the tests of `kit` need.
(require("kit/optimise-later") as { optimiseLater(): void }).optimiseLater();

const realFetch = globalThis.fetch;
const warnings: Error[] = [];

export const mochaHooks = {
  beforeAll(this: Mocha.Context) {
    const tested = process.env.TESTED ?? "";
    if (existsSync(tested)) {
      const { passed } = JSON.parse(readFileSync(tested, "utf8")) as { readonly passed: string[] };
      leaveOut(new Set(passed), rootOf(this));
    }
    globalThis.fetch = (input, init) => {
      const { hostname } = new URL(input instanceof Request ? input.url : String(input));
      if (hostname !== "127.0.0.1") throw new Error(`a test reached for ${hostname}`);
      return realFetch(input, init);
    };
    process.on("warning", (warning) => warnings.push(warning));
  },
  afterEach() {
    const [first] = warnings.splice(0);
    if (first) throw first;
  },
};

function rootOf(context: Mocha.Context): Mocha.Suite {
  let suite = context.test?.parent;
  while (suite?.parent) suite = suite.parent;
  if (!suite) throw new Error("a hook outside of any suite");
  return suite;
}

function leaveOut(titles: ReadonlySet<string>, suite: Mocha.Suite): void {
  suite.tests = suite.tests.filter((test) => !titles.has(test.fullTitle()));
  for (const child of suite.suites) leaveOut(titles, child);
}
