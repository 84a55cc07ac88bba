// The penalised system of two random terms of one column each, the levels of one lying within those of the other, such
// as turns within conversations. With the inner levels eliminated, the outer ones meet no one but the fixed effects, so
// nothing but these is dense: any number of levels will do. The couplings with the fixed effects are kept by the
// patterns of their rows, of which few occur in any level. Algebra as in penalised-system.ts; docs/mixed-models.md,
// "One iteration".
import { factorise, invertFactored, logDeterminant } from "../numerics/cholesky";
import type { Patterns } from "../numerics/patterns";
import { notPositive } from "./block-solve";
import { unpackFactors } from "./covariance-factor";
import { findLevelPatterns, type LevelPatterns } from "./level-patterns";
import { makeResponse } from "./make-response";
import type { GradientSums, InverseSums, ModeSystem } from "./mode-system";
import type { ModelData, RandomGroup } from "./model-data";
import type { LaplaceResponse } from "./response";

// Beyond this the dense sums over pairs of patterns cost more than they save.
const MOST_PATTERNS = 1000;
// With fewer outer levels the dense block is as fast, and every fit of before keeps its last digits.
const FEWEST_LEVELS = 300;

/** A model's two nested groups, and in which outer level each inner one lies. */
interface Nesting {
  readonly inner: number;
  readonly outer: number;
  readonly outerOf: Int32Array;
}

/** Finds out whether a model has exactly two random terms of one column, one nested in the other, and many levels. */
function findNesting({ groups, rows }: ModelData): Nesting | undefined {
  if (groups.length !== 2 || groups.some(({ columns }) => columns !== 1)) return undefined;
  const inner = groups[0]!.levels >= groups[1]!.levels ? 0 : 1;
  const outer = 1 - inner;
  if (groups[outer]!.levels < FEWEST_LEVELS) return undefined;
  const outerOf = new Int32Array(groups[inner]!.levels).fill(-1);
  const [inners, outers] = [groups[inner]!.index, groups[outer]!.index];
  for (let row = 0; row < rows; row++) {
    const level = inners[row]!;
    if (outerOf[level] === -1) outerOf[level] = outers[row]!;
    else if (outerOf[level] !== outers[row]!) return undefined;
  }
  return { inner, outer, outerOf };
}

/** Makes the system of nested groups, where the model has them and few enough patterns of fixed effects. */
export function makeNestedSystem(data: ModelData): NestedSystem | undefined {
  const nesting = findNesting(data);
  if (!nesting) return undefined;
  return data.fixed.count > MOST_PATTERNS ? undefined : new NestedSystem(data, nesting);
}

/** One of the two terms: its levels, what their rows hold, factors and solution. */
interface Term {
  /** Level of each row, its covariate, and that times the covariance factor. */
  readonly of: Int32Array;
  readonly z: Float64Array;
  readonly a: Float64Array;
  /** Spherical random effects, and the last solution. */
  readonly u: Float64Array;
  readonly step: Float64Array;
  /** Roots of the eliminated diagonal; couplings with the patterns of each level, divided by them. */
  readonly root: Float64Array;
  readonly met: LevelPatterns;
  readonly coupling: Float64Array;
}

/** The system of two nested terms. */
export class NestedSystem implements ModeSystem<LaplaceResponse> {
  readonly groups: readonly RandomGroup[];
  readonly rows: number;
  readonly fixed: number;
  readonly effects: number;
  readonly patterns: Patterns;
  readonly response: LaplaceResponse;
  readonly beta: Float64Array;
  readonly eta: Float64Array;

  private readonly innerTerm: Term;
  private readonly outerTerm: Term;
  // Coupling of each inner level with its outer one, divided by the inner root.
  private readonly link: Float64Array;
  private readonly offset: Float64Array | undefined;
  private readonly entries: Entries;
  private readonly patternWeights: Float64Array;
  private readonly patternSides: Float64Array;
  private readonly patternSteps: Float64Array;
  private readonly products: Float64Array;
  private readonly schur: Float64Array;
  private readonly fixedStep: Float64Array;
  private logDetRandom = 0;

