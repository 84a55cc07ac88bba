import { UserError } from "kit";
import type { PlotlySpec } from "plotly-stills";
import type { ClaimPlan, PowerPlan } from "../claims/plan-power";
import type { DesignPower, PowerDesign } from "../claims/power";
import { type PowerPanel, powerCurves } from "../claims/power-curves";
import type { Counts } from "../claims/variance-parts";

const MOST_PANELS = 6;

/** A figure of a plan, and the claims for which it has no room. */
interface PowerFigure {
  readonly spec: PlotlySpec;
  readonly leftOut: readonly string[];
}

/**
 * Draws the power of the first six claims that have any, over models: at the first difference that was asked for, else at twice
 * the margin.
 *
 * @throws UserError if no claim has a power for models like these.
 */
export function powerFigure({ claims }: PowerPlan, id: string, isAsked: boolean): PowerFigure {
  const place = isAsked ? 0 : 1;
  const known = claims.filter(({ designs }) => designs.some((one) => holdsOf(one, place) !== null));
  if (known.length === 0) {
    throw new UserError(
      "--figure: no claim's design has a power for models like these; the table says why, so leave the figure out or give more --models",
    );
  }
  const shown = known.slice(0, MOST_PANELS);
  const title = "Chance of the verdict 'holds' (open mark: the design at hand)";
  return {
    spec: powerCurves(
      shown.map((one) => toPanel(one, place)),
      { id, title },
    ),
    leftOut: known.slice(MOST_PANELS).map(({ claim }) => claim.id),
  };
}

function holdsOf({ powers }: DesignPower, place: number): number | null {
  return powers[place]?.holds ?? null;
}

function toPanel({ claim, parts, designs }: ClaimPlan, place: number): PowerPanel {
  const effect = designs[0]?.powers[place]?.effect ?? 0;
  const nameOf = ({ design }: DesignPower) => seriesOf(design, parts?.counts, parts?.isRead);
  return {
    name: `${claim.id}, at ${Number((100 * effect).toFixed(1))} points`,
    curves: [...new Set(designs.map(nameOf))].map((name) => ({
      series: name,
      points: designs
        .filter((one) => nameOf(one) === name)
        .flatMap((one) => {
          const power = holdsOf(one, place);
          const { models, isPresent } = one.design;
          return power === null ? [] : [{ at: models[0] as number, power, isPresent }];
        })
        .sort((one, other) => one.at - other.at),
    })),
  };
}

// Claims differ in how many prompts and readings they have now; what is asked for is one series in all panels.
function seriesOf(design: PowerDesign, now: Counts | undefined, isRead = true): string {
  const asked = [
    design.prompts === now?.prompts ? [] : `${Math.round(design.prompts)} prompts`,
    design.readings === now?.readings || !isRead ? [] : `${Math.round(design.readings)} readings`,
  ].flat();
  return asked.length === 0 ? "prompts and readings as now" : asked.join(", ");
}
