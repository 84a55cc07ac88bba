import type { NumberSetting } from "./power-settings";

/** A size or an effect that is varied. */
export interface Axis {
  readonly option: "groups" | "rows" | "effect";
  readonly name: string;
  readonly values: readonly number[];
}

/** One study that is simulated. */
export interface PlannedStudy {
  /** Numbers of levels by group, of rows in each level of a group, and effects by coefficient. */
  readonly groups: Readonly<Record<string, number>>;
  readonly rows: Readonly<Record<string, number>>;
  readonly effect: Readonly<Record<string, number>>;
}

/** What is simulated: every combination of what was given. */
interface PowerPlans {
  readonly studies: readonly PlannedStudy[];
  /** Those with several values, in the order of the options. */
  readonly axes: readonly Axis[];
}

/** Combines the values of sizes and effects, the last one fastest. */
export function planStudies(
  settings: Readonly<Record<Axis["option"], readonly NumberSetting[]>>,
): PowerPlans {
  const all = (["groups", "rows", "effect"] as const).flatMap((option) =>
    settings[option].map((setting): Axis => ({ option, ...setting })),
  );
  let studies: PlannedStudy[] = [{ groups: {}, rows: {}, effect: {} }];
  for (const { option, name, values } of all) {
    studies = studies.flatMap((study) =>
      values.map((value) => ({ ...study, [option]: { ...study[option], [name]: value } })),
    );
  }
  return { studies, axes: all.filter(({ values }) => values.length > 1) };
}