  constructor(
    data: ModelData,
    private readonly nesting: Nesting,
  ) {
    const { groups, rows, fixed: patterns, fixedColumns: fixed } = data;
    this.groups = groups;
    this.rows = rows;
    this.fixed = fixed;
    this.patterns = patterns;
    this.effects = groups.reduce((sum, { levels }) => sum + levels, 0);
    this.response = makeResponse(data, data.y.slice(), data.weights.slice());
    this.offset = data.offset;
    this.beta = new Float64Array(fixed);
    this.eta = new Float64Array(rows);
    this.innerTerm = makeTerm(groups[nesting.inner]!, patterns);
    this.outerTerm = makeTerm(groups[nesting.outer]!, patterns);
    this.link = new Float64Array(this.innerTerm.u.length);
    this.entries = listEntries(patterns, fixed);
    this.patternWeights = new Float64Array(patterns.count);
    this.patternSides = new Float64Array(patterns.count);
    this.patternSteps = new Float64Array(patterns.count);
    this.products = new Float64Array(patterns.count ** 2);
    this.schur = new Float64Array(fixed * fixed);
    this.fixedStep = new Float64Array(fixed);
  }

  setTheta(theta: ArrayLike<number>): void {
    const factors = unpackFactors(this.groups, theta);
    scale(this.innerTerm, factors[this.nesting.inner]![0]!);
    scale(this.outerTerm, factors[this.nesting.outer]![0]!);
  }

  setBeta(beta: ArrayLike<number>): void {
    this.beta.set(beta);
  }

  reset(withFixed: boolean): void {
    this.innerTerm.u.fill(0);
    this.outerTerm.u.fill(0);
    if (withFixed) this.beta.fill(0);
  }

  updateEta(): void {
    const { eta, offset } = this;
    const { of } = this.patterns;
    const { of: inners, a, u } = this.innerTerm;
    const { of: outers, a: b, u: v } = this.outerTerm;
    const fixedPart = this.fixedParts(this.beta);
    for (let row = 0; row < eta.length; row++) {
      const random = a[row]! * u[inners[row]!]! + b[row]! * v[outers[row]!]!;
      eta[row] = fixedPart[of[row]!]! + random + (offset ? offset[row]! : 0);
    }
  }

  /** The fixed part of the linear predictor for each pattern. */
  private fixedParts(beta: ArrayLike<number>): Float64Array {
    const { start, column, value } = this.entries;
    const parts = new Float64Array(this.patterns.count);
    for (let p = 0; p < parts.length; p++) {
      let sum = 0;
      for (let at = start[p]!; at < start[p + 1]!; at++) sum += value[at]! * beta[column[at]!]!;
      parts[p] = sum;
    }
    return parts;
  }

  newtonStep(withFixed: boolean): number {
    this.assemble(withFixed);
    this.startSides(this.response.r, withFixed, true);
    this.eliminate(withFixed);
    if (withFixed) this.factorFixed();
    return this.finish(withFixed);
  }

  solve(t: ArrayLike<number>, withFixed: boolean): void {
    this.startSides(t, withFixed, false);
    this.finish(withFixed);
  }

  refineStep(t: ArrayLike<number>, withFixed: boolean): void {
    this.startSides(t, withFixed, true);
    this.finish(withFixed);
  }

  addStep(size: number, withFixed: boolean): void {
    for (const { u, step } of [this.innerTerm, this.outerTerm]) {
      for (let level = 0; level < u.length; level++) u[level]! += size * step[level]!;
    }
    if (!withFixed) return;
    for (let j = 0; j < this.fixed; j++) this.beta[j]! += size * this.fixedStep[j]!;
  }

  penalty(): number {
    let sum = 0;
    for (const u of this.innerTerm.u) sum += u * u;
    for (const u of this.outerTerm.u) sum += u * u;
    return sum;
  }

  logDet(withFixed: boolean): number {
    return this.logDetRandom + (withFixed ? logDeterminant(this.schur, this.fixed) : 0);
  }

  fixedCovariance(): Float64Array {
    return invertFactored(this.schur, this.fixed);
  }

  modesOf(group: number): Float64Array {
    return this.termOf(group).u.slice();
  }

  modeVariances(group: number): Float64Array {
    const { outerTerm, innerTerm, link, nesting } = this;
    const outer = outerTerm.root.map((root) => 1 / root ** 2);
    if (group === nesting.outer) return outer;
    return innerTerm.root.map(
      (root, level) => (1 + link[level]! ** 2 * outer[nesting.outerOf[level]!]!) / root ** 2,
    );
  }

