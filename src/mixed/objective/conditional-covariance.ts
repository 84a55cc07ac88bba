import { invertFactored } from "../numerics/cholesky";
import type { SystemView } from "./system-view";

/** Inverse of the fixed effects' part of the system, with everything else eliminated. */
export function conditionalCovariance({ schur, dense, small, fixed }: SystemView): Float64Array {
  const factor = new Float64Array(fixed * fixed);
  for (let row = 0; row < fixed; row++) {
    for (let column = 0; column <= row; column++) {
      factor[row * fixed + column] = schur[(small + row) * dense + small + column]!;
    }
  }
  return invertFactored(factor, fixed);
}
