// The golden values of what is done after a fit come from R's packages again: each script is run and its numbers compared.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterFit, itNeeds } from "test-support/needs";
import { projectPath } from "test-support/project";
import { temporaryFolder } from "test-support/temporary";
import { assertGolden } from "./meta/assert-golden";

// The longest by itself beside the others.
const CHAINS = [
  ["after-fit"],
  ["links", "agreement/raters", "prior", "influence", "tidy", "power"],
];

// glmer's and clmm's optima move by some 1e-4 from run to run.
const TOLERANCE = 2e-3;

describe("the golden values of R's packages", () => {
  itNeeds(
    afterFit,
    "are what they still say",
    async () => {
      await Promise.all(
        CHAINS.map(async (scripts) => {
          for (const script of scripts) await compare(script);
        }),
      );
    },
    900_000,
  );
});

// The scripts write to their own folder, or print, and read the example beside it.
async function compare(script: string): Promise<void> {
  const root = temporaryFolder();
  const tests = join("packages", "mixed-models", "test");
  const folder = dirname(join(root, tests, script));
  mkdirSync(folder, { recursive: true });
  symlinkSync(projectPath("data"), join(root, "data"));
  const golden = projectPath(join(tests, `${script}.golden.json`));
  symlinkSync(
    projectPath(join(tests, "satterthwaite.golden.json")),
    join(folder, "satterthwaite.golden.json"),
  );
  const child = spawn("Rscript", [projectPath(join(tests, `${script}.R`))], { cwd: folder });
  const said = { out: "", error: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.error += text;
  });
  const [status] = await once(child, "close");
  assert.equal(status, 0, said.error);
  const text =
    said.out.trimStart().startsWith("{") || said.out.trimStart().startsWith("[")
      ? said.out
      : readFileSync(join(folder, `${script.split("/").at(-1)}.golden.json`), "utf8");
  assertGolden(JSON.parse(text), JSON.parse(readFileSync(golden, "utf8")), TOLERANCE, script);
}
