// Computes `data/validity/people.json` from the mirrored ratings: counts and estimates, no single rating.
import { join } from "node:path";
import { isMissing, loadScorer, METRICS } from "empathy-scorer";
import { fitMixed, studentQuantile } from "mixed-models";
import { intraclassCorrelation } from "mixed-models/agreement";
import { sampleCorrelation } from "simple-statistics";
import type { Estimates } from "../../src/claims/combine-estimates";
import { SENTIMENTS } from "../../src/corpus/emotions";
import type {
  GradeCount,
  PairedMean,
  Predictor,
  SliderAgreement,
} from "../../src/people/people-results";
import { readReadings } from "../../src/readings/readings";
import { readSystemScores } from "../../src/scoring/system-scores";
import { missingAmong, type Places } from "../../src/sources/locate-source";
import { PUBLISHED_STUDY, readStudy } from "../../src/study/study";
import { meanWithInterval } from "../../src/validity/mean-error";
import { compareFollowed, round } from "./compare-followed";
import { estimateRatedLeads } from "./estimate-rated-leads";
import {
  type Grade,
  type Preference,
  RATING_SOURCES,
  readGrades,
  readPreferences,
  readScale,
  readSliders,
  type ScaleRating,
} from "./read-ratings";

/** Identifiers of the rating sources that are not on this machine. */
export function missingRatings(places: Places): string[] {
  return missingAmong(RATING_SOURCES, places);
}

/**
 * Computes what people say from the sources and the committed scores.
 *
 * @param root the folder that holds `data/scores`.
 * @throws UserError if a file is not on this machine or is broken.
 */
export async function computePeople(root: string, places: Places): Promise<string> {
  const grades = await readGrades(places);
  const leads = estimateRatedLeads(grades);
  const results = {
    counts: countGrades(grades),
    raters: new Set(grades.map(({ rater }) => rater)).size,
    leads: {
      ...leads,
      replies: [...leads.replies],
      own: toJson(leads.own),
      lead: toJson(leads.lead),
      ownShare: toJson(leads.ownShare),
      leadShare: toJson(leads.leadShare),
      dialogueSd: round(leads.dialogueSd),
      stimulusSd: round(leads.stimulusSd),
    },
    predictors: fitPredictors(grades, root),
    sliders: await compareSliders(places),
    followed: compareFollowed(grades, readReadings({ root }), readStudy(root)),
    paired: [...pairMeans(await readPreferences(places)), ...scaleMeans(await readScale(places))],
  };
  return `${JSON.stringify(results)}\n`;
}

function toJson({ values, covariance }: Estimates) {
  return { values: Array.from(values, round), covariance: Array.from(covariance, round) };
}

function countGrades(grades: readonly Grade[]): GradeCount[] {
  const systems = [...new Set(grades.map(({ system }) => system))];
  return systems.flatMap((system) =>
    SENTIMENTS.map((sentiment) => {
      const own = grades.filter((one) => one.system === system && one.sentiment === sentiment);
      const [bad, okay, good] = [1, 2, 3].map(
        (grade) => own.filter((one) => one.grade === grade).length,
      ) as [number, number, number];
      return { system, sentiment, bad, okay, good };
    }),
  );
}

// Grades beside the classifier's levels of the same replies.
function fitPredictors(grades: readonly Grade[], root: string): Predictor[] {
  const scored = new Map<string, { levels: number[]; words: number }>();
  for (const system of new Set(grades.map((one) => one.system))) {
    const path = join(root, "data", "scores", PUBLISHED_STUDY.scorers[0], `${system}.csv`);
    for (const { dialogue, turn, words, scores } of readSystemScores(path)) {
      if (turn !== 2 || !scores) continue;
      const levels = METRICS.map((metric) => (scores[metric].level > 0 ? 1 : 0));
      scored.set(`${system} ${dialogue}`, { levels, words });
    }
  }
  const kept = grades.flatMap((grade) => {
    const scores = scored.get(`${grade.system} ${grade.dialogue}`);
    return scores && scores.words > 0 ? [{ ...grade, ...scores }] : [];
  });
  const columns = {
    grade: kept.map(({ grade }) => grade),
    ...Object.fromEntries(
      METRICS.map((metric, at) => [metric, kept.map(({ levels }) => levels[at])]),
    ),
    length: kept.map(({ words }) => Math.log2(words)),
    negative: kept.map(({ sentiment }) => (sentiment === "negative" ? 1 : 0)),
    system: kept.map(({ system }) => system),
    dialogue: kept.map(({ dialogue }) => dialogue),
    rater: kept.map(({ rater }) => rater),
  };
  return [false, true].flatMap((within) => {
    const formula = `grade ~ er + ip + ex + length + negative${within ? " + system" : ""} + (1 | dialogue) + (1 | rater)`;
    const { coefficients } = fitMixed(formula, columns, { family: "cumulative" });
    return coefficients
      .filter(({ name }) => !name.startsWith("system"))
      .map(({ name, estimate, se }) => ({
        within,
        name,
        estimate: round(estimate),
        se: round(se),
      }));
  });
}

