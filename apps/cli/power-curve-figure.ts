import { UserError } from "kit";
import type { PlotlySpec } from "plotly-stills";
import { powerCurves } from "../claims/power-curves";
import type { FigureFile } from "./figure-file";
import type { Axis, PlannedStudy } from "./power-plans";
import type { StudyPower } from "./power-tables";

/**
 * Draws simulated power over what was varied first, a curve for each combination of the rest.
 *
 * @throws UserError if nothing was varied.
 */
export function simulatedPowerFigure(
  { id, path }: FigureFile,
  found: readonly StudyPower[],
  axes: readonly Axis[],
): PlotlySpec {
  const [along, ...others] = axes;
  const [first] = found;
  if (!along || !first) {
    throw new UserError(
      `--figure ${path}: a curve needs several values of --groups, --rows or --effect, such as --groups subject=20,40,80`,
    );
  }
  const nameOf = ({ study }: StudyPower) =>
    others.map((axis) => `${nameAxis(axis)} ${valueAlong(study, axis)}`).join(", ") || "power";
  const curves = [...new Set(found.map(nameOf))].map((series) => ({
    series,
    points: found
      .filter((one) => nameOf(one) === series)
      .map(({ study, power }) => ({
        at: valueAlong(study, along),
        power: power.power,
        interval: { lower: power.lower, upper: power.upper },
        isPresent: false,
      }))
      .sort((one, other) => one.at - other.at),
  }));
  const title = "Power by simulation, with exact 95 % intervals";
  return powerCurves([{ name: first.power.test, curves }], { id, title, unit: nameAxis(along) });
}

function valueAlong(study: PlannedStudy, { option, name }: Axis): number {
  return study[option][name] as number;
}

function nameAxis({ option, name }: Axis): string {
  if (option === "groups") return `levels of ${name}`;
  return option === "rows" ? `rows in each ${name}` : `effect ${name}`;
}
