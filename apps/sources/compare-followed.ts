// Asks whose levels people's grades follow: models of grades with and without an instrument's levels.
import { byMetric, METRICS, type Metric } from "empathy-scorer";
import { fitMixed } from "mixed-models";
import { HUMAN, readAnchoredReplies } from "../../src/claims/anchored-replies";
import type { FollowedLevels } from "../../src/people/people-results";
import { type ReadReply, readShare } from "../../src/readings/readings";
import type { Study } from "../../src/study/study";
import type { Grade } from "./read-ratings";

interface GradedRead {
  readonly grade: Grade;
  readonly key: string;
  readonly read: ReadReply;
}

/**
 * Compares instruments on the replies that people graded and the reader read.
 *
 * @param study whose scorers are the heads.
 */
export function compareFollowed(
  grades: readonly Grade[],
  readings: readonly ReadReply[],
  study: Study,
): FollowedLevels[] {
  const known = new Map(
    readings
      .filter(({ turn, sample }) => turn === 2 && sample === 1)
      .map((reply) => [`${reply.system} ${reply.dialogue}`, reply]),
  );
  const kept = grades.flatMap((grade): GradedRead[] => {
    const key = `${grade.system} ${grade.dialogue}`;
    const read = known.get(key);
    return read ? [{ grade, key, read }] : [];
  });
  const heads = study.scorers.map((scorer) => [scorer, headLevels(study, scorer)] as const);
  const families = [
    ["all", () => true],
    ["llm", ({ grade }: GradedRead) => grade.system !== HUMAN],
    ["human", ({ grade }: GradedRead) => grade.system === HUMAN],
  ] as const;
  return families.flatMap(([family, isOf]) => {
    const own = kept.filter((one) => isOf(one) && heads.every(([, levels]) => levels.has(one.key)));
    const plain = fitGrades(own, {});
    const compare = (instrument: string, columns: Columns): FollowedLevels => {
      const fit = fitGrades(own, columns);
      const effects = fit.coefficients
        .filter(({ name }) => name in columns)
        .map(({ name, estimate, se }) => ({
          name: name as Metric | "fit",
          estimate: round(estimate),
          se: round(se),
        }));
      return {
        instrument,
        family,
        replies: own.length,
        aicGain: round(plain.aic - fit.aic),
        effects,
      };
    };
    const read = byMetric((metric) => own.map((one) => readShare(one.read, metric, "any")));
    return [
      compare("readings", read),
      compare("readings and fit", { ...read, fit: own.map(({ read: one }) => fitOf(one)) }),
      ...heads.map(([scorer, levels]) =>
        compare(
          scorer,
          byMetric((metric) =>
            own.map(({ key }) => ((levels.get(key)?.[metric] ?? 0) > 0 ? 1 : 0)),
          ),
        ),
      ),
    ];
  });
}

type Columns = Readonly<Partial<Record<Metric | "fit", number[]>>>;

function fitGrades(kept: readonly GradedRead[], columns: Columns) {
  const isOneSystem = new Set(kept.map(({ grade }) => grade.system)).size === 1;
  const names = [...METRICS, "fit"].filter((name) => name in columns);
  const fixed = [...names, ...(isOneSystem ? [] : ["system"])].join(" + ") || "1";
  return fitMixed(
    `grade ~ ${fixed} + (1 | rater)`,
    {
      ...columns,
      grade: kept.map(({ grade }) => grade.grade),
      system: kept.map(({ grade }) => grade.system),
      rater: kept.map(({ grade }) => grade.rater),
    },
    { family: "cumulative" },
  );
}

function fitOf({ readings }: ReadReply): number {
  return readings.filter(({ fits }) => fits).length / readings.length;
}

function headLevels(study: Study, scorer: string) {
  const { replies } = readAnchoredReplies(study, () => true, scorer);
  return new Map(
    replies
      .filter(({ isFirst }) => isFirst)
      .map(({ system, dialogue, levels }) => [`${system} ${dialogue}`, levels]),
  );
}

/** Rounds to six digits, as figures of people's ratings are kept. */
export function round(value: number): number {
  return Number(value.toPrecision(6));
}
