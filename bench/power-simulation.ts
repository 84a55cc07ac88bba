// How far simulated power (mixed-models/node, `simulatePower`) lies from the closed forms of balanced linear models, how often it errs
// where there is no effect, in all families, and what it costs: `npm run bench:power-simulation`, about two minutes.
import { readFileSync } from "node:fs";
import {
  type Power,
  type PowerOptions,
  type StatedModel,
  type StatedParameters,
  simulatePower,
  stateModel,
} from "mixed-models/node";
import { projectPath } from "../src/project";

const SIMULATIONS = 10_000;
const SEED = 30;

interface Golden {
  readonly paired: readonly Readonly<Record<"n" | "effect" | "sigma" | "power", number>>[];
  readonly arms: readonly Readonly<
    Record<"n" | "m" | "effect" | "tau" | "sigma" | "power", number>
  >[];
}

/** So many subjects, each with so many rows under one or both of two conditions. */
function design(subjects: number, rows: number, isWithin: boolean) {
  return Array.from({ length: subjects * rows }, (_, at) => {
    const [subject, turn] = [at % subjects, Math.floor(at / subjects)];
    return { subject: `s${subject}`, x: (isWithin ? turn : subject) % 2 === 0 ? "a" : "b" };
  });
}

const FORMULA = "y ~ x + (1 | subject)";

async function measure(
  what: string,
  model: StatedModel,
  wanted: number | null,
  more: Partial<PowerOptions> = {},
): Promise<Power> {
  const started = performance.now();
  const options = more.term === undefined ? { test: "xb", ...more } : more;
  const found = await simulatePower(model, { simulations: SIMULATIONS, seed: SEED, ...options });
  const ms = (performance.now() - started) / SIMULATIONS;
  const shown = wanted === null ? "      " : wanted.toFixed(4);
  const { power, lower, upper, failed } = found;
  console.log(
    `${what.padEnd(58)} ${power.toFixed(4)} (${lower.toFixed(4)} to ${upper.toFixed(4)})  ${shown}  ${String(failed).padStart(6)}  ${ms.toFixed(2)}`,
  );
  return found;
}

async function main(): Promise<void> {
  const golden = JSON.parse(
    readFileSync(projectPath("packages", "mixed-models", "test", "power.golden.json"), "utf8"),
  ) as Golden;
  console.log(
    `${"".padEnd(58)} power (95 % interval)      exact   failed  ms a study, two threads`,
  );
  for (const { n, effect, sigma, power } of golden.paired) {
    const parameters = {
      effects: { "(Intercept)": 0, xb: effect },
      sds: { subject: 2, Residual: sigma },
    };
    const model = stateModel(FORMULA, design(n, 2, true), parameters);
    await measure(`paired t, ${n} subjects, effect ${effect}`, model, power);
    await measure("  the same by likelihood ratio", model, null, { term: "x" });
  }
  for (const { n, m, effect, tau, sigma, power } of golden.arms) {
    const parameters = {
      effects: { "(Intercept)": 0, xb: effect },
      sds: { subject: tau, Residual: sigma },
    };
    const model = stateModel(FORMULA, design(2 * n, m, false), parameters);
    await measure(`two arms of ${n} subjects, ${m} rows each`, model, power);
    const none = { effects: { xb: 0 } };
    await measure("  without an effect, by t", model, 0.05, none);
    await measure("  without an effect, by z", model, null, { ...none, df: "normal" });
    await measure("  without an effect, by likelihood ratio", model, null, { ...none, term: "x" });
  }
  const rows = design(40, 6, true);
  const families: [string, StatedParameters, "binomial" | "cumulative"][] = [
    ["binomial", { effects: { "(Intercept)": 0.4, xb: 0 }, sds: { subject: 0.8 } }, "binomial"],
    [
      "cumulative",
      { effects: { xb: 0 }, sds: { subject: 0.8 }, thresholds: [-1, 0, 1] },
      "cumulative",
    ],
  ];
  for (const [name, parameters, family] of families) {
    const model = stateModel(FORMULA, rows, parameters, { family });
    await measure(`${name}, 40 subjects, 6 rows each, no effect, by z`, model, null);
    await measure("  the same by likelihood ratio", model, null, { term: "x" });
  }
}

main();
