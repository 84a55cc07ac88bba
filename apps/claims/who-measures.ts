// Whether an instrument measures what a claim is about, against the best reference at hand.

import {
  type Accuracy,
  headAccuracy,
  LEAST_YOUDEN,
  readerAccuracy,
} from "../../src/claims/accuracy";
import type { AnchoredReplies } from "../../src/claims/anchored-replies";
import { type ClaimOutcome, isAssessed } from "../../src/claims/assess-claim";
import type { Claim } from "../../src/claims/claim";
import { isByReading } from "../../src/claims/instruments";
import { remember } from "../../src/claims/remember";
import { familiesOf } from "../../src/claims/unit-estimates";
import { type CalibrationCount, EPITOME, type ReadReply } from "../../src/readings/readings";
import { FAMILY_NAMES, type Family } from "../../src/systems/system";
import type { UnmeasuredBy } from "./multiverse";

/** What the checks need. */
export interface Checks {
  readonly readings: readonly ReadReply[];
  readonly calibration: readonly CalibrationCount[];
  /** The replies with a scorer's levels. */
  anchored(scorer: string): AnchoredReplies;
  /** A claim about interpretation by readings, and by EPITOME's practice. */
  byDefinition(claim: Claim): ClaimOutcome;
  byPractice(claim: Claim): ClaimOutcome;
}

/**
 * Says why an instrument cannot measure a claim.
 *
 * - A head: against readings, its Youden's J is below .3 in a family compared.
 * - Readings: against people's labels (EPITOME's pairs) their J is below .3; or, for interpretation, the estimates by the
 *   definition and by EPITOME's practice disagree in sign, or the second cannot be had.
 */
export function openChecks(checks: Checks): UnmeasuredBy {
  const accuracyOf = remember((scorer: string) =>
    headAccuracy(checks.anchored(scorer), checks.readings),
  );
  const people = readerAccuracy(checks.calibration, EPITOME);
  return (instrument, claim) => {
    if (isByReading(instrument)) {
      const low = belowLeast(people[claim.metric]);
      if (low) return `against people's labels of EPITOME's pairs the readings' ${low}`;
      return claim.metric === "ip" ? disagreement(claim, checks) : null;
    }
    for (const family of comparedWith(claim)) {
      const low = belowLeast(accuracyOf(instrument)[claim.metric].get(family));
      if (low) return `against readings of replies by ${plural(family)} the head's ${low}`;
    }
    return null;
  };
}

function comparedWith(claim: Claim): Family[] {
  return claim.compared.with === "human" ? [...familiesOf(claim), "human"] : familiesOf(claim);
}

function plural(family: Family): string {
  return family === "human" ? "people" : `${FAMILY_NAMES[family]}s`;
}

function belowLeast(accuracy: Accuracy | undefined): string | null {
  if (!accuracy || !(accuracy.youden < LEAST_YOUDEN)) return null;
  const shown = accuracy.youden.toFixed(2).replace("0.", ".").replace("-", "−");
  return `Youden's J is ${shown}, below ${String(LEAST_YOUDEN).slice(1)}`;
}

function disagreement(claim: Claim, checks: Checks): string | null {
  const practice = checks.byPractice(claim);
  if (!isAssessed(practice)) {
    return `by EPITOME's practice nothing can be said: ${practice.missing}`;
  }
  const definition = checks.byDefinition(claim);
  if (!isAssessed(definition)) return null;
  const [one, other] = [definition.these.estimate, practice.these.estimate];
  if (Math.sign(one) === Math.sign(other)) return null;
  return `by the definition ${points(one)} points, by EPITOME's practice ${points(other)}: they disagree in sign`;
}

function points(share: number): string {
  return (100 * share).toFixed(0).replace("-", "−");
}
