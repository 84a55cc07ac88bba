// Exercise: labels
const typed: Record<string, unknown> = {
  er: [2, 2, 0, 1, 0, 1, 0, 2, 0, 0],
  ip: [0, 0, 0, 2, 0, 0, 2, 1, 0, 0],
  ex: [2, 0, 0, 0, 0, 1, 0, 0, 2, 0],
};
// Exercise: paradox
const constant = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const other: unknown = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
// Exercise: weakest
const weakest: unknown = "ip";
