/** The three mechanisms of empathy that EPITOME rates (Sharma et al. 2020). */
export const METRICS = ["er", "ip", "ex"] as const;

/** Emotional reaction, interpretation or exploration. */
export type Metric = (typeof METRICS)[number];

/** Gives each metric a value. */
export function byMetric<Value>(value: (metric: Metric) => Value): Record<Metric, Value> {
  const [er, ip, ex] = METRICS;
  return { er: value(er), ip: value(ip), ex: value(ex) };
}

/** How strongly a mechanism shows: 0 not at all, 1 weakly, 2 strongly. */
export type Level = 0 | 1 | 2;

/** One level per metric. */
export type Levels = Readonly<Record<Metric, Level>>;

/** Probabilities of the levels 0, 1 and 2; they sum to 1. */
export type LevelProbabilities = readonly [number, number, number];

/**
 * The most probable level; of equally probable ones the lowest.
 *
 * @example
 * mostProbable([0.4, 0.4, 0.2]); // => 0
 */
export function mostProbable(p: LevelProbabilities): Level {
  if (p[2] > p[1] && p[2] > p[0]) return 2;
  return p[1] > p[0] ? 1 : 0;
}
