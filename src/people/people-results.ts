// What people say of the replies, as counts and estimates: `data/validity/people.json`. No rating of a single reply and no
// rater is kept.
import { readFileSync } from "node:fs";
import type { Metric } from "empathy-scorer";
import type { Estimates } from "../claims/combine-estimates";
import type { Leads } from "../claims/leads";
import type { Sentiment } from "../corpus/emotions";
import { type Study, studyPath } from "../study/study";

/** Where the results stand. */
export const PEOPLE_FILE = "data/validity/people.json";

/** How often a system's replies were graded bad, okay and good. */
export interface GradeCount {
  readonly system: string;
  readonly sentiment: Sentiment;
  readonly bad: number;
  readonly okay: number;
  readonly good: number;
}

/** How far grades follow an instrument's levels of the same replies. */
export interface FollowedLevels {
  /** `readings`, `readings and fit`, or a scorer's name. */
  readonly instrument: string;
  /** Of whom the replies are: all, language models, or people. */
  readonly family: "all" | "llm" | "human";
  readonly replies: number;
  /** By how much the levels lower Akaike's criterion; negative where grades are told better without them. */
  readonly aicGain: number;
  /** Log-odds of a better grade where the instrument sees a mechanism at all, the others and the system held equal. */
  readonly effects: readonly {
    readonly name: Metric | "fit";
    readonly estimate: number;
    readonly se: number;
  }[];
}

/** Leads on the latent scale of grades, and the same as shares of good grades: counted, with raters as clusters. */
export interface RatedLeads extends Leads {
  readonly ownShare: Estimates;
  readonly leadShare: Estimates;
}

/** What a good grade goes with: log-odds of a better grade, with its standard error. */
export interface Predictor {
  /** Whether systems were held equal. */
  readonly within: boolean;
  readonly name: string;
  readonly estimate: number;
  readonly se: number;
}

/** How sliders and the classifier's expected ER go together. */
export interface SliderAgreement {
  readonly replies: number;
  readonly raters: number;
  /** Reliability of one rater and of the mean of all: ICC(1, 1) and ICC(1, k), Shrout and Fleiss 1979. */
  readonly iccOne: number;
  readonly iccMean: number;
  /** Pearson's correlation of the mean slider with expected ER: over all replies, within systems, of systems' means. */
  readonly all: number;
  readonly within: number;
  readonly between: number;
  /** The first divided by the root of the means' reliability. */
  readonly corrected: number;
}

/** The mean of paired judgements, with its 95 % interval. */
export interface PairedMean {
  /** `pairs`: from -2 to 2, positive for the first; `scale`: difference on a scale from 0 to 5. */
  readonly kind: "pairs" | "scale";
  readonly one: string;
  readonly other: string;
  readonly contexts: number;
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
}

/** What people say. */
export interface PeopleResults {
  readonly counts: readonly GradeCount[];
  readonly raters: number;
  readonly leads: RatedLeads;
  readonly predictors: readonly Predictor[];
  readonly sliders: SliderAgreement;
  readonly paired: readonly PairedMean[];
  /** Whose levels of the same replies grades follow: readings', or a head's. */
  readonly followed: readonly FollowedLevels[];
}

/** Reads what people say, where it has been computed. */
export function readPeople(study: Pick<Study, "root">): PeopleResults {
  const stored = JSON.parse(readFileSync(studyPath(study, PEOPLE_FILE), "utf8"));
  const toEstimates = ({ values, covariance }: { values: number[]; covariance: number[] }) => ({
    values: Float64Array.from(values),
    covariance: Float64Array.from(covariance),
  });
  const { leads } = stored;
  return {
    ...stored,
    leads: {
      ...leads,
      replies: Int32Array.from(leads.replies),
      own: toEstimates(leads.own),
      lead: toEstimates(leads.lead),
      ownShare: toEstimates(leads.ownShare),
      leadShare: toEstimates(leads.leadShare),
    },
  };
}
