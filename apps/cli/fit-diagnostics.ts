// What `empathy fit` says of whether a model holds: --check, --influence, --plot.
import { UserError } from "kit";
import { type FitTable, type MixedFit, upperQuantile } from "mixed-models";
import {
  type GroupInfluence,
  groupInfluence,
  type SimulatedResiduals,
  simulatedResiduals,
} from "mixed-models/diagnostics";
import { caterpillarPlot, type PlotlySpec, residualPlot } from "plotly-stills";
import type { FigureFile } from "./figure-file";
import { scaleOf } from "./fit-print";
import { given } from "./given";

/** What is asked of a fit's assumptions. */
export interface DiagnosticFlags {
  /** Rows, or sums by a group's levels where it is named. */
  readonly check?: string | true;
  readonly influence?: string;
  readonly refit?: boolean;
  readonly plot?: string;
  readonly seed?: string;
  readonly simulations?: string;
}

/** What was found. */
export interface Diagnostics {
  readonly residuals?: SimulatedResiduals;
  readonly influence?: GroupInfluence;
  readonly tables: readonly FitTable[];
}

const PLOTS = ["residuals", "modes=GROUP", "influence"];

type Plot = "residuals" | "influence" | { readonly modes: string | undefined };

/**
 * Refuses what does not go together, before anything is computed.
 *
 * @throws UserError if a flag lacks the one that it belongs to, or is no number or plot.
 */
export function checkDiagnostics(flags: DiagnosticFlags, hasFigure: boolean): void {
  const { check, influence, refit, plot, seed, simulations } = flags;
  if (plot !== undefined) {
    if (!hasFigure) throw new UserError("--plot: name the figure's file with --figure");
    if (readPlot(plot) === "influence" && influence === undefined) {
      throw new UserError("--plot influence: of which group? name it with --influence");
    }
  }
  const isSimulated = check !== undefined || plot === "residuals";
  for (const [name, value] of Object.entries({ seed, simulations })) {
    if (value === undefined) continue;
    if (!isSimulated) throw new UserError(`--${name} is of --check and --plot residuals; add one`);
    toWhole(name, value);
  }
  if (refit && influence === undefined) throw new UserError("--refit is of --influence; add it");
}

function readPlot(plot: string): Plot {
  if (plot === "residuals" || plot === "influence") return plot;
  const [kind, ...rest] = plot.split("=");
  const group = rest.length > 0 ? rest.join("=") : undefined;
  if (kind === "modes") return { modes: group };
  throw new UserError(`--plot ${plot}: choose one of ${PLOTS.join(", ")}`);
}

function toWhole(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isInteger(value) && value >= 0) return value;
  throw new UserError(`--${name} ${text}: should be a whole number`);
}

/**
 * Computes what was asked for.
 *
 * @throws UserError if the model has no such group.
 */
export function diagnose(fit: MixedFit, flags: DiagnosticFlags): Diagnostics {
  const { check, plot, refit = false, influence: group, seed = "1", simulations = "250" } = flags;
  const by = typeof check === "string" ? check : undefined;
  const isSimulated = check !== undefined || plot === "residuals";
  const residuals = isSimulated
    ? simulatedResiduals(fit, {
        seed: toWhole("seed", seed),
        simulations: toWhole("simulations", simulations),
        ...given({ by }),
      })
    : undefined;
  const influence = group === undefined ? undefined : groupInfluence(fit, group, { refit });
  return {
    ...given({ residuals, influence }),
    tables: [
      ...(residuals && check !== undefined ? [testsTable(residuals, by, seed)] : []),
      ...(influence ? [influenceTable(influence, refit)] : []),
    ],
  };
}

const MEASURES = {
  uniformity: "uniformity: distance from the even distribution",
  dispersion: "dispersion: squared distance from the expected, observed / simulated",
  outliers: "outliers: beyond all simulated",
} as const;