  inverseSums(): InverseSums {
    const { innerTerm, outerTerm, link, rows, nesting } = this;
    const w = this.response.w;
    const leverage = new Float64Array(rows);
    const trace = this.groups.map(() => new Float64Array(1));
    const innerOwn = this.modeVariances(nesting.inner);
    const outerOwn = this.modeVariances(nesting.outer);
    let [inner, outer] = [0, 0];
    for (let row = 0; row < rows; row++) {
      const [i, o] = [innerTerm.of[row]!, outerTerm.of[row]!];
      const cross = (-link[i]! / innerTerm.root[i]!) * outerOwn[o]!;
      const [a, b] = [innerTerm.a[row]!, outerTerm.a[row]!];
      const qInner = innerOwn[i]! * a + cross * b;
      const qOuter = cross * a + outerOwn[o]! * b;
      leverage[row] = a * qInner + b * qOuter;
      inner += w[row]! * innerTerm.z[row]! * qInner;
      outer += w[row]! * outerTerm.z[row]! * qOuter;
    }
    trace[nesting.inner]![0] = inner;
    trace[nesting.outer]![0] = outer;
    return { trace, leverage };
  }

  gradientSums(t: Float64Array, withFixed: boolean, into?: Float64Array): GradientSums {
    const { innerTerm, outerTerm, nesting, rows } = this;
    const { w, r } = this.response;
    const { of, count } = this.patterns;
    const shift = withFixed ? this.patternSteps : new Float64Array(count);
    const patterns = new Float64Array(count);
    let [inner, outer] = [0, 0];
    for (let row = 0; row < rows; row++) {
      const [i, o] = [innerTerm.of[row]!, outerTerm.of[row]!];
      const [s, q] = [innerTerm.step[i]!, outerTerm.step[o]!];
      const moved = shift[of[row]!]! + innerTerm.a[row]! * s + outerTerm.a[row]! * q;
      if (into) into[row] = moved;
      const v = t[row]! - w[row]! * moved - 2 * r[row]!;
      patterns[of[row]!]! += v;
      inner += innerTerm.z[row]! * (v * innerTerm.u[i]! + r[row]! * s);
      outer += outerTerm.z[row]! * (v * outerTerm.u[o]! + r[row]! * q);
    }
    const products = this.groups.map(() => new Float64Array(1));
    products[nesting.inner]![0] = inner;
    products[nesting.outer]![0] = outer;
    return { products, patterns };
  }

  private termOf(group: number): Term {
    return group === this.nesting.inner ? this.innerTerm : this.outerTerm;
  }

  // A'WA and, with fixed effects, the couplings of both terms with the patterns; roots hold squares until eliminated.
  private assemble(withFixed: boolean): void {
    const { innerTerm, outerTerm, link, rows, patternWeights } = this;
    const { w } = this.response;
    const { of } = this.patterns;
    const { of: inners, a, root, coupling, met } = innerTerm;
    const { of: outers, a: b, root: outerRoot, coupling: outerCoupling } = outerTerm;
    root.fill(1);
    outerRoot.fill(1);
    link.fill(0);
    for (let row = 0; row < rows; row++) {
      const wa = w[row]! * a[row]!;
      root[inners[row]!]! += wa * a[row]!;
      outerRoot[outers[row]!]! += w[row]! * b[row]! * b[row]!;
      link[inners[row]!]! += wa * b[row]!;
    }
    if (!withFixed) return;
    const { place } = met;
    const { place: outerPlace } = outerTerm.met;
    patternWeights.fill(0);
    coupling.fill(0);
    outerCoupling.fill(0);
    for (let row = 0; row < rows; row++) {
      patternWeights[of[row]!]! += w[row]!;
      coupling[place[row]!]! += w[row]! * a[row]!;
      outerCoupling[outerPlace[row]!]! += w[row]! * b[row]!;
    }
  }

