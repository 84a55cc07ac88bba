import assert from "node:assert/strict";
import { formatInterval } from "../../src/notebook/format-interval";
import { plainColumns } from "../../src/notebook/plain-columns";

describe("formatInterval", () => {
  it("writes the estimate with its unit, then the limits, with a minus sign and not a hyphen", () => {
    const limits = { lower: -0.5, upper: 0.25 };
    assert.equal(formatInterval(-0.126, limits), "−0.13 (−0.50 to 0.25)");
    const points = { times: 100, decimals: 0, unit: " %" };
    assert.equal(formatInterval(0.126, limits, points), "13 % (−50 to 25)");
  });
});

describe("plainColumns", () => {
  it("takes off what a group's column is named by, and leaves other names and the values", () => {
    const values = [["a", 1, 2]];
    const plain = plainColumns({ columns: ["who", "ER_max", "mean_words"], values });
    assert.deepEqual(plain, { columns: ["who", "ER", "mean_words"], values });
  });
});
