// How far the power of a verdict (apps/claims/power.ts) lies from the share of simulated studies in which the rule itself comes to it, at
// the designs at hand, whose collections are of unequal size: `npm run bench:power`, about two minutes.
import { isMissing } from "kit";
import { designOf, powerOf } from "../apps/claims/power";
import { simulateVerdicts } from "../apps/claims/simulate-verdicts";
import { openVarianceParts, type VarianceParts } from "../apps/claims/variance-parts";
import { mainAnalysis } from "../src/claims/analysis";
import { estimateUnits } from "../src/claims/assess-claim";
import { readClaims } from "../src/claims/claim";
import { instrumentsOf, openReplies, openShares } from "../src/claims/instruments";
import { projectPath } from "../src/project";
import { readStudy } from "../src/study/study";

const REPLICATES = 1000;
const CLAIMS = [
  "er-above-human",
  "er-above-ecs",
  "ex-negative",
  "ip-above-human",
  "er-ecs-above-human",
];
const EFFECTS = [0, 0.1, 0.2, 0.3];

const study = readStudy(projectPath());
const repliesOf = openReplies(study);
const sharesOf = openShares(study, repliesOf);
const { systems } = repliesOf(study.scorers[0]);
const partsOf = openVarianceParts(study);

const sdOf = ({ families, between }: VarianceParts, part: "collection" | "unit") =>
  Object.fromEntries(families.map((family, at) => [family, Math.sqrt(between[at]?.[part] ?? 0)]));

let furthest = 0;
for (const claim of readClaims(study).filter(({ id }) => CLAIMS.includes(id))) {
  const parts = partsOf(claim);
  const table = sharesOf(mainAnalysis(instrumentsOf(study)), claim.metric, claim.outcome);
  const units = estimateUnits(claim, table, systems);
  if (isMissing(parts) || isMissing(units)) throw new Error(`${claim.id} has no units`);
  const margin = claim.marginInPoints / 100;
  const { powers } = powerOf(parts, designOf(parts), { margin, effects: EFFECTS });
  for (const { effect, holds } of powers) {
    const found = simulateVerdicts({
      units,
      families: parts.families,
      difference: effect,
      collectionSd: sdOf(parts, "collection"),
      unitSd: sdOf(parts, "unit"),
      marginInPoints: claim.marginInPoints,
      replicates: REPLICATES,
      seed: 27,
    });
    const simulated = found.get("holds") ?? 0;
    furthest = Math.max(furthest, Math.abs((holds ?? 0) - simulated));
    console.log(
      `${claim.id} at ${100 * effect} points: ${(100 * (holds ?? 0)).toFixed(1)} %, simulated ${(100 * simulated).toFixed(1)} %`,
    );
  }
}
console.log(`at most ${(100 * furthest).toFixed(1)} points apart`);
