import type { Patterns } from "../numerics/patterns";
import type { RandomGroup } from "./model-data";
import type { RowResponse } from "./response";
import type { GroupSums } from "./row-passes";

/** Sums of the gradient over the rows; see laplace.ts. */
export interface GradientSums {
  /** For each group, the sum of z (v u + r s). */
  readonly products: readonly Float64Array[];
  /** For each pattern of the fixed effects, the sum of v. */
  readonly patterns: Float64Array;
}

/** Sums over the rows, for every group and every pair of its columns. */
export interface InverseSums {
  /** For each group: columns x columns sums of w z_r q_c, where q is the row's part of H^-1 a. */
  readonly trace: GroupSums;
  /** For each sorted row: a' H^-1 a, the leverage. */
  readonly leverage: Float64Array;
}

/** A penalised system as the Laplace deviance uses it, however its blocks are laid out. */
export interface ModeSystem<Response extends RowResponse = RowResponse> {
  readonly groups: readonly RandomGroup[];
  /** Number of fixed and of random effects. */
  readonly fixed: number;
  readonly effects: number;
  readonly patterns: Patterns;
  readonly response: Response;
  readonly beta: ArrayLike<number>;
  /** Linear predictor of each row, in the system's order. */
  readonly eta: ArrayLike<number>;

  /** Sets the relative covariance factors; theta lists each group's free entries, group after group. */
  setTheta(theta: ArrayLike<number>): void;
  /** Sets the fixed effects. */
  setBeta(beta: ArrayLike<number>): void;
  /** Sets all spherical random effects, and where asked for the fixed effects, to zero. */
  reset(withFixed: boolean): void;
  /** Computes the linear predictor from the parameters. */
  updateEta(): void;
  /**
   * Assembles and factors the system at the response's weights, and solves it for its residuals.
   *
   * @returns the squared Newton decrement.
   * @throws NoValue if the system is not positive definite.
   */
  newtonStep(withFixed: boolean): number;
  /** Solves the factored system for A't and, with fixed effects, X't. */
  solve(t: ArrayLike<number>, withFixed: boolean): void;
  /** Solves the factored system for A't - u and, with fixed effects, X't: a Newton step with the factors of the last one. */
  refineStep(t: ArrayLike<number>, withFixed: boolean): void;
  /** Moves the parameters along the last solution. */
  addStep(size: number, withFixed: boolean): void;
  /** The squared length of the spherical random effects. */
  penalty(): number;
  /** Log-determinant of the factored system, without or with the fixed effects' part. */
  logDet(withFixed: boolean): number;
  /** Inverse of the fixed effects' part of the factored system, with everything else eliminated. */
  fixedCovariance(): Float64Array;
  /** A group's spherical random effects: levels x columns. */
  modesOf(group: number): Float64Array;
  /** For each level of a group, columns x columns: its own block of the inverse of the system without fixed effects. */
  modeVariances(group: number): Float64Array;
  /** Leverages and trace sums of the system without the fixed effects. */
  inverseSums(): InverseSums;
  /**
   * Sums v = t - W (A s + x) - 2 r over the rows, with s the last solution and x its fixed effects' part.
   *
   * @param moved receives A s + x, where it is asked for.
   */
  gradientSums(t: Float64Array, withFixed: boolean, moved?: Float64Array): GradientSums;
}
