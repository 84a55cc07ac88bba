// Exercise: ratings
const typed: unknown = [
  1, 2, 1, 0, 0, 1, 1, 0, 0, 0,
  2, 2, 2, 1, 2, 2, 0, 1, 0, 0,
];
// Exercise: divided
const divided: unknown = 18;
// Exercise: sample
const needed: unknown = 612;
