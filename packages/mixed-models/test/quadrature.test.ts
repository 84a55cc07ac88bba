import assert from "node:assert/strict";
import { hermiteRule } from "../src/objective/quadrature";

describe("hermiteRule", () => {
  for (const count of [1, 2, 3, 5, 9, 15, 25, 50, 75, 100]) {
    it(`integrates monomials up to degree ${2 * count - 1} exactly with ${count} nodes`, () => {
      const { nodes, weights } = hermiteRule(count);
      let moment = 1;
      for (let degree = 0; degree < 2 * count; degree++) {
        const isEven = degree % 2 === 0;
        // The moment of degree 2k of the standard normal distribution is 1 * 3 * ... * (2k - 1).
        if (isEven && degree > 0) moment *= degree - 1;
        let sum = 0;
        for (const [at, node] of nodes.entries()) sum += (weights[at] as number) * node ** degree;
        // Powers of nodes with an error in the last digit; odd degrees cancel to nearly nothing.
        const error = Math.abs(sum - (isEven ? moment : 0)) / moment;
        assert.ok(error < 1e-14 * (10 + degree * degree), `degree ${degree}: off by ${error}`);
      }
    });
  }
});
