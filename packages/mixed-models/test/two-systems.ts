// What the algebra of two nested terms saves beside the one for all models, in one run:
// `npm run bench:nested`. Same data, same parameters, deviance and gradient.
import { LaplaceObjective } from "../src/objective/laplace";
import { toModelData } from "./assert-fits";
import { simulateTurns } from "./simulate-turns";

const RUNS = 15;

function medianMs(work: () => void): number {
  const times = Array.from({ length: RUNS }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return times.sort((one, other) => one - other)[(RUNS - 1) / 2] as number;
}

for (const conversations of [500, 2_000, 5_500]) {
  const data = toModelData(
    "y ~ system + (1 | conversation) + (1 | turn)",
    simulateTurns(conversations),
    "binomial",
  );
  const [nested, general] = [{}, { general: true }].map((options) => {
    const objective = new LaplaceObjective(data, 0, options);
    const gradient = new Float64Array(2 + data.fixedColumns);
    let step = 0;
    // Each evaluation is at a new place, since the modes of the last one are its start.
    return medianMs(() => {
      step += 0.001;
      const beta = Array.from({ length: data.fixedColumns }, (_, at) => 0.3 - 0.2 * at);
      objective.evaluate(Float64Array.from([0.7 + step, 1.1, ...beta]), gradient);
    });
  }) as [number, number];
  process.stdout.write(
    `${conversations} conversations, ${data.rows} rows: nested ${nested.toFixed(1)} ms, general ${general.toFixed(1)} ms, ` +
      `${(general / nested).toFixed(1)} times as long\n`,
  );
}
