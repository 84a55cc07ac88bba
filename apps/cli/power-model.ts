import { UserError } from "kit";
import { type CsvTable, readCsvTable } from "kit/tables";
import { type MixedFit, parseFormula } from "mixed-models";
import {
  type PowerOptions,
  type StatedModel,
  type StatedParameters,
  stateModel,
} from "mixed-models/node";
import { fitOrRestore, type KeptFlags, refuseModelOptions, requireFormula } from "./fit-kept";
import { fitOptions } from "./fit-model";
import { designRows } from "./power-design";
import type { PlannedStudy } from "./power-plans";
import { readNumbers, readSettings, toRecord } from "./power-settings";
import type { Progress } from "./progress";

/** What studies are drawn from: a pilot's fit, or parameters and a design that are stated. */
export interface ModelFlags extends KeptFlags {
  readonly data?: string;
  readonly sd?: readonly string[];
  readonly cuts?: string;
  readonly within?: readonly string[];
  readonly between?: readonly string[];
  readonly repeats?: number;
}

/** A study's model, and what of the plan is left for the simulation to change. */
export interface StudyModel {
  readonly model: MixedFit | StatedModel;
  readonly changes: Pick<PowerOptions, "groups" | "within" | "effects" | "sds">;
  /** The pilot, where there is one. */
  readonly pilot?: MixedFit;
}

/**
 * Reads or states what studies are drawn from, once for all of them.
 *
 * @returns the model of each planned study.
 * @throws UserError if data, formula or parameters do not make a model, or an option does not go with the others.
 */
export async function openModel(
  flags: ModelFlags,
  progress: Progress,
): Promise<(study: PlannedStudy) => StudyModel> {
  const { data, within, between, repeats, from } = flags;
  if (data === undefined) return withoutData(flags);
  const design = { within, between, repeats };
  const given = Object.entries(design).find(([, value]) => value !== undefined);
  if (given) {
    throw new UserError(`--${given[0]} lays out a design without data; leave it out, or --data`);
  }
  if (from !== undefined) refuseModelOptions(flags);
  const table = await progress.during(`reading ${data}`, () => readCsvTable(data, progress));
  if (from === undefined && isWithoutResponse(requireFormula(flags).formula, table)) {
    return (study) => ({
      model: state(flags, table, study),
      changes: { groups: study.groups, within: study.rows },
    });
  }
  if (flags.cuts !== undefined) {
    throw new UserError(
      `--cuts: ${data} holds the response, which gives the thresholds; leave it out`,
    );
  }
  const pilot = await progress.during("fitting the pilot", () => fitOrRestore(flags, table));
  const sds = toSds(flags, Object.keys(pilot.levels));
  return ({ groups, rows, effect }) => ({
    model: pilot,
    pilot,
    changes: { groups, within: rows, effects: effect, ...(flags.sd ? { sds } : {}) },
  });
}

function withoutData(flags: ModelFlags): (study: PlannedStudy) => StudyModel {
  if (flags.from !== undefined) throw new UserError("--from needs the fit's --data; add it");
  const within = readSettings("--within", flags.within);
  const between = readSettings("--between", flags.between);
  return (study) => {
    if (Object.keys(study.rows).length > 0) {
      throw new UserError("--rows takes rows from data; without --data use --repeats");
    }
    const { groups } = study;
    const rows = designRows({ groups, within, between, repeats: flags.repeats ?? 1 });
    return { model: state(flags, rows, study), changes: {} };
  };
}

function isWithoutResponse(formula: string, table: CsvTable): boolean {
  const { response } = parseFormula(formula);
  return response.kind === "name" && !Object.hasOwn(table, response.name);
}

function state(
  flags: ModelFlags,
  rows: CsvTable | readonly object[],
  { effect }: PlannedStudy,
): StatedModel {
  const { formula, ...model } = requireFormula(flags);
  const refused = (["thresholds", "nominal", "success", "levels"] as const).find(
    (name) => model[name] !== undefined,
  );
  if (refused !== undefined) {
    throw new UserError(`--${refused} is about a response's values; without one leave it out`);
  }
  const groups = parseFormula(formula).random.map(({ group }) => group);
  const cuts = flags.cuts === undefined ? {} : { thresholds: toCuts(flags.cuts) };
  const parameters: StatedParameters = { effects: effect, sds: toSds(flags, groups), ...cuts };
  return stateModel(formula, rows, parameters, fitOptions({ ...model, formula }));
}

function toCuts(text: string): number[] {
  return text.split(",").map((cut) => {
    const value = Number(cut);
    if (cut.trim() !== "" && Number.isFinite(value)) return value;
    throw new UserError(`--cuts '${text}': give rising numbers, such as -1,0,1`);
  });
}

// `subject=0.5`, or for one of several effects of a group `subject:x=0.2`.
function toSds({ sd }: ModelFlags, groups: readonly string[]): NonNullable<PowerOptions["sds"]> {
  const sds: Record<string, number | Record<string, number>> = {};
  for (const [name, value] of Object.entries(toRecord("--sd", readNumbers("--sd", sd)))) {
    const group = groups.find((one) => name.startsWith(`${one}:`) && !groups.includes(name));
    if (group === undefined) sds[name] = value;
    else {
      const known = sds[group];
      sds[group] = {
        ...(typeof known === "object" ? known : {}),
        [name.slice(group.length + 1)]: value,
      };
    }
  }
  return sds;
}
