import { countNoun } from "kit";
import type { FitTable } from "mixed-models";
import type { Power } from "mixed-models/node";
import type { PlannedStudy } from "./power-plans";
import { type Column, layOutTable, show } from "./table-columns";

/** A planned study with its power. */
export interface StudyPower {
  readonly study: PlannedStudy;
  readonly power: Power;
}

/** The powers as a table, a row a study. */
export function powerTable(found: readonly StudyPower[]): FitTable {
  const [first] = found as readonly [StudyPower, ...StudyPower[]];
  const { test, alpha, simulations, levels, effect } = first.power;
  const groups = Object.keys(levels);
  const effects = Object.keys(first.study.effect).filter((name) => {
    return new Set(found.map(({ study }) => study.effect[name])).size > 1;
  });
  const columns: (Column<StudyPower> | false)[] = [
    ...groups.map((name): Column<StudyPower> => [name, ({ power }) => String(power.levels[name])]),
    ["rows", ({ power }) => String(power.rows)],
    ...effects.map((name): Column<StudyPower> => [name, ({ study }) => shown(study.effect[name])]),
    effects.length === 0 && effect !== null && ["effect", ({ power }) => shown(power.effect)],
    ["power", ({ power }) => power.power.toFixed(3)],
    ["95 % from", ({ power }) => power.lower.toFixed(3)],
    ["to", ({ power }) => power.upper.toFixed(3)],
    effect !== null && ["median estimate", ({ power }) => show(power.medianEstimate)],
    found.some(({ power }) => power.failed > 0) && ["failed", ({ power }) => String(power.failed)],
  ];
  const each = countNoun(simulations, "simulated study", "simulated studies");
  return layOutTable(`Power of the ${test} at ${alpha}, from ${each} each`, found, columns);
}

function shown(value: number | null | undefined): string {
  return value === null || value === undefined
    ? ""
    : String(Number(value.toPrecision(4))).replace("-", "−");
}

/** What a reader must know of studies that failed; none where none did. */
export function failureNotes(found: readonly StudyPower[]): string[] {
  const [failures, all] = [
    new Map<string, number>(),
    found.length * (found[0]?.power.simulations ?? 0),
  ];
  for (const { power } of found) {
    for (const [reason, count] of Object.entries(power.failures)) {
      failures.set(reason, (failures.get(reason) ?? 0) + count);
    }
  }
  if (failures.size === 0) return [];
  const reasons = [...failures].map(([reason, count]) => `${reason}: ${count}`).join(", ");
  const failed = [...failures.values()].reduce((sum, count) => sum + count, 0);
  return [
    `${failed} of ${all} studies could not be fitted (${reasons}); they count as if the test had not come out.`,
  ];
}
