// Puts a study's claims to all that is known of them: the tables of `data/results/`.
import { isMissing } from "kit";
import { type Instruments, mainAnalysis } from "../../src/claims/analysis";
import type { AnchoredReplies } from "../../src/claims/anchored-replies";
import { assessClaim, type ClaimOutcome } from "../../src/claims/assess-claim";
import { type Claim, sideOf } from "../../src/claims/claim";
import { designInstrument } from "../../src/claims/instrument";
import {
  anchorOf,
  BLOCK,
  BOUND,
  blockOf,
  instrumentsOf,
  isByReading,
  openReplies,
  openShares,
  type RepliesOf,
  type SharesOf,
} from "../../src/claims/instruments";
import type {
  ClaimResult,
  MultiverseRow,
  ShareRow,
  WithoutRow,
} from "../../src/claims/results-tables";
import { estimateShares, layOutShares, type ShareTable } from "../../src/claims/share-table";
import { isBeyondZero } from "../../src/claims/verdict";
import { readCalibration, readPractice, readReadings } from "../../src/readings/readings";
import type { Study } from "../../src/study/study";
import type { System } from "../../src/systems/system";
import { systemsOf } from "../../src/systems/unit";
import { hasBound, isMeasurable, openRepliesFor } from "./claim-replies";
import { blankResult, missingOf, noteBound, toClaimResult, withHolm } from "./evidence";
import { leaveOneOut, type Without } from "./hinges";
import {
  type AnalysisOutcome,
  analyse,
  runMultiverse,
  toMultiverseRows,
  type UnmeasuredBy,
} from "./multiverse";
import { openStudyModel, type StudyModelOf } from "./study-model-estimates";
import { toShareRows } from "./to-share-rows";
import { openChecks } from "./who-measures";

/** All tables of a study's results. */
export interface Results {
  readonly claims: readonly ClaimResult[];
  readonly multiverse: readonly MultiverseRow[];
  readonly without: readonly WithoutRow[];
  readonly shares: readonly ShareRow[];
}

/** What the claims are put to. */
interface Bench {
  readonly study: Study;
  readonly instruments: Instruments;
  readonly systems: readonly System[];
  readonly repliesOf: RepliesOf;
  readonly sharesOf: SharesOf;
  readonly unmeasuredBy: UnmeasuredBy;
  readonly studyModelOf: StudyModelOf;
  /** Interpretation as EPITOME's annotators would give it; undefined where nobody read it so. */
  readonly practice: ShareTable | undefined;
  /** Whether there is a bound of interpretation. */
  readonly hasBound: boolean;
  /** Shares of good grades; undefined where there are none. */
  readonly grades: ShareTable | undefined;
}

/**
 * Puts claims to every kind of evidence.
 *
 * @param grades people's grades of whole replies, as shares of good ones.
 * @throws UserError if a table of scores or readings is missing or broken; what the signal holds if it is aborted.
 */
export async function putClaims(
  study: Study,
  claims: readonly Claim[],
  grades: ShareTable | undefined,
  signal?: AbortSignal,
): Promise<Results> {
  if (claims.length === 0) return { claims: [], multiverse: [], without: [], shares: [] };
  const bench = openBench(study, grades);
  await breathe(signal);
  const found = new Map<Claim, Awaited<ReturnType<typeof putClaim>>>();
  // Claims on the same metric use the same tables of shares.
  const sorted = [...claims].sort((one, other) => (questionOf(one) < questionOf(other) ? -1 : 1));
  const shares = new Map<string, readonly ShareRow[]>();
  for (const claim of sorted) {
    found.set(claim, await putClaim(claim, bench, signal));
    const question = questionOf(claim);
    shares.set(question, shares.get(question) ?? sharesOn(claim, bench));
  }
  const inOrder = claims.flatMap((claim) => found.get(claim) ?? []);
  return {
    claims: withHolm(
      inOrder.flatMap(({ results }) => results),
      claims,
    ),
    multiverse: inOrder.flatMap(({ multiverse }) => multiverse),
    without: inOrder.flatMap(({ without }) => without),
    shares: [...new Set(claims.map(questionOf))].flatMap((question) => shares.get(question) ?? []),
  };
}

