// The data sets that models.json calls `sim:NAME`: seeded, each by itself, so that changing one leaves the
// others as they were. The columns, sizes and true values are those of the study that chose the models.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Random } from "../random";

/** A table by columns. */
export type SimulatedTable = Readonly<Record<string, readonly number[] | readonly string[]>>;

const SIMULATORS = {
  "one-factor": { seed: 1, simulate: (random: Random) => grouped(random, 40, 25, 0.3, 1) },
  nested: { seed: 2, simulate: nested },
  crossed: { seed: 3, simulate: binaryCrossed },
  slopes: { seed: 4, simulate: (random: Random) => binarySlopes(random, 0.4) },
  "slopes-uncorrelated": { seed: 5, simulate: (random: Random) => binarySlopes(random, 0) },
  counts: { seed: 6, simulate: counts },
  unbalanced: { seed: 7, simulate: unbalanced },
  rare: { seed: 8, simulate: (random: Random) => grouped(random, 50, 80, -3.9, 0.7) },
  // With this seed the standard deviation, truly 0.05, is estimated as zero.
  "near-singular": { seed: 9, simulate: (random: Random) => grouped(random, 30, 40, 0.2, 0.05) },
  paper: { seed: 10, simulate: paper },
  "gaussian-crossed": { seed: 11, simulate: gaussianCrossed },
  "gaussian-slopes": { seed: 12, simulate: gaussianSlopes },
  "grades-crossed": { seed: 13, simulate: gradesCrossed },
  "grades-slopes": { seed: 14, simulate: gradesSlopes },
  "grades-nested": { seed: 15, simulate: gradesNested },
  "grades-weights": { seed: 16, simulate: gradesWeights },
};

export type SimulatedName = keyof typeof SIMULATORS;

export const SIMULATED_NAMES = Object.keys(SIMULATORS) as readonly SimulatedName[];

/** Simulates one data set; always the same one. */
export function simulate(name: SimulatedName): SimulatedTable {
  const { seed, simulate: make } = SIMULATORS[name];
  return make(new Random(seed));
}

/** The table as CSV; texts in quotes, as R writes them. */
export function toCsv(table: SimulatedTable): string {
  const names = Object.keys(table);
  const columns = Object.values(table);
  const lines = [names.map(quote).join(",")];
  for (const row of columns[0]?.keys() ?? []) {
    const cells = columns.map((column) => column[row] as number | string);
    lines.push(cells.map((cell) => (typeof cell === "string" ? quote(cell) : cell)).join(","));
  }
  return `${lines.join("\n")}\n`;
}

/** Writes every data set to `folder` as NAME.csv. */
export function writeSimulated(folder: string): void {
  for (const name of SIMULATED_NAMES) {
    writeFileSync(join(folder, `${name}.csv`), toCsv(simulate(name)));
  }
}

function quote(text: string): string {
  return `"${text}"`;
}

// With few digits every program reads the same number.
function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

function covariate(random: Random, rows: number): number[] {
  return random.normals(rows).map(round);
}

function labels(prefix: string, count: number): string[] {
  const width = String(count).length;
  return Array.from({ length: count }, (_, at) => prefix + String(at + 1).padStart(width, "0"));
}

function repeat<Item>(items: readonly Item[], times: number): Item[] {
  return items.flatMap((item) => Array<Item>(times).fill(item));
}

// One deviation for each level, at the rows of the level.
function effect(random: Random, group: readonly string[], sd: number): number[] {
  const deviations = new Map<string, number>();
  return group.map((level) => {
    const known = deviations.get(level) ?? sd * random.normal();
    deviations.set(level, known);
    return known;
  });
}

// The response is drawn row by row from the sum of a row's parts.
function draw(random: Random, ...parts: readonly (readonly number[])[]): number[] {
  const [first = []] = parts;
  return first.map((_, row) =>
    random.success(parts.reduce((sum, part) => sum + (part[row] as number), 0)),
  );
}

function grouped(
  random: Random,
  groups: number,
  size: number,
  intercept: number,
  sd: number,
): SimulatedTable {
  const g = repeat(labels("g", groups), size);
  const x = covariate(random, g.length);
  const fixed = x.map((value) => intercept + 0.5 * value);
  return { y: draw(random, fixed, effect(random, g, sd)), x, g };
}