  // The right-hand side A't and, with fixed effects, its sums by pattern.
  private startSides(t: ArrayLike<number>, withFixed: boolean, penalised: boolean): void {
    const { innerTerm, outerTerm, rows, patternSides } = this;
    const { of } = this.patterns;
    for (const { step, u } of [innerTerm, outerTerm]) {
      for (let level = 0; level < u.length; level++) step[level] = penalised ? -u[level]! : 0;
    }
    patternSides.fill(0);
    const { of: inners, a, step: innerStep } = innerTerm;
    const { of: outers, a: b, step: outerStep } = outerTerm;
    for (let row = 0; row < rows; row++) {
      const value = t[row]!;
      innerStep[inners[row]!]! += value * a[row]!;
      outerStep[outers[row]!]! += value * b[row]!;
      if (withFixed) patternSides[of[row]!]! += value;
    }
  }

  // Takes the inner levels, then the outer ones, out of what is coupled with them.
  private eliminate(withFixed: boolean): void {
    const { innerTerm, outerTerm, link, products, nesting } = this;
    let logDet = 0;
    products.fill(0);
    for (let level = 0; level < innerTerm.root.length; level++) {
      const root = takeRoot(innerTerm, level);
      logDet += 2 * Math.log(root);
      const outer = nesting.outerOf[level]!;
      link[level]! /= root;
      outerTerm.root[outer]! -= link[level]! ** 2;
      if (!withFixed) continue;
      this.divide(innerTerm, level, root);
      this.passOn(level, outer);
    }
    for (let level = 0; level < outerTerm.root.length; level++) {
      const root = takeRoot(outerTerm, level);
      logDet += 2 * Math.log(root);
      if (withFixed) this.divide(outerTerm, level, root);
    }
    this.logDetRandom = logDet;
  }

  // Divides a level's couplings by its root, and takes their products out of the patterns' block.
  private divide({ met, coupling }: Term, level: number, root: number): void {
    const { products } = this;
    const { count } = this.patterns;
    const { start, pattern } = met;
    const [first, end] = [start[level]!, start[level + 1]!];
    for (let k = first; k < end; k++) {
      const g = coupling[k]! / root;
      coupling[k] = g;
      const rowAt = pattern[k]! * count;
      for (let l = first; l <= k; l++) products[rowAt + pattern[l]!]! -= g * coupling[l]!;
    }
  }

  // What an eliminated inner level leaves in the couplings of its outer one; both list their patterns in order.
  private passOn(level: number, outer: number): void {
    const { met, coupling } = this.innerTerm;
    const { met: outerMet, coupling: outerCoupling } = this.outerTerm;
    const { pattern, start } = met;
    const { pattern: outerPattern } = outerMet;
    const share = this.link[level]!;
    const end = start[level + 1]!;
    let at = outerMet.start[outer]!;
    for (let k = start[level]!; k < end; k++) {
      while (outerPattern[at]! < pattern[k]!) at++;
      outerCoupling[at]! -= share * coupling[k]!;
    }
  }

  // X'(W - products)X, factored.
  private factorFixed(): void {
    const { products, patternWeights, schur, fixed } = this;
    const { start, column, value } = this.entries;
    const { count } = this.patterns;
    const half = new Float64Array(fixed);
    schur.fill(0);
    for (let p = 0; p < count; p++) {
      products[p * count + p]! += patternWeights[p]!;
      half.fill(0);
      for (let q = 0; q < count; q++) {
        const product = p >= q ? products[p * count + q]! : products[q * count + p]!;
        if (product === 0) continue;
        for (let at = start[q]!; at < start[q + 1]!; at++) {
          half[column[at]!]! += product * value[at]!;
        }
      }
      for (let at = start[p]!; at < start[p + 1]!; at++) {
        const j = column[at]!;
        for (let k = 0; k <= j; k++) schur[j * fixed + k]! += value[at]! * half[k]!;
      }
    }
    if (factorise(schur, fixed) >= 0) throw notPositive();
  }

