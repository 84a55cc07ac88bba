import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "kit";
import { readCsvTable } from "kit/tables";
import { fitMixed, type MixedFit } from "mixed-models";
import { renderForPrint } from "plotly-stills";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { checkDiagnostics, diagnose, diagnosticFigure } from "../../apps/cli/fit-diagnostics";

const FORMULA = "er ~ family * sentiment + (1 | system) + (1 | dialogue)";
const DATA = join("data", "example", "simulated-replies.csv");

let fit: MixedFit;
before(async () => {
  fit = fitMixed(FORMULA, await readCsvTable(DATA), { family: "binomial" });
});

describe("empathy fit --check, --influence and --plot", () => {
  it("lists the tests of residuals and the groups, the most influential first", () => {
    const { tables } = diagnose(fit, { check: "system", influence: "system", simulations: "99" });
    const [tests, influence] = tables;
    assert.match(tests?.title ?? "", /sums by system beside 99 simulated responses, seed 1/);
    assert.deepEqual(
      tests?.rows.map(([name]) => name?.split(":")[0]),
      ["uniformity", "dispersion", "outliers"],
    );
    const distances = influence?.rows.map((row) => Number(row[2])) ?? [];
    assert.equal(distances.length, 9);
    assert.deepEqual(
      distances,
      [...distances].sort((a, b) => b - a),
    );
  });

  for (const plot of ["residuals", "modes=system", "modes=dialogue", "influence"]) {
    it(`draws ${plot} so that it can be read in a paper`, async () => {
      const found = diagnose(fit, { plot, influence: "dialogue", simulations: "99" });
      const spec = diagnosticFigure(
        { id: "00-plot", path: "plot.svg", format: "svg" },
        plot,
        fit,
        found,
      );
      const { svg } = await renderForPrint(spec, { widthMm: 180 });
      assert.match(svg, /<svg/);
    });
  }

  it("prints tables behind the fit and draws the file", async () => {
    const figure = join(temporaryFolder(), "modes.svg");
    const { status, stdout, stderr } = await runEmpathy(
      [
        "fit",
        "--data",
        DATA,
        "--formula",
        "er ~ family + (1 | system)",
        "--family",
        "binomial",
      ].concat(["--check", "--simulations", "19", "--plot", "modes=system", "--figure", figure]),
    );
    assert.equal(status, 0, stderr);
    assert.match(stdout, /Residuals beside 19 simulated responses/);
    assert.ok(existsSync(figure));
  });

  for (const [flags, hasFigure, message] of [
    [{ plot: "residuals" }, false, "--plot: name the figure's file with --figure"],
    [{ plot: "influence" }, true, "--plot influence: of which group? name it with --influence"],
    [{ plot: "qq" }, true, "--plot qq: choose one of residuals, modes=GROUP, influence"],
    [{ refit: true }, false, "--refit is of --influence; add it"],
    [{ seed: "3" }, false, "--seed is of --check and --plot residuals; add one"],
    [{ check: true, seed: "x" }, false, "--seed x: should be a whole number"],
  ] as const) {
    it(`refuses ${JSON.stringify(flags)}${hasFigure ? " with a figure" : ""}`, () => {
      assert.throws(() => checkDiagnostics(flags, hasFigure), new UserError(message));
    });
  }

  it("names the groups where one is not the model's", () => {
    assert.throws(
      () => diagnose(fit, { influence: "sytem" }),
      new UserError(
        "the model has no group 'sytem'; its groups are dialogue, system; did you mean 'system'?",
      ),
    );
  });
});