function testsTable(
  { tests, simulations }: SimulatedResiduals,
  by: string | undefined,
  seed: string,
): FitTable {
  const of = by === undefined ? "" : ` of sums by ${by}`;
  return {
    title: `Residuals${of} beside ${simulations} simulated responses, seed ${seed} (p by simulation)`,
    columns: ["test", "observed", "expected", "p"],
    rows: tests.map(({ name, observed, expected, p }) => {
      const isCount = name === "outliers";
      const [shown, usual] =
        name === "dispersion" ? [observed / expected, 1] : [observed, expected];
      return [
        MEASURES[name],
        shown.toFixed(isCount ? 0 : 4),
        usual.toFixed(isCount ? 1 : name === "dispersion" ? 0 : 4),
        p.toFixed(3),
      ];
    }),
  };
}

function influenceTable({ group, levels, coefficients }: GroupInfluence, refit: boolean): FitTable {
  const sorted = [...levels].sort(
    (left, right) => (right.cooksDistance ?? Infinity) - (left.cooksDistance ?? Infinity),
  );
  return {
    title: `Influence of each ${group} on the fixed effects, ${refit ? "fitted again without it" : "by one step without it"}`,
    columns: [group, "rows", "Cook's distance", "most moved", "by (standard errors)"],
    rows: sorted.map(({ level, rows, cooksDistance, dfbetas }) => {
      if (cooksDistance === null || !dfbetas) {
        return [level, String(rows), "", "a coefficient has no estimate without it", ""];
      }
      const at = dfbetas.reduce((best, value, j) => {
        return Math.abs(value) > Math.abs(dfbetas[best] ?? 0) ? j : best;
      }, 0);
      const moved = dfbetas[at] ?? 0;
      return [
        level,
        String(rows),
        cooksDistance.toFixed(3),
        coefficients[at] ?? "",
        moved.toFixed(2),
      ];
    }),
  };
}

/**
 * Draws what `--plot` names.
 *
 * @throws UserError if the model has no such group.
 */
export function diagnosticFigure(
  { id }: FigureFile,
  plot: string,
  fit: MixedFit,
  { residuals, influence }: Diagnostics,
): PlotlySpec {
  const kind = readPlot(plot);
  if (kind === "residuals" && residuals) {
    return residualPlot(residuals, {
      id,
      title: "Residuals, even where the model holds; grey: where 95 % of simulated ones lie",
      axis: `expected ${fit.design.response.name}`,
    });
  }
  if (kind === "influence" && influence) return influenceFigure(id, influence);
  return modesFigure(id, fit, typeof kind === "object" ? kind.modes : undefined);
}

function influenceFigure(id: string, { group, levels }: GroupInfluence): PlotlySpec {
  const rows = levels.flatMap(({ level, cooksDistance }) => {
    return cooksDistance === null
      ? []
      : [{ name: level, estimate: cooksDistance, lower: cooksDistance, upper: cooksDistance }];
  });
  const title = `How far the fixed effects move without each ${group}`;
  return caterpillarPlot(rows, { id, title, axis: "Cook's distance", of: group });
}

function onlyGroup(fit: MixedFit): string {
  const [first, ...others] = Object.keys(fit.levels);
  if (first !== undefined && others.length === 0) return first;
  throw new UserError(`--plot: of which group? add one of =${Object.keys(fit.levels).join(", =")}`);
}

const Z95 = upperQuantile(0.025);

function modesFigure(id: string, fit: MixedFit, asked: string | undefined): PlotlySpec {
  const group = asked ?? onlyGroup(fit);
  const terms = fit.conditionalModes().filter((term) => term.group === group);
  if (terms.length === 0) {
    throw new UserError(
      `--plot modes=${group}: the model has no such group; its groups are ${Object.keys(fit.levels).join(", ")}`,
    );
  }
  const rows = terms.flatMap(({ names, levels, modes, sd }) =>
    names.flatMap((name, column) =>
      levels.map((level, at) => {
        const place = at * names.length + column;
        const estimate = modes[place] ?? 0;
        const half = Z95 * (sd[place] ?? 0);
        const isPlain = name === "(Intercept)";
        return {
          name: isPlain ? level : `${level}, ${name}`,
          estimate,
          lower: estimate - half,
          upper: estimate + half,
        };
      }),
    ),
  );
  const unit = scaleOf(fit, "link") || fit.design.response.name;
  return caterpillarPlot(rows, {
    id,
    title: `Conditional modes of ${group}, with 95 % intervals`,
    axis: `distance from the mean ${group} (${unit})`,
    of: group,
  });
}
