// Residuals by simulation, as Hartig's DHARMa has them (cran.r-project.org/package=DHARMa; Dunn and Smyth 1996,
// doi.org/10.1080/10618600.1996.10474708), with tests whose p values are themselves by simulation (Barnard 1963): each
// simulated response stands in turn where the observed one does.
import { checkOptionNames, createGenerator, UserError } from "kit";
import { contextOf, groupNamed } from "../fit/fit-context";
import type { MixedFit } from "../fit/result";
import { refuseMemory } from "../numerics/memory";
import { meanOf } from "../numerics/vectors";
import type { RandomGroup } from "../objective/model-data";
import { refuseWeighted, simulateResponse } from "./simulate";

/** How residuals are simulated. */
export interface SimulatedResidualsOptions {
  readonly seed: number;
  /** Simulated responses; 250 by default. The least p value is one over one more than these. */
  readonly simulations?: number;
  /** A grouping factor of the model: residuals of its levels' sums, in place of the rows'. */
  readonly by?: string;
  /** What the simulated responses may take, in GiB; 4 by default. */
  readonly memory?: number;
}

/** One test of the residuals against their like from the model. */
export interface ResidualTest {
  readonly name: "uniformity" | "dispersion" | "outliers";
  /**
   * Of uniformity the largest distance of the residuals' distribution from the even one; of dispersion the sum of the
   * squared distances from the expected response; of outliers how many responses lie beyond all simulated ones.
   */
  readonly observed: number;
  /** The mean of the same over the simulated responses. */
  readonly expected: number;
  /** Two-sided, but for uniformity, whose distance can only be too large. */
  readonly p: number;
}

/** Residuals that are even between 0 and 1 where the model holds. */
export interface SimulatedResiduals {
  /** For each row of the fit, or level of `by`: the share of the simulated responses below, ties broken at random. */
  readonly residuals: Float64Array;
  /** The mean of the simulated responses, likewise. */
  readonly expected: Float64Array;
  readonly tests: readonly ResidualTest[];
  /** For probabilities k / (simulations + 1): how far sorted residuals may lie from them, 95 % of the simulated ones do not further. */
  readonly envelope: { readonly lower: Float64Array; readonly upper: Float64Array };
  readonly simulations: number;
}

/**
 * Simulates from a fit, with new random effects, and asks where each observed response lies among the simulated ones.
 *
 * Rows that share a group are alike in all simulated responses, too, so the p values need no independence. They take the
 * estimates as known, which makes them a little too large. A response of zeros and ones says nothing of dispersion row by
 * row: ask `by` a group. Cost: a pass over the rows for each simulation, and sorting them.
 *
 * @throws UserError if the model has no such group, a cumulative fit has weights, or the responses need more memory.
 */
export function simulatedResiduals(
  fit: MixedFit,
  options: SimulatedResidualsOptions,
): SimulatedResiduals {
  checkOptionNames(options, ["seed", "simulations", "by", "memory"]);
  const { seed, simulations = 250, by, memory } = options;
  if (!Number.isInteger(simulations) || simulations < 19) {
    throw new UserError(
      `simulations should be a whole number of at least 19, for p values of 0.05; it is ${simulations}`,
    );
  }
  const { data, parameters } = contextOf(fit);
  refuseWeighted(data);
  const group = by === undefined ? undefined : groupNamed(fit, by);
  const size = group?.levels ?? data.rows;
  refuseMemory(
    size * (simulations + 1),
    `${simulations} simulated responses`,
    "ask fewer simulations, or for a group's residuals with by",
    memory,
  );
  const take = (y: Float64Array) => (group ? sumByLevel(y, group) : y);
  const responses = [take(data.y)];
  for (let stream = 0; stream < simulations; stream++) {
    responses.push(take(simulateResponse(data, parameters, createGenerator(seed, stream))));
  }
  return judge(responses, createGenerator(seed, simulations));
}

function sumByLevel(y: Float64Array, { index, levels }: RandomGroup): Float64Array {
  const sums = new Float64Array(levels);
  for (const [row, value] of y.entries()) sums[index[row]!]! += value;
  return sums;
}

// The first response is the observed one; whatever is computed of it is computed of each.
function judge(
  responses: readonly Float64Array[],
  { uniform }: { uniform(): number },
): SimulatedResiduals {
  const count = responses.length;
  const size = responses[0]!.length;
  const residuals = new Float64Array(size);
  const expected = new Float64Array(size);
  const squares = new Float64Array(count);
  const outliers = new Float64Array(count);
  const histograms = responses.map(() => new Float64Array(count));
  const values = new Float64Array(count);
  const breaks = new Float64Array(count);
  for (let row = 0; row < size; row++) {
    for (const [which, response] of responses.entries()) {
      values[which] = response[row]!;
      breaks[which] = uniform();
    }
    const order = Array.from(values.keys()).sort(
      (a, b) => values[a]! - values[b]! || breaks[a]! - breaks[b]!,
    );
    const mean = meanOf(values);
    expected[row] = (mean * count - values[0]!) / (count - 1);
    for (const [rank, which] of order.entries()) {
      histograms[which]![rank]!++;
      squares[which]! += (values[which]! - mean) ** 2;
      if (which === 0) residuals[row] = (rank + uniform()) / count;
    }
    const [first, second] = [order[0]!, order[1]!];
    const [last, before] = [order[count - 1]!, order[count - 2]!];
    if (values[first]! < values[second]!) outliers[first]!++;
    if (values[last]! > values[before]!) outliers[last]!++;
  }
  const cumulated = histograms.map((histogram) => cumulate(histogram, size));
  return {
    residuals,
    expected,
    tests: [
      testOf("uniformity", cumulated.map(distanceToUniform)),
      testOf("dispersion", squares),
      testOf("outliers", outliers),
    ],
    envelope: envelopeOf(cumulated, count),
    simulations: count - 1,
  };
}

// Share of the rows whose rank is at most k.
function cumulate(histogram: Float64Array, size: number): Float64Array {
  let sum = 0;
  return histogram.map((rows) => {
    sum += rows;
    return sum / size;
  });
}

// Kolmogorov and Smirnov's statistic.
function distanceToUniform(cumulated: Float64Array): number {
  return cumulated.reduce(
    (most, share, rank) => Math.max(most, Math.abs(share - (rank + 1) / cumulated.length)),
    0,
  );
}

function envelopeOf([, ...simulations]: readonly Float64Array[], count: number) {
  const lower = new Float64Array(count);
  const upper = new Float64Array(count);
  for (let rank = 0; rank < count; rank++) {
    const simulated = Float64Array.from(simulations, (cumulated) => cumulated[rank]!).sort();
    lower[rank] = simulated[Math.floor(0.025 * (count - 2))]!;
    upper[rank] = simulated[Math.ceil(0.975 * (count - 2))]!;
  }
  return { lower, upper };
}

function testOf(
  name: ResidualTest["name"],
  statistics: Float64Array | readonly number[],
): ResidualTest {
  const [observed = 0, ...simulated] = statistics;
  const above = simulated.filter((value) => value >= observed).length;
  const below = simulated.filter((value) => value <= observed).length;
  const count = statistics.length;
  const [high, low] = [(above + 1) / count, (below + 1) / count];
  return {
    name,
    observed,
    expected: meanOf(simulated),
    p: name === "uniformity" ? high : Math.min(1, 2 * Math.min(high, low)),
  };
}
