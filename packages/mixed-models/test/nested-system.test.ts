import assert from "node:assert/strict";
import { fitMixed } from "mixed-models";
import { LaplaceObjective } from "../src/objective/laplace";
import { NestedSystem } from "../src/objective/nested-system";
import { toModelData } from "./assert-fits";
import { simulateTurns } from "./simulate-turns";

describe("the system of two nested terms", () => {
  const table = simulateTurns(320);
  const formulas = [
    "y ~ system + (1 | conversation) + (1 | turn)",
    "y ~ system * x + (1 | turn) + (0 + x | conversation)",
    "o ~ system + (1 | conversation) + (1 | turn)",
  ];
  const cases = [
    ...formulas.map((one) => [one, []] as const),
    [formulas[2] as string, [1]] as const,
  ];
  for (const [formula, nominal] of cases) {
    const name = `${formula}${nominal.length > 0 ? ", nominal" : ""}`;
    it(`has the deviance and the gradient of the one that knows no nesting: ${name}`, () => {
      const isGraded = formula.startsWith("o");
      const data = toModelData(
        formula,
        table,
        isGraded ? "cumulative" : "binomial",
        undefined,
        nominal,
      );
      const nested = new LaplaceObjective(data, 0);
      const general = new LaplaceObjective(data, 0, { general: true });
      assert.ok(nested.system instanceof NestedSystem);
      assert.throws(() => nested.blocks, /another form/);
      const thetas = [0.7, 1.1, ...(isGraded ? [1.6] : []), ...nominal.map(() => -0.3)];
      const betas = Array.from({ length: data.fixedColumns }, (_, at) => 0.3 - 0.2 * at);
      for (const [method, parameters] of [
        ["evaluateJointly", thetas],
        ["evaluate", [...thetas, ...betas]],
      ] as const) {
        const x = Float64Array.from(parameters);
        const [one, other] = [new Float64Array(x.length), new Float64Array(x.length)];
        const difference = nested[method](x, one) - general[method](x, other);
        assert.ok(Math.abs(difference) < 1e-8, `${method}: ${difference}`);
        for (const [at, value] of one.entries()) {
          const gap = Math.abs(value - (other[at] as number));
          assert.ok(gap < 1e-6 * (1 + Math.abs(value)), `${method}, ${at}: ${gap}`);
        }
      }
      for (const group of data.groups.keys()) {
        const [one, other] = [nested, general].map(({ system }) => system.modeVariances(group));
        for (const [at, value] of (one as Float64Array).entries()) {
          assert.ok(Math.abs(value - ((other as Float64Array)[at] as number)) < 1e-9);
        }
      }
    });
  }

  it("serves neither crossed terms, nor few levels, nor a fixed effect that differs in every row", () => {
    const crossed = { ...table, turn: table.turn.map((_, at) => `t${at % 400}`) };
    const noise = { ...simulateTurns(900), x: simulateTurns(900).x.map((_, at) => Math.sin(at)) };
    for (const [formula, columns] of [
      ["y ~ system + (1 | conversation) + (1 | turn)", crossed],
      ["y ~ system + (1 | conversation) + (1 | turn)", simulateTurns(200)],
      ["y ~ x + (1 | conversation) + (1 | turn)", noise],
    ] as const) {
      const { system } = new LaplaceObjective(toModelData(formula, columns, "binomial"), 0);
      assert.equal(system instanceof NestedSystem, false, formula);
    }
  });

  it("takes 7,000 turns of 3,500 conversations, which a dense block could not", () => {
    const many = simulateTurns(3500);
    const fit = fitMixed("y ~ system + (1 | conversation/turn)", many, { family: "binomial" });
    assert.ok(fit.converged);
    const [inner, outer] = fit.variances.map(({ sd }) => sd) as [number, number];
    assert.ok(Math.abs(inner - 0.7) < 0.35 && Math.abs(outer - 1) < 0.25, `${inner} ${outer}`);
    const given = fitMixed("y ~ system + (1 | conversation/turn)", many, {
      family: "binomial",
      standardErrors: "conditional",
    });
    for (const [at, { estimate, se }] of fit.coefficients.entries()) {
      assert.ok(Math.abs(estimate - (given.coefficients[at]?.estimate ?? 0)) < 1e-6);
      assert.ok(Math.abs(se / (given.coefficients[at]?.se ?? 0) - 1) < 0.15, `${se}`);
    }
  });
});