function nested(random: Random): SimulatedTable {
  const school = repeat(labels("s", 20), 60);
  const classes = labels("c", 5);
  const cells = school.map((_, row) => classes[Math.floor(row / 12) % 5] as string);
  const x = covariate(random, school.length);
  const fixed = x.map((value) => 0.2 + 0.7 * value);
  const bySchool = effect(random, school, 0.8);
  const both = school.map((name, row) => `${name} ${cells[row]}`);
  const byClass = effect(random, both, 0.5);
  return { y: draw(random, fixed, bySchool, byClass), x, school, class: cells };
}

function crossed(random: Random, sizeA: number, sizeB: number, copies: number) {
  const bLevels = labels("b", sizeB);
  const a = repeat(labels("a", sizeA), sizeB * copies);
  const b = a.map((_, row) => bLevels[Math.floor(row / copies) % sizeB] as string);
  const x = covariate(random, a.length);
  const byA = effect(random, a, 0.9);
  const byB = effect(random, b, 0.6);
  const eta = x.map(
    (value, row) => 0.4 - 0.5 * value + (byA[row] as number) + (byB[row] as number),
  );
  return { eta, x, a, b };
}

function binaryCrossed(random: Random): SimulatedTable {
  const { eta, ...columns } = crossed(random, 30, 40, 1);
  return { y: draw(random, eta), ...columns };
}

function gaussianCrossed(random: Random): SimulatedTable {
  const { eta, ...columns } = crossed(random, 25, 30, 2);
  return { y: eta.map((value) => round(10 + value + 1.3 * random.normal())), ...columns };
}

function slopes(
  random: Random,
  groups: number,
  size: number,
  { sd, slopeSd, correlation }: { sd: number; slopeSd: number; correlation: number },
) {
  const names = labels("g", groups);
  const g = repeat(names, size);
  const x = covariate(random, g.length);
  const base = random.normals(groups);
  const own = random.normals(groups);
  const rest = Math.sqrt(1 - correlation ** 2);
  const eta = x.map((value, row) => {
    const level = Math.floor(row / size);
    const start = base[level] as number;
    const slope = correlation * start + rest * (own[level] as number);
    return sd * start + (0.6 + slopeSd * slope) * value;
  });
  return { eta, x, g };
}

function binarySlopes(random: Random, correlation: number): SimulatedTable {
  const { eta, ...columns } = slopes(random, 50, 30, { sd: 0.9, slopeSd: 0.6, correlation });
  return { y: eta.map((value) => random.success(value - 0.3)), ...columns };
}

function gaussianSlopes(random: Random): SimulatedTable {
  const truth = { sd: 1.1, slopeSd: 0.5, correlation: -0.3 };
  const { eta, ...columns } = slopes(random, 40, 20, truth);
  return { y: eta.map((value) => round(5 + value + random.normal())), ...columns };
}

function counts(random: Random): SimulatedTable {
  const g = repeat(labels("g", 30), 8);
  const x = covariate(random, g.length);
  const byGroup = effect(random, g, 0.7);
  const trials = g.map(() => random.whole(5, 20));
  const s = trials.map((count, row) => {
    const logit = -0.8 + 0.6 * (x[row] as number) + (byGroup[row] as number);
    return Array.from({ length: count }, () => random.success(logit)).reduce((a, b) => a + b, 0);
  });
  return { s, f: trials.map((count, row) => count - (s[row] as number)), x, g };
}

// Groups of 1 to 120 rows.
function unbalanced(random: Random): SimulatedTable {
  const names = random.shuffle(labels("g", 60));
  const g = names.flatMap((name, at) => repeat([name], Math.round(120 ** (at / 59))));
  const x = covariate(random, g.length);
  const treat = g.map(() => random.pick(["control", "drug"]));
  const fixed = x.map((value, row) => -0.5 + 0.4 * value + (treat[row] === "drug" ? 0.8 : 0));
  return { y: draw(random, fixed, effect(random, g, 1.2)), x, treat, g };
}

const TYPES = ["llm", "llm", "llm", "llm", "ecs", "ecs", "ecs", "human", "human"] as const;
const BY_TYPE = { ecs: -0.4, human: 0.9, llm: 0.5 };
const BY_SENTIMENT = { ambiguous: -0.5, negative: 0, positive: 0.4 };

