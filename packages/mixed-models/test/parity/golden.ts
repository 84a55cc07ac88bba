// R's results for the simulated data, kept in golden/simulated.json so that they can be compared without R.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { projectPath } from "test-support/project";
import { type Bounds, CROSSED, CUMULATIVE, UNCROSSED } from "./compare";
import { pickReference, type RawOutput, type Reference } from "./reference";
import { SIMULATED_NAMES, type SimulatedName, simulate, toCsv } from "./simulate";

/** The golden file: values and their origin. */
export interface Golden {
  readonly origin: {
    readonly script: string;
    readonly command: string;
    readonly R: string;
    readonly lme4: string;
    readonly glmmTMB: string;
    readonly ordinal: string;
  };
  readonly tolerance: Readonly<Record<"uncrossed" | "crossed" | "cumulative", Bounds>>;
  /** SHA-256 of each data set's CSV. */
  readonly checksums: Readonly<Record<string, string>>;
  readonly models: readonly Reference[];
}

const GOLDEN_FILE = projectPath("packages", "mixed-models", "test", "golden", "simulated.json");

export function readGolden(): Golden {
  return JSON.parse(readFileSync(GOLDEN_FILE, "utf8"));
}

/**
 * Writes the golden file from R's output for simulated models; the others stay as they are.
 *
 * @param ids of all simulated models, in order.
 */
export function writeGolden({ R, models }: RawOutput, ids: readonly string[]): void {
  const before = readGolden();
  const versionOf = (name: "lme4" | "glmmTMB" | "ordinal") =>
    models.map((model) => model[name]?.version).find(Boolean) ?? before.origin[name];
  const fresh = models.map(pickReference);
  const golden: Golden = {
    origin: {
      script: "test/mixed/parity/reference.R",
      command: "npm run parity -- --write-golden",
      R,
      lme4: versionOf("lme4"),
      glmmTMB: versionOf("glmmTMB"),
      ordinal: versionOf("ordinal"),
    },
    tolerance: { uncrossed: UNCROSSED, crossed: CROSSED, cumulative: CUMULATIVE },
    checksums: Object.fromEntries(SIMULATED_NAMES.map((name) => [name, checksum(name)])),
    models: ids.map((id) => [...fresh, ...before.models].find((one) => one.id === id) as Reference),
  };
  writeFileSync(GOLDEN_FILE, JSON.stringify(golden, undefined, 2));
  const biome = require.resolve("@biomejs/biome/bin/biome");
  spawnSync(process.execPath, [biome, "format", "--write", GOLDEN_FILE], { stdio: "ignore" });
}

/** SHA-256 of a simulated data set's CSV. */
export function checksum(name: SimulatedName): string {
  return createHash("sha256")
    .update(toCsv(simulate(name)))
    .digest("hex");
}
