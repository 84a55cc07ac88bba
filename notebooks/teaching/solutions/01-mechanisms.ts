// Exercise: labels
const labels: unknown = {
  er: [2, 2, 0, 1, 0, 1, 0, 2, 0, 0],
  ip: [0, 0, 0, 2, 0, 0, 2, 1, 0, 0],
  ex: [2, 0, 0, 0, 0, 1, 0, 0, 2, 0],
};
// Exercise: chance
const chance: unknown = 0.6 * 0.3 + 0.2 * 0.4 + 0.2 * 0.3;
// Exercise: paradox
const paradox: unknown = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
