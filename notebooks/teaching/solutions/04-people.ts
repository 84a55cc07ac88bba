// Exercise: ratings
const ratings: unknown = [
  1, 2, 1, 0, 0, 1, 1, 0, 0, 0,
  2, 2, 2, 1, 2, 2, 0, 1, 0, 0,
];
// Exercise: ranges
const ranges: unknown = pairs.map((_, at) => Math.max(...levelsAt(at)) - Math.min(...levelsAt(at)));
// Exercise: sample
const sample: unknown = ((1.96 * sd) / 0.05) ** 2;