function questionOf({ metric, outcome }: Claim): string {
  return `${metric} ${outcome}`;
}

async function putClaim(claim: Claim, shared: Bench, signal: AbortSignal | undefined) {
  const bench = benchFor(claim, shared);
  const { instruments, systems, sharesOf, unmeasuredBy } = bench;
  const without = leaveEachOut(claim, bench);
  const results: ClaimResult[] = [];
  for (const one of evidenceOn(claim, bench, without)) {
    results.push(one);
    await breathe(signal);
  }
  const analyses: AnalysisOutcome[] = [];
  for (const one of runMultiverse(claim, instruments, systems, sharesOf, unmeasuredBy)) {
    analyses.push(one);
    await breathe(signal);
  }
  return {
    results,
    without: without.map((one) => toWithoutRow(claim, one)),
    multiverse: toMultiverseRows(claim, analyses),
  };
}

// All takes a minute or so: on the way the run can be stopped.
async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await new Promise(setImmediate);
  signal?.throwIfAborted();
}

function openBench(study: Study, grades: ShareTable | undefined): Bench {
  const instruments = instrumentsOf(study);
  const repliesOf = openReplies(study);
  const anchored = repliesOf(anchorOf(study, repliesOf));
  const sharesOf = openShares(study, repliesOf);
  const main = mainAnalysis(instruments);
  const systems = anchored.systems;
  const byReading = instruments.some(isByReading);
  const practice = byReading ? practiceShares(anchored, study) : undefined;
  const unmeasuredBy = practice
    ? openChecks({
        readings: readReadings(study),
        calibration: readCalibration(study),
        anchored: repliesOf,
        byDefinition: (claim) =>
          assessClaim(claim, sharesOf(main, claim.metric, claim.outcome), systems),
        byPractice: (claim) => assessClaim(claim, practice, systems),
      })
    : () => null;
  return {
    study,
    instruments,
    systems,
    repliesOf,
    sharesOf,
    unmeasuredBy,
    studyModelOf: openStudyModel(anchored, study),
    practice,
    hasBound: byReading && hasBound(study),
    grades,
  };
}

function benchFor(claim: Claim, bench: Bench): Bench {
  const repliesOf = openRepliesFor(claim, bench.systems, bench.repliesOf);
  if (repliesOf === bench.repliesOf) return bench;
  return { ...bench, repliesOf, sharesOf: openShares(bench.study, repliesOf) };
}

function practiceShares(anchored: AnchoredReplies, study: Study): ShareTable {
  const practice = readPractice(study);
  const layout = layOutShares(blockOf(anchored, practice), designInstrument(practice));
  return estimateShares(layout, "ip", "any");
}

function leaveEachOut(claim: Claim, bench: Bench): Without[] {
  const { instruments, systems, sharesOf, unmeasuredBy } = bench;
  const [instrument] = instruments;
  if (!isMeasurable(instrument, claim.outcome)) return [];
  const table = sharesOf(mainAnalysis(instruments), claim.metric, claim.outcome);
  return leaveOneOut(claim, table, systems, { unmeasured: unmeasuredBy(instrument, claim) });
}

