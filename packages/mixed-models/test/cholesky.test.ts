import assert from "node:assert/strict";
import { factorise } from "mixed-models";
import { invertFactored, logDeterminant } from "../src/numerics/cholesky";
import { tileKernel } from "../src/numerics/tile-kernel";
import { factoriseTiled, factoriseTiles } from "../src/numerics/tiled";
import { assertClose } from "./assert-fits";
import { Random } from "./random";

/** A positive definite matrix with entries on both sides of zero. */
function definite(size: number): Float64Array {
  const random = new Random(size);
  const normals = Array.from({ length: size }, () => random.normals(size));
  return Float64Array.from({ length: size * size }, (_, at) => {
    const [left, right] = [normals[Math.floor(at / size)], normals[at % size]];
    const sum = left?.reduce((all, value, k) => all + value * (right?.[k] as number), 0) ?? 0;
    return sum / size + (Math.floor(at / size) === at % size ? 1 : 0);
  });
}

describe("the sums in WebAssembly", () => {
  for (const size of [128, 131, 257]) {
    it(`have the bits of those in JavaScript, ${size} rows`, () => {
      assert.ok(tileKernel(size * size), "Node has WebAssembly with SIMD");
      const [fast, plain] = [definite(size), definite(size)];
      factoriseTiled(fast, size, 0, size);
      factoriseTiles(plain, size, 0, size);
      assert.deepEqual(fast, plain);
    });
  }

  it("leave what is too large for their memory to JavaScript", () => {
    assert.equal(tileKernel(6000 ** 2), undefined);
  });
});

for (const size of [3, 127, 128, 131, 202]) {
  describe(`factorise and invertFactored of ${size} rows`, () => {
    const matrix = definite(size);

    it("give the inverse of the matrix, of all rows and of the leading ones", () => {
      for (const order of [size, size - 1]) {
        const factor = matrix.slice();
        assert.equal(factorise(factor, size, 0, order), -1);
        const inverse = invertFactored(factor, size, order);
        for (let row = 0; row < order; row += 7) {
          for (let column = 0; column < order; column++) {
            let sum = 0;
            for (let k = 0; k < order; k++) {
              sum += (matrix[row * size + k] as number) * (inverse[k * order + column] as number);
            }
            assertClose(sum, row === column ? 1 : 0, 1e-11, `${row}, ${column}`);
          }
        }
      }
    });

    it("go on from rows that are factored, and name the row that has no pivot", () => {
      const [whole, parts] = [matrix.slice(), matrix.slice()];
      factorise(whole, size);
      factorise(parts, size, 0, size - 2);
      factorise(parts, size, size - 2);
      assertClose(logDeterminant(parts, size), logDeterminant(whole, size), 1e-12);
      const broken = matrix.slice();
      broken[(size - 1) * (size + 1)] = -1;
      assert.equal(factorise(broken, size), size - 1);
    });
  });
}
