import { UserError } from "kit";
import type { MixedFit, Table } from "mixed-models";
import { type MeanPoint, meansPlot, type Observation, type PlotlySpec } from "plotly-stills";
import type { FigureFile } from "./figure-file";
import { shownMean, unitOf } from "./fit-print";
import type { FitAnswer } from "./fit-questions";
import { percent } from "./table-columns";

type Columns = Readonly<Record<string, readonly unknown[]>>;

/**
 * Draws means over the observations that they are of: the first variable along the axis, the second in colours.
 *
 * @param table the columns that the fit was made from.
 * @throws UserError if no means were asked for, or the observations are not on their scale or in none of their groups.
 */
export function meansFigure(
  { id }: FigureFile,
  fit: MixedFit,
  answers: readonly FitAnswer[],
  table: Table,
): PlotlySpec {
  const answer = answers.find(({ slopeOf }) => slopeOf === undefined);
  if (!answer) throw new UserError("--raw draws observations behind means; ask for --means, too");
  refuseOtherScale(fit, answer);
  const { over } = answer.means;
  const [along, colour] = over;
  if (along === undefined || over.length > 2) {
    throw new UserError(
      `--raw draws means over one variable along the axis and one in colours; name one or two in --means and --by, not ${over.length}`,
    );
  }
  refuseNumbers(fit, colour);
  const points = answer.means.means.flatMap((mean): MeanPoint[] => {
    const shown = shownMean(answer, mean);
    if (!shown) return [];
    const { estimate, lower, upper } = shown;
    const series = colour === undefined ? "" : String(mean.levels[colour]);
    return [{ at: mean.levels[along] ?? "", series, estimate, lower, upper }];
  });
  const observations = observationsOf(fit, table as Columns, along, colour);
  return meansPlot(points, observations.filter(isAmong(points)), {
    id,
    title: `Marginal means with ${percent(answer.means.level)} intervals, over the observations`,
    xAxis: along,
    yAxis: unitOf(fit, answer),
  });
}

function refuseOtherScale({ family }: MixedFit, { scale }: FitAnswer): void {
  const due = { gaussian: scale, binomial: "response", cumulative: "expected" }[family];
  if (scale === due) return;
  throw new UserError(
    `--raw: observations are not on the scale of these means; add --scale ${due}`,
  );
}

function refuseNumbers({ design }: MixedFit, colour: string | undefined): void {
  if (colour === undefined || design.variables.get(colour)?.kind !== "numeric") return;
  throw new UserError(
    `--raw: '${colour}' is a number, and colours are for factors; name it first, or a factor in its place`,
  );
}

// On the scale of the means: shares of trials, and grades from 1.
function observationsOf(
  { design }: MixedFit,
  table: Columns,
  along: string,
  colour: string | undefined,
): Observation[] {
  const { kind, y, trials } = design.response;
  const [places, series] = [along, colour].map((name) => {
    return name === undefined ? undefined : columnOf(table, name);
  });
  const isNumber = design.variables.get(along)?.kind === "numeric";
  return Array.from(design.usedRows, (row, at) => {
    const value = (y[at] ?? Number.NaN) / (trials?.[at] ?? 1);
    const place = places?.[row];
    return {
      at: isNumber ? Number(place) : String(place),
      series: series ? String(series[row]) : "",
      value: kind === "grades" ? value + 1 : value,
    };
  });
}

function columnOf(table: Columns, name: string): readonly unknown[] {
  const column = table[name];
  if (column) return column;
  throw new UserError(
    `--raw: '${name}' is no column of the data; draw means over columns, without functions of them`,
  );
}

// Those of groups that have no mean, because --at chose others, are not drawn.
function isAmong(points: readonly MeanPoint[]): (one: Observation) => boolean {
  const series = new Set(points.map((point) => point.series));
  const places = new Set(points.map(({ at }) => at));
  return (one) => series.has(one.series) && (typeof one.at === "number" || places.has(one.at));
}