// Every one of nine systems meets every dialogue once.
function paper(random: Random): SimulatedTable {
  const moods = ["positive", "positive", "negative", "negative", "ambiguous"] as const;
  const byDialogue = labels("d", 2546).map(() => random.pick(moods));
  const dialogue = repeat(labels("d", 2546), 9);
  const systems = labels("sys", 9);
  const system = dialogue.map((_, row) => systems[row % 9] as string);
  const type = dialogue.map((_, row) => TYPES[row % 9] as keyof typeof BY_TYPE);
  const sentiment = repeat(byDialogue, 9);
  const fixed = type.map((kind, row) => {
    const mood = sentiment[row] as keyof typeof BY_SENTIMENT;
    const both = kind === "llm" && mood === "negative" ? 0.3 : 0;
    return BY_TYPE[kind] + BY_SENTIMENT[mood] + both;
  });
  const bySystem = effect(random, system, 0.4);
  const y = draw(random, fixed, bySystem, effect(random, dialogue, 0.9));
  return { y, type, sentiment, system, dialogue };
}

// Grades from 1: one more for each threshold that the predictor and a logistic deviation exceed together.
function grade(random: Random, eta: readonly number[], thresholds: readonly number[]): number[] {
  return eta.map((value) => {
    const uniform = random.uniform();
    const latent = value + Math.log(uniform / (1 - uniform));
    return 1 + thresholds.filter((threshold) => threshold < latent).length;
  });
}

// Raters in panels of three, each panel before its own ten dialogues.
function gradesCrossed(random: Random): SimulatedTable {
  const panels = Array.from({ length: 25 }, (_, at) => at);
  const cells = panels.flatMap((panel) =>
    Array.from({ length: 30 }, (_, at) => ({
      dialogue: panel * 10 + Math.floor(at / 3),
      rater: panel * 3 + (at % 3),
    })),
  );
  const dialogues = labels("d", 250);
  const raters = labels("r", 75);
  const dialogue = cells.map((cell) => dialogues[cell.dialogue] as string);
  const rater = cells.map((cell) => raters[cell.rater] as string);
  const type = cells.map(() => random.pick(["human", "llm"]));
  const mood = dialogue.map((_, row) => (row % 90 < 30 ? "sad" : "glad"));
  const x = covariate(random, cells.length);
  const byDialogue = effect(random, dialogue, 0.7);
  const byRater = effect(random, rater, 0.9);
  const eta = x.map((value, row) => {
    const own = 0.5 * value + (type[row] === "llm" ? 0.4 : 0);
    return own + (byDialogue[row] as number) + (byRater[row] as number);
  });
  return { y: grade(random, eta, [-1.5, 0.3]), x, type, mood, dialogue, rater };
}

function gradesSlopes(random: Random): SimulatedTable {
  const truth = { sd: 0.9, slopeSd: 0.6, correlation: 0.3 };
  const { eta, ...columns } = slopes(random, 40, 25, truth);
  return { y: grade(random, eta, [-1, 0, 0.8, 2]), ...columns };
}

function gradesNested(random: Random): SimulatedTable {
  const school = repeat(labels("s", 20), 40);
  const classes = labels("c", 80);
  const cells = school.map((_, row) => classes[Math.floor(row / 10)] as string);
  const x = covariate(random, school.length);
  const [bySchool, byClass] = [effect(random, school, 0.8), effect(random, cells, 0.6)];
  const eta = x.map(
    (value, row) => 0.7 * value + (bySchool[row] as number) + (byClass[row] as number),
  );
  return { y: grade(random, eta, [-1.2, 0.2, 1.4]), x, school, class: cells };
}

// Each row stands for one to nine grades.
function gradesWeights(random: Random): SimulatedTable {
  const g = repeat(labels("g", 30), 12);
  const x = covariate(random, g.length);
  const byGroup = effect(random, g, 0.8);
  const eta = x.map((value, row) => 0.6 * value + (byGroup[row] as number));
  const y = grade(random, eta, [-1.4, -0.1, 1.1, 2.2]);
  return { y, n: g.map(() => random.whole(1, 9)), x, g };
}
