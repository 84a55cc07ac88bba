// Fits the models with R and with the library, and compares.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import type { Table } from "mixed-models";
import { projectPath } from "test-support/project";
import { type Comparison, compareModel, noComparison } from "./compare";
import { pickReference, type RawOutput, type RawReference, readModels } from "./reference";
import { type SimulatedName, simulate, writeSimulated } from "./simulate";

/** A comparison and how long R took, with tight controls; NaN where a package did not fit the model. */
export interface ParityRow extends Comparison {
  readonly lme4Seconds: number;
  readonly glmmTMBSeconds: number;
  readonly clmmSeconds: number;
}

/**
 * Runs R on models of models.json.
 *
 * @param folder receives the data sets as CSV: the simulated ones from here, the packages' own from R.
 * @param processes how many R processes share the models; with more than one, R's times cannot be compared.
 */
export async function runR(
  ids: readonly string[],
  folder: string,
  processes = 1,
): Promise<RawOutput> {
  writeSimulated(folder);
  // Models of one data set stand together, so every second one goes to the same process.
  const parts = Array.from({ length: processes }, (_, part) =>
    ids.filter((_, at) => at % processes === part),
  ).filter((part) => part.length > 0);
  const outputs = await Promise.all(
    parts.map((part, at) => runScript(part, folder, `reference-${at}.json`, processes > 1)),
  );
  const models = outputs.flatMap((output) => output.models);
  const inOrder = ids.flatMap((id) => models.find((model) => model.id === id) ?? []);
  return { ...(outputs[0] as RawOutput), models: inOrder };
}

async function runScript(
  ids: readonly string[],
  folder: string,
  file: string,
  isQuiet: boolean,
): Promise<RawOutput> {
  const output = join(folder, file);
  const script = projectPath("packages", "mixed-models", "test", "parity", "reference.R");
  const models = projectPath("packages", "mixed-models", "test", "parity", "models.json");
  const child = spawn("Rscript", [script, models, folder, output, ...ids], {
    // One thread, so that the times can be compared.
    env: { ...process.env, OMP_NUM_THREADS: "1" },
    stdio: ["ignore", "ignore", isQuiet ? "pipe" : "inherit"],
  });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const [status] = await once(child, "close");
  if (status !== 0) throw new Error(`Rscript failed (status ${status}): ${said || "see above"}`);
  return JSON.parse(readFileSync(output, "utf8"));
}

/** Compares the library with what R wrote, on the data sets in `folder`. */
export function compareAll(raw: RawOutput, folder: string): ParityRow[] {
  return raw.models.map((model) => {
    return {
      ...compareOne(model, folder),
      lme4Seconds: model.lme4?.seconds ?? Number.NaN,
      glmmTMBSeconds: model.glmmTMB?.seconds ?? Number.NaN,
      clmmSeconds: model.ordinal?.seconds ?? Number.NaN,
    };
  });
}

function compareOne(raw: RawReference, folder: string): Comparison {
  try {
    const reference = pickReference(raw);
    if (isSimulated(raw)) return compareModel(raw, reference, tableOf(raw.data));
    return compareModel(raw, reference, readTable(raw, folder), raw.factors);
  } catch (error) {
    return noComparison(raw.id, (error as Error).message);
  }
}

/** The ids of the models; only of those on simulated data, if asked for. */
export function listIds(onlySimulated: boolean): string[] {
  return readModels()
    .filter((model) => !onlySimulated || isSimulated(model))
    .map(({ id }) => id);
}

function isSimulated({ data }: { readonly data: string }): boolean {
  return data.startsWith("sim:");
}

/** The data set that models.json calls `sim:NAME`. */
export function tableOf(data: string): Table {
  return simulate(data.replace("sim:", "") as SimulatedName);
}

// R says which columns are factors: their levels may look like numbers.
function readTable({ data, factors = {} }: RawReference, folder: string): Table {
  const file = join(folder, `${data.replace(/^\w+::/, "")}.csv`);
  const [header = [], ...rows] = parse(readFileSync(file)) as string[][];
  return Object.fromEntries(
    header.map((name, at) => {
      const cells = rows.map((row) => row[at] as string);
      const isNumeric =
        !factors[name] && cells.every((cell) => cell === "" || Number.isFinite(Number(cell)));
      return [name, isNumeric ? cells.map((cell) => (cell === "" ? null : Number(cell))) : cells];
    }),
  );
}
