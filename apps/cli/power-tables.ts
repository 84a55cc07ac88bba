import { countNoun } from "kit";
import type { FitTable } from "mixed-models";
import type { Power } from "mixed-models/node";
import type { PlannedStudy } from "./power-plans";

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
  const hasFailed = found.some(({ power }) => power.failed > 0);
  return {
    title: `Power of the ${test} at ${alpha}, from ${countNoun(simulations, "simulated study", "simulated studies")} each`,
    columns: [
      ...groups,
      "rows",
      ...(effects.length > 0 ? effects : effect === null ? [] : ["effect"]),
      "power",
      "95 % from",
      "to",
      ...(effect === null ? [] : ["median estimate"]),
      ...(hasFailed ? ["failed"] : []),
    ],
    rows: found.map(({ study, power }) => [
      ...groups.map((name) => String(power.levels[name])),
      String(power.rows),
      ...(effects.length > 0
        ? effects.map((name) => shown(study.effect[name] as number))
        : power.effect === null
          ? []
          : [shown(power.effect)]),
      ...[power.power, power.lower, power.upper].map((share) => share.toFixed(3)),
      ...(effect === null
        ? []
        : [power.medianEstimate === null ? "–" : fixed(power.medianEstimate)]),
      ...(hasFailed ? [String(power.failed)] : []),
    ]),
  };
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4))).replace("-", "−");
}

function fixed(value: number): string {
  return value.toFixed(3).replace("-", "−");
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
