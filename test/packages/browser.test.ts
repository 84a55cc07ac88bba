// The mixed models as a browser has them: bundled from the packed package, fitted in a worker of Chromium.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { fitMixed } from "mixed-models";
import { simulateExample } from "mixed-models/test/example-data";
import { openChromium } from "test-support/chromium";
import { chromium, itNeeds, patience, rPackages } from "test-support/needs";
import { type Packed, packAndInstall } from "./packed";

const LARGEST_ENTRY_KB = 70;

type Job = readonly [formula: string, table: object, options: { family?: "binomial" }];

interface Fit {
  readonly minusTwoLogLik: number;
  readonly coefficients: readonly { readonly estimate: number; readonly se: number }[];
}

async function bundle(project: string, contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: project },
    bundle: true,
    minify: true,
    format: "iife",
    platform: "browser",
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0]?.text ?? "";
}

/** Fits models in a worker of a page that has nothing but the bundle. */
async function fitInWorker(project: string, jobs: readonly Job[]): Promise<Fit[]> {
  const worker = await bundle(
    project,
    `import { fitMixed } from "mixed-models";
     onmessage = ({ data }) => postMessage(data.map((job) => {
       const { minusTwoLogLik, coefficients } = fitMixed(...job);
       return { minusTwoLogLik, coefficients };
     }));`,
  );
  const browser = await openChromium();
  try {
    const page = await browser.newPage();
    // The page's globals are the browser's, of which this program's types know nothing.
    const script = `({ worker, jobs }) => new Promise((resolve, reject) => {
      const url = URL.createObjectURL(new Blob([worker], { type: "text/javascript" }));
      const thread = new Worker(url);
      thread.onmessage = ({ data }) => resolve(data);
      thread.onerror = ({ message }) => reject(new Error(message));
      thread.postMessage(jobs);
    })`;
    return await page.evaluate(`(${script})(${JSON.stringify({ worker, jobs })})`);
  } finally {
    await browser.close();
  }
}

describe("mixed-models in a browser", () => {
  let packed: Promise<Packed> | undefined;
  const get = () => {
    packed ??= packAndInstall("mixed-models");
    return packed;
  };

  itNeeds(
    patience,
    `takes at most ${LARGEST_ENTRY_KB} kB, gzipped, with all of its main entry`,
    async () => {
      const { project } = await get();
      const text = await bundle(
        project,
        'import * as all from "mixed-models"; globalThis.all = all;',
      );
      const size = gzipSync(text, { level: 9 }).length / 1000;
      assert.ok(size > 10 && size <= LARGEST_ENTRY_KB, `${size.toFixed(1)} kB`);
    },
  );

  for (const entry of ["meta", "agreement", "diagnostics", "hypotheses", "report"]) {
    itNeeds(patience, `bundles its entry ${entry} too`, async () => {
      const { project } = await get();
      const text = await bundle(project, `export * from "mixed-models/${entry}";`);
      assert.doesNotMatch(text, /node:/);
    });
  }

  itNeeds(chromium, "fits a crossed binomial model in a worker, as Node fits it", async () => {
    const { project } = await get();
    const [header = "", ...lines] = simulateExample().trimEnd().split("\n");
    const names = header.split(",");
    const rows = lines.map((line) =>
      Object.fromEntries(line.split(",").map((cell, at) => [names[at], cell])),
    );
    const job: Job = [
      "er ~ family * sentiment + (1 | system) + (1 | dialogue)",
      rows,
      { family: "binomial" },
    ];
    const [fit] = await fitInWorker(project, [job]);
    const here = fitMixed(...job);
    assert.ok(Math.abs((fit?.minusTwoLogLik ?? 0) - here.minusTwoLogLik) < 1e-8);
    for (const [at, { estimate, se }] of here.coefficients.entries()) {
      assert.ok(Math.abs((fit?.coefficients[at]?.estimate ?? 0) - estimate) < 1e-8);
      assert.ok(Math.abs((fit?.coefficients[at]?.se ?? 0) - se) < 1e-8);
    }
  });

  const both = { ...chromium, met: chromium.met && rPackages.met };
  itNeeds(both, "fits lme4's sleepstudy in a worker, as lme4 fits it", async () => {
    const { project } = await get();
    const script =
      'd <- lme4::sleepstudy; d$Subject <- as.character(d$Subject); cat(jsonlite::toJSON(d, dataframe = "rows", digits = NA))';
    const rows = JSON.parse(execFileSync("Rscript", ["-e", script], { encoding: "utf8" }));
    const job: Job = ["Reaction ~ Days + (Days | Subject)", rows, {}];
    const [fit] = await fitInWorker(project, [job]);
    // lme4 1.1, REML: 1743.628, 251.405 (6.825), 10.467 (1.546).
    const [intercept, days] = fit?.coefficients ?? [];
    assert.equal(fit?.minusTwoLogLik.toFixed(3), "1743.628");
    assert.equal(intercept?.estimate.toFixed(3), "251.405");
    assert.equal(intercept?.se.toFixed(3), "6.825");
    assert.equal(days?.estimate.toFixed(3), "10.467");
    assert.equal(days?.se.toFixed(3), "1.546");
  });
});
