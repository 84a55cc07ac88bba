// Exercise: labels
const mine: Record<"er" | "ip" | "ex", (Level | null)[]> = {
  er: [2, 2, 0, 1, 0, 1, 0, 2, 0, 0],
  ip: [0, 0, 0, 2, 0, 0, 2, 1, 0, 0],
  ex: [2, 0, 0, 0, 0, 1, 0, 0, 2, 0],
};
// Exercise: paradox
const constant: Level[] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const third: (Level | null)[] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
// Exercise: weakest
const weakest: "er" | "ip" | "ex" | undefined = "ip";
