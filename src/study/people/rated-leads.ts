// How much better people grade each system's replies than people's own to the same prompts: a cumulative link mixed model
// with raters and dialogues crossed, and shares of good grades with raters as clusters.
import { SENTIMENTS } from "../../corpus/emotions";
import { fitMixed } from "../../mixed/fit/fit-mixed";
import type { MixedFit } from "../../mixed/fit/result";
import { HUMAN } from "../claims/anchored-replies";
import type { Estimates, Leads } from "../claims/leads";
import { ClusteredMeans } from "../claims/shares";
import type { Grade } from "./read-ratings";

/** The model of people's grades. */
export const GRADES_FORMULA = "grade ~ cell + (1 | dialogue) + (1 | rater)";

/**
 * Estimates every system's lead over people on the latent scale of grades, by sentiment, in the form of stage 1.
 *
 * @returns leads whose `stimulusSd` is the raters'; `own` holds them less the human listener's ambiguous prompts.
 */
export function estimateRatedLeads(grades: readonly Grade[]): Leads {
  const systems = [...new Set(grades.map(({ system }) => system))].filter((id) => id !== HUMAN);
  const cells = grades.map(({ system, sentiment }) => `${system} ${sentiment}`);
  const fit = fitMixed(
    GRADES_FORMULA,
    {
      grade: grades.map(({ grade }) => grade),
      cell: cells,
      dialogue: grades.map(({ dialogue }) => dialogue),
      rater: grades.map(({ rater }) => rater),
    },
    { family: "cumulative" },
  );
  const rows = (withPeople: boolean) =>
    systems.flatMap((system) =>
      SENTIMENTS.map((sentiment) => {
        const row = new Map([[placeOf(fit, `${system} ${sentiment}`), 1]]);
        if (withPeople) row.set(placeOf(fit, `${HUMAN} ${sentiment}`), -1);
        return row;
      }),
    );
  const count = (system: string) =>
    SENTIMENTS.map((sentiment) => cells.filter((cell) => cell === `${system} ${sentiment}`).length);
  const sdOf = (group: string) => fit.variances.find((one) => one.group === group)?.sd ?? 0;
  return {
    systems,
    own: combine(rows(false), fit),
    lead: combine(rows(true), fit),
    ...goodShares(grades, systems),
    replies: Int32Array.from(systems.flatMap(count)),
    reasons: systems.flatMap(() => SENTIMENTS.map(() => null)),
    rows: fit.nobs,
    dialogueSd: sdOf("dialogue"),
    stimulusSd: sdOf("rater"),
  };
}

// The reference cell has no coefficient.
function placeOf({ coefficients }: MixedFit, cell: string): number {
  return coefficients.findIndex(({ name }) => name === `cell${cell}`);
}

function combine(rows: readonly ReadonlyMap<number, number>[], fit: MixedFit): Estimates {
  const width = fit.coefficients.length;
  const values = Float64Array.from(rows, (row) =>
    sum([...row].map(([at, weight]) => weight * (fit.coefficients[at]?.estimate ?? 0))),
  );
  const covariance = Float64Array.from(
    rows.flatMap((row) =>
      rows.map((other) =>
        sum(
          [...row].flatMap(([a, wa]) =>
            [...other].map(([b, wb]) =>
              a < 0 || b < 0 ? 0 : wa * wb * (fit.covariance[a * width + b] as number),
            ),
          ),
        ),
      ),
    ),
  );
  return { values, covariance };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

const GOOD = 3;

// Raters read several replies of one arm each, so that they are the clusters.
function goodShares(grades: readonly Grade[], systems: readonly string[]) {
  const all = [...systems, HUMAN];
  const width = SENTIMENTS.length;
  const means = new ClusteredMeans(all.length * width);
  for (const { system, sentiment, rater, grade } of grades) {
    const entry = all.indexOf(system) * width + SENTIMENTS.indexOf(sentiment);
    means.add(entry, rater, grade === GOOD ? 1 : 0);
  }
  const { values, covariance } = means.estimates();
  const size = systems.length * width;
  const total = all.length * width;
  const human = (entry: number) => size + (entry % width);
  const at = (i: number, j: number) => covariance[i * total + j] as number;
  const entries = Array.from({ length: size }, (_, entry) => entry);
  const ownShare: Estimates = {
    values: values.slice(0, size),
    covariance: Float64Array.from(entries.flatMap((i) => entries.map((j) => at(i, j)))),
  };
  const leadShare: Estimates = {
    values: Float64Array.from(entries, (i) => (values[i] as number) - (values[human(i)] as number)),
    covariance: Float64Array.from(
      entries.flatMap((i) =>
        entries.map((j) => at(i, j) - at(i, human(j)) - at(human(i), j) + at(human(i), human(j))),
      ),
    ),
  };
  return { ownShare, leadShare };
}
