// How often the rule of verdicts errs and finds: `npm run bench:verdicts` writes `data/validity/verdict-simulation.csv`, which
// notebook 6 shows where it states the rule. Units, collections and the errors of stage 1 are those of four claims here.
import { writeFileSync } from "node:fs";
import { formatCsvTable } from "kit/tables";
import { simulateVerdicts } from "../apps/claims/simulate-verdicts";
import { mainAnalysis } from "../src/claims/analysis";
import { readClaims, weightsOf } from "../src/claims/claim";
import { instrumentsOf, openReplies, openShares } from "../src/claims/instruments";
import { averageByUnit, familiesOf } from "../src/claims/unit-estimates";
import { RULINGS, SIMULATION_COLUMNS } from "../src/claims/verdict-simulation";
import { projectPath } from "../src/project";
import { readStudy } from "../src/study/study";

const REPLICATES = 1000;
const CLAIMS = ["er-above-human", "er-above-ecs", "er-above-ecs-negative", "ip-negative"];
// Standard deviations between collections and between units of one collection; together about what units differ by here.
const SPREADS = [
  ["units differ", 0, 0.14],
  ["collections and units differ", 0.1, 0.1],
  ["collections differ", 0.14, 0],
  ["no unit differs", 0, 0],
] as const;
const DIFFERENCES = [0, 0.1, 0.2, 0.3];

const study = readStudy(projectPath());
const repliesOf = openReplies(study);
const sharesOf = openShares(study, repliesOf);
const { systems } = repliesOf(study.scorers[0]);
const rows = CLAIMS.flatMap((id) => {
  const claim = readClaims(study).find((one) => one.id === id);
  if (!claim) throw new Error(`no claim is called '${id}'`);
  const table = sharesOf(mainAnalysis(instrumentsOf(study)), claim.metric, claim.outcome);
  const units = averageByUnit(claim, systems, table, weightsOf(claim.contrast));
  return SPREADS.flatMap(([spread, between, within]) =>
    DIFFERENCES.map((difference) => {
      const found = simulateVerdicts({
        units,
        families: familiesOf(claim),
        difference,
        collectionSd: { llm: between, ecs: between },
        unitSd: { llm: within, ecs: within },
        marginInPoints: claim.marginInPoints,
        replicates: REPLICATES,
        seed: 27,
      });
      const shares = Object.fromEntries(
        RULINGS.map((ruling) => [ruling, Number((found.get(ruling) ?? 0).toFixed(3))]),
      ) as Record<(typeof RULINGS)[number], number>;
      console.log(id, spread, difference, shares);
      return { claim: id, spread, difference, replicates: REPLICATES, ...shares };
    }),
  );
});
const path = projectPath("data", "validity", "verdict-simulation.csv");
writeFileSync(path, formatCsvTable(SIMULATION_COLUMNS, rows));
const nulls = rows.filter(({ difference }) => difference === 0);
const worst = Math.max(...nulls.map((row) => row.holds + row["the opposite holds"]));
console.log(
  `without a difference, "holds" or its opposite comes out in at most ${(100 * worst).toFixed(1)} %`,
);
