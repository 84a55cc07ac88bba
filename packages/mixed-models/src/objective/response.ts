// A response at a linear predictor: McCullagh and Nelder 1989, section 2.5, for the logit link and the identity.

/** A response with the weights and residuals of the current iteration, which it alone writes. */
export interface RowResponse {
  /** For each sorted row its weight, and its residual times its weight on the scale of the linear predictor. */
  readonly w: ArrayLike<number>;
  readonly r: ArrayLike<number>;
}

/** A response whose log-density is concave in each row's linear predictor: what the Laplace deviance needs of it. */
export interface LaplaceResponse extends RowResponse {
  /** Number of threshold parameters; 0 but for grades. */
  readonly thresholdParameterCount: number;
  /** Sum of the trials, or of the prior weights. */
  readonly trials: number;
  /** Sets those parameters. @throws NoValue if the response has no density there. */
  setThresholdParameters(parameters: ArrayLike<number>): void;
  /** Takes on weights and residuals; returns minus twice the log-likelihood. */
  update(eta: ArrayLike<number>): number;
  /** The log-likelihood of the rows from one to another. */
  logLikelihood(eta: ArrayLike<number>, from: number, to: number): number;
  /** Multiplies leverages by the derivative of each row's weight along its linear predictor, after `update` at `eta`. */
  multiplyBySlopes(leverages: Float64Array, eta: ArrayLike<number>): void;
  /**
   * Derivatives of the Laplace deviance in the threshold parameters, after `multiplyBySlopes`.
   *
   * @param moved how each linear predictor moves the log-determinant: A s of laplace.ts.
   */
  thresholdGradient(moved: ArrayLike<number>): Float64Array;
}

/** Successes among trials, with the logit link. */
export class BinomialResponse implements LaplaceResponse {
  readonly thresholdParameterCount = 0;
  readonly w: Float64Array;
  readonly r: Float64Array;

  /**
   * @param y successes in sorted row order.
   * @param n trials.
   */
  constructor(
    protected readonly y: Float64Array,
    protected readonly n: Float64Array,
  ) {
    this.w = new Float64Array(y.length);
    this.r = new Float64Array(y.length);
  }

  setThresholdParameters(): void {}

  update(eta: ArrayLike<number>): number {
    const { y, n, w, r } = this;
    let sum = 0;
    let product = 1; // Of 1 + exp(-|eta|), each at most 2: one logarithm serves many single trials.
    for (let row = 0; row < y.length; row++) {
      const e = eta[row]!;
      const small = Math.exp(-Math.abs(e));
      const trials = n[row]!;
      const successes = y[row]!;
      const share = 1 / (1 + small);
      sum += successes * e;
      if (e > 0) sum -= trials * e;
      if (trials === 1) product *= 1 + small;
      else sum -= trials * Math.log1p(small);
      if (product > 1e250) {
        sum -= Math.log(product);
        product = 1;
      }
      w[row] = trials * small * share * share;
      r[row] = successes - trials * (e >= 0 ? share : small * share);
    }
    return -2 * (sum - Math.log(product));
  }

  get trials(): number {
    return this.n.reduce((sum, count) => sum + count, 0);
  }

  logLikelihood(eta: ArrayLike<number>, from: number, to: number): number {
    const { y, n } = this;
    let sum = 0;
    for (let row = from; row < to; row++) {
      const e = eta[row]!;
      const logTerm = (e > 0 ? e : 0) + Math.log1p(Math.exp(-Math.abs(e)));
      sum += y[row]! * e - n[row]! * logTerm;
    }
    return sum;
  }

  // The derivative is w (1 - 2 mean).
  multiplyBySlopes(values: Float64Array, _eta: ArrayLike<number>): void {
    const { y, n, w, r } = this;
    for (let row = 0; row < y.length; row++) {
      const mean = (y[row]! - r[row]!) / n[row]!;
      values[row]! *= w[row]! * (1 - 2 * mean);
    }
  }

  thresholdGradient(): Float64Array {
    return new Float64Array(0);
  }
}

/** Numbers with normal errors. */
export class GaussianResponse implements RowResponse {
  readonly w: Float64Array;
  readonly r: Float64Array;

  /**
   * @param y response in sorted row order.
   * @param n prior weights.
   */
  constructor(
    private readonly y: Float64Array,
    private readonly n: Float64Array,
  ) {
    this.w = new Float64Array(y.length);
    this.r = new Float64Array(y.length);
  }

  /** Takes on weights and residuals. */
  update(eta: ArrayLike<number>): void {
    const { y, n, w, r } = this;
    w.set(n);
    for (let row = 0; row < y.length; row++) r[row] = n[row]! * (y[row]! - eta[row]!);
  }

  /** Weighted sum of the squared residuals, added to a start. */
  addSquares(start: number): number {
    const { n, r } = this;
    let sum = start;
    for (let row = 0; row < n.length; row++) sum += r[row]! ** 2 / n[row]!;
    return sum;
  }
}
