// Permutation tests over models: what families' labels, or signs of leads over people, chance alone would give
// (Fisher 1935).
import { createGenerator } from "kit";

// Up to so many arrangements are listed; of more, so many are drawn.
const MOST_LISTED = 20_000;
const DRAWN = 10_000;
const SEED = 15;

/**
 * Tests a difference of two families' means over all arrangements of labels; or, where all models are of one family, the
 * mean of their leads over all arrangements of signs.
 *
 * @param estimates one per model.
 * @param isFirst whether a model is of the first family.
 * @returns the two-sided p-value, the observed arrangement among those counted.
 */
export function permutationP(estimates: readonly number[], isFirst: readonly boolean[]): number {
  const isOne = isFirst.every(Boolean);
  const statistic = (signs: ArrayLike<number>) => Math.abs(difference(estimates, signs, isOne));
  const observed = statistic(isFirst.map((first) => (first ? 1 : -1)));
  let [reached, all] = [0, 0];
  for (const signs of isOne ? listSigns(isFirst.length) : listLabels(isFirst)) {
    all++;
    // Equal arrangements may differ in the last digit.
    if (statistic(signs) >= observed * (1 - 1e-9)) reached++;
  }
  return reached / all;
}

function difference(
  estimates: readonly number[],
  signs: ArrayLike<number>,
  isOne: boolean,
): number {
  const sums = { plus: 0, minus: 0, pluses: 0, minuses: 0 };
  for (const [at, estimate] of estimates.entries()) {
    if (Number.isNaN(estimate)) continue;
    if ((signs[at] as number) > 0) {
      sums.plus += estimate;
      sums.pluses++;
    } else {
      sums.minus += estimate;
      sums.minuses++;
    }
  }
  if (isOne) return (sums.plus - sums.minus) / (sums.pluses + sums.minuses);
  if (sums.pluses === 0 || sums.minuses === 0) return 0;
  return sums.plus / sums.pluses - sums.minus / sums.minuses;
}

function* listSigns(count: number): Generator<Int8Array> {
  if (2 ** count > MOST_LISTED) {
    const random = createGenerator(SEED);
    yield new Int8Array(count).fill(1);
    for (let draw = 1; draw < DRAWN; draw++) {
      yield Int8Array.from({ length: count }, () => (random.uniform() < 0.5 ? -1 : 1));
    }
    return;
  }
  for (let mask = 0; mask < 2 ** count; mask++) {
    yield Int8Array.from({ length: count }, (_, at) => ((mask >> at) & 1 ? -1 : 1));
  }
}

function* listLabels(isFirst: readonly boolean[]): Generator<Int8Array> {
  const count = isFirst.length;
  const firsts = isFirst.filter(Boolean).length;
  if (choose(count, firsts) > MOST_LISTED) {
    yield* drawLabels(isFirst);
    return;
  }
  const places = Array.from({ length: firsts }, (_, at) => at);
  for (;;) {
    const labels = new Int8Array(count).fill(-1);
    for (const place of places) labels[place] = 1;
    yield labels;
    let at = firsts - 1;
    while (at >= 0 && places[at] === count - firsts + at) at--;
    if (at < 0) return;
    const next = (places[at] as number) + 1;
    for (let rest = at; rest < firsts; rest++) places[rest] = next + rest - at;
  }
}

function* drawLabels(isFirst: readonly boolean[]): Generator<Int8Array> {
  const random = createGenerator(SEED);
  const labels = Int8Array.from(isFirst, (first) => (first ? 1 : -1));
  yield labels.slice();
  for (let draw = 1; draw < DRAWN; draw++) {
    for (let at = labels.length - 1; at > 0; at--) {
      const other = Math.floor(random.uniform() * (at + 1));
      [labels[at], labels[other]] = [labels[other] as number, labels[at] as number];
    }
    yield labels.slice();
  }
}

function choose(count: number, of: number): number {
  let ways = 1;
  for (let at = 0; at < of; at++) ways = (ways * (count - at)) / (at + 1);
  return ways;
}
