// Estimates how much better people grade each system's replies than people's own to the same prompts.
import { fitMixed, type MixedFit } from "mixed-models";
import { HUMAN } from "../../src/claims/anchored-replies";
import { combineEstimates } from "../../src/claims/combine-estimates";
import { coefficientsOf } from "../../src/claims/leads";
import { SENTIMENTS } from "../../src/corpus/emotions";
import type { RatedLeads } from "../../src/people/people-results";
import { PUBLISHED_STUDY } from "../../src/study/study";
import { ClusteredMeans } from "../claims/clustered-means";
import type { Grade } from "./read-ratings";

/** The model of people's grades. */
const GRADES_FORMULA = "grade ~ cell + (1 | dialogue) + (1 | rater)";

/**
 * Estimates every system's lead over people on the latent scale of grades, by sentiment, in the form of `Leads`.
 *
 * @returns leads whose `stimulusSd` is the raters'; `own` holds them less the human listener's ambiguous prompts.
 */
export function estimateRatedLeads(grades: readonly Grade[]): RatedLeads {
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
        row.delete(REFERENCE);
        return row;
      }),
    );
  const count = (system: string) =>
    SENTIMENTS.map((sentiment) => cells.filter((cell) => cell === `${system} ${sentiment}`).length);
  const sdOf = (group: string) => fit.variances.find((one) => one.group === group)?.sd ?? 0;
  return {
    systems,
    own: combineEstimates(rows(false), coefficientsOf(fit)),
    lead: combineEstimates(rows(true), coefficientsOf(fit)),
    ...goodShares(grades, systems),
    fewest: PUBLISHED_STUDY.fewestReplies,
    replies: Int32Array.from(systems.flatMap(count)),
    reasons: systems.flatMap(() => SENTIMENTS.map(() => null)),
    rows: fit.nobs,
    dialogueSd: sdOf("dialogue"),
    stimulusSd: sdOf("rater"),
  };
}

// The place of the reference cell, which has no coefficient.
const REFERENCE = -1;

function placeOf({ coefficients }: MixedFit, cell: string): number {
  return coefficients.findIndex(({ name }) => name === `cell${cell}`);
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
  const estimates = means.estimates();
  const size = systems.length * width;
  const entries = Array.from({ length: size }, (_, entry) => entry);
  const human = (entry: number) => size + (entry % width);
  const own = entries.map((entry) => new Map([[entry, 1]]));
  const lead = entries.map(
    (entry) =>
      new Map([
        [entry, 1],
        [human(entry), -1],
      ]),
  );
  return {
    ownShare: combineEstimates(own, estimates),
    leadShare: combineEstimates(lead, estimates),
  };
}
