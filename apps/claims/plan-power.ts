// What a study's claims could show with more models, prompts or readings: `empathy study power`.
import { isMissing, UserError } from "kit";
import { type Claim, readClaims, sideOf } from "../../src/claims/claim";
import { type ClaimResult, hasResults, readClaimResults } from "../../src/claims/results-tables";
import { projectPath } from "../../src/project";
import { PUBLISHED_STUDY, readStudy, type Study } from "../../src/study/study";
import { chooseClaims, findClaim } from "./choose-claims";
import {
  cautionOn,
  type DesignPower,
  designOf,
  type PowerDesign,
  powerOf,
  refuseOverread,
} from "./power";
import { openVarianceParts, type VarianceParts } from "./variance-parts";

/** What is planned; what is not given is as it is at hand, or as the field says. */
export interface PlanOptions {
  /** True differences on the claim's side, in points; by default the margin, twice it, and the present estimate. */
  readonly effects?: readonly number[] | undefined;
  /** Models of the claim's own family; 5, 10, 20 and 40 by default. The other family stays as it is. */
  readonly models?: readonly number[] | undefined;
  /** How many of them lie in one collection. */
  readonly perCollection?: number | undefined;
  /** Prompts a system, over the sentiments that a claim looks at. */
  readonly prompts?: readonly number[] | undefined;
  /** Readings a system, likewise. */
  readonly readings?: readonly number[] | undefined;
  /** Some claims only; all by default. */
  readonly claims?: readonly string[] | undefined;
  readonly seed?: number | undefined;
}

/** One claim's powers, the design at hand first. */
export interface ClaimPlan {
  readonly claim: Claim;
  /** Its main result where the variances come from. */
  readonly result: ClaimResult;
  readonly parts: VarianceParts | null;
  readonly designs: readonly DesignPower[];
  /** Why there are no powers; null where there are. */
  readonly obstacle: string | null;
  /** What a reader must know of the powers; null where there is nothing. */
  readonly caution: string | null;
}

/** The powers of a study's claims. */
export interface PowerPlan {
  readonly study: string;
  /** The study whose variances these are: its own, or the published one where it has not been run. */
  readonly from: string;
  readonly claims: readonly ClaimPlan[];
}

const MODELS = [5, 10, 20, 40];

/**
 * Plans a study: the power of each claim's verdict.
 *
 * @throws UserError for a claim that is not there; for a study that has not been run whose claim is none of the published
 *   study's; for readings of what its head scores, or of more replies than there are.
 */
export function planPower(study: Study, options: PlanOptions = {}): PowerPlan {
  const isRun = hasResults(study);
  const source = isRun ? study : readStudy(projectPath());
  const all = isRun ? readClaims(study) : chooseClaims(study).claims;
  const claims = options.claims?.map((id) => findClaim(all, id, "--claims")) ?? all;
  if (!isRun) refuseUnknown(study, claims, readClaims(source));
  const results = readClaimResults(source);
  const partsOf = openVarianceParts(source);
  return {
    study: study.name,
    from: source.name,
    claims: claims.map((claim): ClaimPlan => {
      const result = results.find((row) => row.set === "main" && row.claim === claim.id);
      if (!result) {
        throw new UserError(
          `${source.root}: no result of claim '${claim.id}'; ${runAgain(source.name)} first`,
        );
      }
      return planClaim(claim, result, partsOf(claim), options);
    }),
  };
}

function runAgain(name: string): string {
  return `run \`npm run reproduce${name === PUBLISHED_STUDY.name ? "" : ` -- --study ${name}`}\``;
}

// Variances can stand in for a question's own only where the very same was asked.
function refuseUnknown(study: Study, claims: readonly Claim[], known: readonly Claim[]): void {
  const askedOf = ({ metric, outcome, compared, contrast }: Claim) =>
    JSON.stringify([metric, outcome, compared, contrast]);
  const unknown = claims.filter((claim) => {
    const other = known.find(({ id }) => id === claim.id);
    return !other || askedOf(other) !== askedOf(claim);
  });
  const [first] = unknown;
  if (!first) return;
  throw new UserError(
    `study '${study.name}' has not been run, and the published study does not ask claim '${first.id}', so that nobody knows how far models differ in it; ${runAgain(study.name)}, or choose other claims with --claims`,
  );
}

function planClaim(
  claim: Claim,
  result: ClaimResult,
  parts: ReturnType<ReturnType<typeof openVarianceParts>>,
  options: PlanOptions,
): ClaimPlan {
  const none = { claim, result, parts: null, designs: [], caution: null };
  if (isMissing(parts)) return { ...none, obstacle: parts.missing };
  if (result.verdict === "cannot be measured") {
    return { ...none, obstacle: `cannot be measured: ${result.note}` };
  }
  if (options.readings && !parts.isRead) {
    throw new UserError(
      `--readings: claim '${claim.id}' is measured by ${parts.instrument}, which scores every reply; give --prompts instead`,
    );
  }
  const margin = claim.marginInPoints / 100;
  const effects = options.effects?.map((points) => points / 100) ?? [
    margin,
    2 * margin,
    sideOf(claim) * parts.estimate,
  ];
  const settings = {
    margin,
    effects,
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  };
  const designs = listDesigns(parts, options);
  for (const design of designs) refuseOverread(design, claim.id);
  return {
    claim,
    result,
    parts,
    designs: designs.map((design) => powerOf(parts, design, settings)),
    obstacle: null,
    caution: cautionOn(parts),
  };
}

/** The design at hand, then every combination of the numbers that are asked for. */
function listDesigns(parts: VarianceParts, options: PlanOptions): PowerDesign[] {
  const { perCollection } = options;
  const present = designOf(parts);
  const planned = (options.prompts ?? [undefined]).flatMap((prompts) =>
    (options.readings ?? [undefined]).flatMap((given) =>
      (options.models ?? MODELS).map((models) => {
        // A head reads what is answered.
        const readings = parts.isRead ? given : prompts;
        return designOf(parts, { models, perCollection, prompts, readings });
      }),
    ),
  );
  const isNew = (design: PowerDesign) => keyOf(design) !== keyOf(present);
  return [present, ...planned.filter(isNew)];
}

function keyOf({ models, collections, prompts, readings }: PowerDesign): string {
  return JSON.stringify([models, collections, prompts, readings]);
}