async function compareSliders(places: Places): Promise<SliderAgreement> {
  const ratings = await readSliders(places);
  const scorer = loadScorer("readings");
  const replies = new Map<string, { system: string; values: number[]; expected: number | null }>();
  for (const { system, reply, value, text, context, opening } of ratings) {
    const known = replies.get(reply);
    if (known) {
      known.values.push(value);
      continue;
    }
    const outcome = scorer.scoreNow({ context: [context], reply: text, opening });
    const expected = isMissing(outcome)
      ? null
      : outcome.er.probabilities[1] + 2 * outcome.er.probabilities[2];
    replies.set(reply, { system, values: [value], expected });
  }
  const kept = [...replies.values()].flatMap(({ system, values, expected }) =>
    expected === null ? [] : [{ system, values, expected, mean: meanOf(values) }],
  );
  const { iccOne, iccMean, raters } = intraclassCorrelation(kept.map(({ values }) => values));
  const of = (rows: readonly { mean: number; expected: number }[]) =>
    sampleCorrelation(
      rows.map(({ mean }) => mean),
      rows.map(({ expected }) => expected),
    );
  const systems = [...new Set(kept.map(({ system }) => system))].map((system) => {
    const own = kept.filter((one) => one.system === system);
    return {
      own,
      mean: meanOf(own.map(({ mean }) => mean)),
      expected: meanOf(own.map(({ expected }) => expected)),
    };
  });
  const centred = systems.flatMap(({ own, mean, expected }) =>
    own.map((one) => ({ mean: one.mean - mean, expected: one.expected - expected })),
  );
  const all = of(kept);
  return {
    replies: kept.length,
    raters,
    iccOne: round(iccOne),
    iccMean: round(iccMean),
    all: round(all),
    within: round(of(centred)),
    between: round(of(systems)),
    corrected: round(all / Math.sqrt(iccMean)),
  };
}

const PAIRS = [
  ["gpt-3.5-davinci", "human"],
  ["gpt-3.5-davinci", "blenderbot"],
] as const;

function pairMeans(preferences: readonly Preference[]): PairedMean[] {
  return PAIRS.map(([one, other]) => {
    const values = preferences.flatMap((pair) => {
      if (pair.one === one && pair.other === other) return [pair.value];
      return pair.one === other && pair.other === one ? [0 - pair.value] : [];
    });
    return { kind: "pairs", one, other, ...meanWithT(values) };
  });
}

function scaleMeans(ratings: readonly ScaleRating[]): PairedMean[] {
  return PAIRS.map(([one, other]) => {
    const of = (system: string) =>
      new Map(
        ratings.filter((row) => row.system === system).map((row) => [row.context, row.value]),
      );
    const others = of(other);
    const values = [...of(one)].flatMap(([context, value]) => {
      const against = others.get(context);
      return against === undefined ? [] : [value - against];
    });
    return { kind: "scale", one, other, ...meanWithT(values) };
  });
}

function meanWithT(values: readonly number[]) {
  const { mean, se } = meanWithInterval(values);
  const reach = studentQuantile(0.025, values.length - 1) * se;
  return {
    contexts: values.length,
    mean: round(mean),
    lower: round(mean - reach),
    upper: round(mean + reach),
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
