// Exercise: ratings
const mine: (number | null)[] = [
  1, 2, 1, 0, 0, 1, 1, 0, 0, 0,
  2, 2, 2, 1, 2, 2, 0, 1, 0, 0,
];
// Exercise: divided
const divided: number | undefined = 18;
// Exercise: sample
const needed: number | undefined = 612;