  // Forward and backward substitution; returns the squared norm on the way.
  private finish(withFixed: boolean): number {
    const { innerTerm, outerTerm, link, patternSides, nesting } = this;
    let norm = 0;
    for (let level = 0; level < innerTerm.root.length; level++) {
      const b = innerTerm.step[level]! / innerTerm.root[level]!;
      innerTerm.step[level] = b;
      norm += b * b;
      outerTerm.step[nesting.outerOf[level]!]! -= link[level]! * b;
      if (withFixed) subtract(innerTerm, level, b, patternSides);
    }
    for (let level = 0; level < outerTerm.root.length; level++) {
      const b = outerTerm.step[level]! / outerTerm.root[level]!;
      outerTerm.step[level] = b;
      norm += b * b;
      if (withFixed) subtract(outerTerm, level, b, patternSides);
    }
    if (withFixed) norm += this.solveFixed();
    else this.patternSteps.fill(0);
    for (let level = 0; level < outerTerm.root.length; level++) {
      const rest = withFixed ? coupled(outerTerm, level, this.patternSteps) : 0;
      outerTerm.step[level] = (outerTerm.step[level]! - rest) / outerTerm.root[level]!;
    }
    for (let level = 0; level < innerTerm.root.length; level++) {
      const rest = withFixed ? coupled(innerTerm, level, this.patternSteps) : 0;
      const above = link[level]! * outerTerm.step[nesting.outerOf[level]!]!;
      innerTerm.step[level] = (innerTerm.step[level]! - rest - above) / innerTerm.root[level]!;
    }
    return norm;
  }

  private solveFixed(): number {
    const { patterns, patternSides, schur, fixed, fixedStep } = this;
    const { start, column, value } = this.entries;
    fixedStep.fill(0);
    for (let p = 0; p < patterns.count; p++) {
      for (let at = start[p]!; at < start[p + 1]!; at++) {
        fixedStep[column[at]!]! += value[at]! * patternSides[p]!;
      }
    }
    let norm = 0;
    for (let row = 0; row < fixed; row++) {
      let sum = fixedStep[row]!;
      for (let k = 0; k < row; k++) sum -= schur[row * fixed + k]! * fixedStep[k]!;
      sum /= schur[row * fixed + row]!;
      fixedStep[row] = sum;
      norm += sum * sum;
    }
    for (let row = fixed - 1; row >= 0; row--) {
      let sum = fixedStep[row]!;
      for (let k = row + 1; k < fixed; k++) sum -= schur[k * fixed + row]! * fixedStep[k]!;
      fixedStep[row] = sum / schur[row * fixed + row]!;
    }
    this.patternSteps.set(this.fixedParts(fixedStep));
    return norm;
  }
}

// What of the patterns is not zero, pattern by pattern: of indicators, an entry or two each.
interface Entries {
  readonly start: Int32Array;
  readonly column: Int32Array;
  readonly value: Float64Array;
}

function listEntries({ values, count }: Patterns, columns: number): Entries {
  const start = new Int32Array(count + 1);
  const places: number[] = [];
  for (let p = 0; p < count; p++) {
    for (let j = 0; j < columns; j++) {
      if (values[p * columns + j] !== 0) places.push(p * columns + j);
    }
    start[p + 1] = places.length;
  }
  return {
    start,
    column: Int32Array.from(places, (place) => place % columns),
    value: Float64Array.from(places, (place) => values[place]!),
  };
}

function makeTerm({ index, values, levels }: RandomGroup, patterns: Patterns): Term {
  const met = findLevelPatterns(index, levels, patterns);
  return {
    of: index,
    z: values,
    a: new Float64Array(values.length),
    u: new Float64Array(levels),
    step: new Float64Array(levels),
    root: new Float64Array(levels),
    met,
    coupling: new Float64Array(met.pattern.length),
  };
}

function scale({ z, a }: Term, factor: number): void {
  for (let row = 0; row < z.length; row++) a[row] = factor * z[row]!;
}

function takeRoot({ root }: Term, level: number): number {
  const square = root[level]!;
  if (!(square > 0)) throw notPositive();
  root[level] = Math.sqrt(square);
  return root[level]!;
}

function subtract({ met, coupling }: Term, level: number, b: number, sides: Float64Array): void {
  for (let k = met.start[level]!; k < met.start[level + 1]!; k++) {
    sides[met.pattern[k]!]! -= coupling[k]! * b;
  }
}

function coupled({ met, coupling }: Term, level: number, steps: Float64Array): number {
  let sum = 0;
  for (let k = met.start[level]!; k < met.start[level + 1]!; k++) {
    sum += coupling[k]! * steps[met.pattern[k]!]!;
  }
  return sum;
}