// One kind of evidence after the other, the main one first.
function* evidenceOn(
  claim: Claim,
  bench: Bench,
  without: readonly Without[],
): Generator<ClaimResult> {
  const { study, instruments, systems, sharesOf, unmeasuredBy } = bench;
  const main = mainAnalysis(instruments);
  const [instrument] = instruments;
  const ask = (among: readonly System[], by = instrument) =>
    analyse(claim, { ...main, instrument: by }, among, sharesOf, unmeasuredBy);
  const bound = byBound(claim, bench);
  const found = { set: "main", instrument, outcome: ask(systems), without };
  yield noteBound(toClaimResult(claim, found), bound[0]);
  const own = ask(systemsOf("study", systems));
  const note = missingOf(claim, own, "study");
  yield toClaimResult(claim, { set: "study", instrument, outcome: own, note });
  if (instruments.includes(BLOCK)) {
    yield toClaimResult(claim, {
      set: BLOCK,
      instrument: "readings",
      outcome: ask(systems, BLOCK),
      note: "readings of the prompts that everyone answered, by themselves",
    });
  }
  yield* byPractice(claim, bench);
  yield* bound;
  for (const scorer of study.scorers) {
    if (scorer === instrument) continue;
    yield toClaimResult(claim, {
      set: scorer,
      instrument: scorer,
      outcome: ask(systems, scorer),
    });
  }
  yield underStudyModel(claim, bench);
  yield byPeople(claim, bench);
}

// Interpretation has two estimates; the second is of the block, by EPITOME's practice.
function byPractice(claim: Claim, { practice, systems }: Bench): ClaimResult[] {
  if (!practice || !isInterpretation(claim)) return [];
  const outcome = assessClaim(claim, practice, systems);
  const note = "the complete block, by EPITOME's practice";
  return [toClaimResult(claim, { set: "practice", instrument: "readings", outcome, note })];
}

function isInterpretation({ metric, outcome }: Claim): boolean {
  return metric === "ip" && outcome === "any";
}

function byBound(claim: Claim, bench: Bench): ClaimResult[] {
  const { instruments, systems, sharesOf } = bench;
  if (!bench.hasBound || !isInterpretation(claim)) return [];
  const analysis = { ...mainAnalysis(instruments), instrument: BOUND };
  const outcome = assessClaim(claim, sharesOf(analysis, "ip", "any"), systems);
  const note = "a bound: stock sentences count as often as EPITOME's annotators counted them";
  return [toClaimResult(claim, { set: "bound", instrument: "readings", outcome, note })];
}

function toWithoutRow(claim: Claim, { without, of, estimate, these, ruling }: Without): WithoutRow {
  return { claim: claim.id, of, without, verdict: ruling, estimate, these };
}

// What the study would have said: its own criterion, an interval beyond zero, on a head's levels.
function underStudyModel(claim: Claim, { studyModelOf, study }: Bench): ClaimResult {
  const start = blankResult(claim, "study-model", study.scorers[0]);
  if (claim.outcome === "fits") return { ...start, note: "a head knows nothing of fit" };
  const found = studyModelOf(claim);
  if (isMissing(found)) return { ...start, note: found.missing };
  const side = sideOf(claim);
  const verdict = isBeyondZero(found, side)
    ? "holds"
    : isBeyondZero(found, -side)
      ? "the opposite holds"
      : "cannot be told";
  const [estimate, lower, upper] = [found.estimate, found.lower, found.upper].map(signed);
  return { ...start, verdict, note: `log-odds ${estimate} (${lower} to ${upper})` };
}

function signed(value: number): string {
  return value.toFixed(2).replace("-", "−");
}

// People graded replies of LLMs and of people as a whole: no mechanism but the emotional one can stand for that.
function byPeople(claim: Claim, { grades, systems }: Bench): ClaimResult {
  const isGraded =
    claim.metric === "er" &&
    claim.outcome === "any" &&
    claim.compared.family === "llm" &&
    claim.compared.with === "human";
  if (!isGraded || !grades) {
    return { ...blankResult(claim, "people", "people"), verdict: "not yet measured" };
  }
  const outcome: ClaimOutcome = assessClaim(claim, grades, systems);
  const note = "shares of good grades of whole replies, not of emotional reactions";
  return toClaimResult(claim, { set: "people", instrument: "people", outcome, note });
}

function sharesOn({ metric, outcome }: Claim, { instruments, sharesOf }: Bench): ShareRow[] {
  const main = mainAnalysis(instruments);
  return instruments
    .filter((instrument) => isMeasurable(instrument, outcome))
    .flatMap((instrument) =>
      toShareRows(instrument, metric, outcome, sharesOf({ ...main, instrument }, metric, outcome)),
    );
}
