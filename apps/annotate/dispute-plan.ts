// A plan that has people read the replies on which readings and a classifier disagree most.

import { METRICS } from "empathy-scorer";
import type { Study } from "../../src/study/study";
import type { FAMILY_NAMES } from "../../src/systems/system";
import {
  DISAGREEMENT_RULE,
  type DisagreementRule,
  type DisputedReply,
  drawDisputed,
  listDisputed,
} from "./disagreement";
import { drawSample } from "./draw-sample";
import { nameReplies, type Plan, type PlannedStratum, sealPlan } from "./plan-file";
import { byMean } from "./population";

/** What the plan is asked for. */
interface DisputeOptions {
  /** The folder of `data/scores` whose levels are disputed. */
  readonly scorer: string;
  /** Number of raters, from 1. */
  readonly raters: number;
  /** Number of replies that all raters read. */
  readonly overlap: number;
  readonly seed: number;
  readonly rule?: DisagreementRule;
}

// People, LLMs and older systems: those that claims are about.
const FAMILIES = ["human", "llm", "ecs"] as const satisfies readonly (keyof typeof FAMILY_NAMES)[];

/**
 * Makes a plan from a study's readings and scores; no text is needed. Replies are chosen, not drawn at random, and only their
 * order and their readers are left to chance: nothing follows from their labels about means.
 *
 * @throws UserError if no system has both readings and scores.
 */
export function makeDisputePlan(study: Pick<Study, "root">, options: DisputeOptions): Plan {
  const { scorer, raters, overlap, seed, rule = DISAGREEMENT_RULE } = options;
  const listed = listDisputed(study, scorer);
  const chosen = drawDisputed(listed, FAMILIES, rule);
  const systems = [...new Set(chosen.map(({ system }) => system))];
  const members = systems.map((id) => [...chosen.keys()].filter((at) => chosen[at]?.system === id));
  const { replies, pages } = drawSample(
    members,
    members.map(({ length }) => length),
    { raters, overlap, seed },
  );
  const idOf = nameReplies(replies.length);
  return sealPlan({
    scorer,
    seed,
    budget: chosen.length + (raters > 1 ? Math.min(overlap, chosen.length) * (raters - 1) : 0),
    overlap,
    draw: { by: "disagreement", ...rule },
    metrics: METRICS,
    expected: [],
    strata: systems.map((id, at) => describe(id, listed, members[at]?.length ?? 0)),
    replies: replies.flatMap(({ member, stratum }, at) => {
      const reply = chosen[member];
      if (!reply) return [];
      return [{ id: idOf(at), stratum, place: reply.place, predicted: reply.predicted }];
    }),
    pages: pages.map((own, at) => ({ page: `rater-${at + 1}`, replies: own.map(idOf) })),
  });
}

function describe(system: string, listed: readonly DisputedReply[], drawn: number): PlannedStratum {
  const own = listed.filter((reply) => reply.system === system);
  const predicted = byMean(own.map((reply) => reply.predicted));
  return { system, family: own[0]?.family ?? "", size: own.length, drawn, predicted };
}
