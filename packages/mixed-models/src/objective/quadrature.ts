// Adaptive Gauss-Hermite quadrature for one scalar random effect: Pinheiro and Bates 1995
// (doi.org/10.1080/10618600.1995.10474663); with one node it is the Laplace approximation.
import type { LaplaceObjective } from "./laplace";

/** Nodes and weights for integrals against the standard normal density. */
interface Rule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Gauss-Hermite rule for the standard normal density, by Newton's method on the orthonormal Hermite
 * polynomials (Press et al., Numerical Recipes, section 4.6).
 *
 * @param count number of nodes, from 1 to 100.
 */
export function hermiteRule(count: number): Rule {
  const nodes = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let node = 0; node < Math.ceil(count / 2); node++) {
    let x = firstGuess(node, count, nodes);
    for (let iteration = 0; iteration < 100; iteration++) {
      const { value, slope } = hermite(x, count);
      const step = value / slope;
      x -= step;
      if (Math.abs(step) < 1e-15 * (1 + Math.abs(x))) break;
    }
    const { slope } = hermite(x, count);
    const weight = 2 / (slope * slope) / Math.sqrt(Math.PI);
    nodes[node] = x;
    nodes[count - 1 - node] = -x;
    weights[node] = weight;
    weights[count - 1 - node] = weight;
  }
  return { nodes: nodes.map((x) => x * Math.SQRT2), weights };
}

// Orthonormal with respect to exp(-x^2), and the derivative.
function hermite(x: number, degree: number): { value: number; slope: number } {
  let previous = 0;
  let value = Math.PI ** -0.25;
  for (let k = 0; k < degree; k++) {
    const next = x * Math.sqrt(2 / (k + 1)) * value - Math.sqrt(k / (k + 1)) * previous;
    previous = value;
    value = next;
  }
  return { value, slope: Math.sqrt(2 * degree) * previous };
}

function firstGuess(node: number, count: number, nodes: Float64Array): number {
  if (node === 0) return Math.sqrt(2 * count + 1) - 1.85575 * (2 * count + 1) ** (-1 / 6);
  const last = nodes[node - 1]!;
  if (node === 1) return last - (1.14 * count ** 0.426) / last;
  const beforeLast = nodes[node - 2]!;
  if (node === 2) return 1.86 * last - 0.86 * beforeLast;
  if (node === 3) return 1.91 * last - 0.91 * beforeLast;
  return 2 * last - beforeLast;
}

/**
 * Minus twice the log-likelihood by adaptive quadrature.
 *
 * @param laplace a model with one scalar random effect; its modes are used and left in place.
 * @param parameters theta and beta.
 */
export function quadratureDeviance(
  laplace: LaplaceObjective,
  parameters: Float64Array,
  rule: Rule,
): number {
  laplace.evaluate(parameters);
  const system = laplace.blocks;
  const modes = Float64Array.from(system.uBig);
  const sds = Float64Array.from(system.factorD, (factor) => 1 / factor);
  const logs = Array.from({ length: rule.nodes.length }, (_, k) => {
    const node = rule.nodes[k]!;
    system.setBig(modes.map((mode, level) => mode + node * sds[level]!));
    const shift = Math.log(rule.weights[k]!) + (node * node) / 2;
    return laplace.levelDeviances().map((deviance) => shift - deviance / 2);
  });
  system.setBig(modes);
  let sum = 0;
  for (let level = 0; level < modes.length; level++) {
    const largest = logs.reduce((most, log) => Math.max(most, log[level]!), -Infinity);
    const total = logs.reduce((all, log) => all + Math.exp(log[level]! - largest), 0);
    sum += Math.log(sds[level]!) + largest + Math.log(total);
  }
  return -2 * (sum + laplace.constant);
}
