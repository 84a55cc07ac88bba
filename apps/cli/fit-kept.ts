import { UserError } from "kit";
import type { MixedFit, Table } from "mixed-models";
import { restoreFit } from "mixed-models/node";
import { ABOUT_THE_MODEL, fitModel, type ModelFlags, testAs } from "./fit-model";

/** What `empathy fit` is told of a model that was kept: a file in place of a formula and options. */
export type KeptFlags = Partial<ModelFlags> & { readonly from?: string };

/**
 * Fits the model, or reads it back from a file on the data that it was fitted to.
 *
 * @throws UserError if there is neither a formula nor a file, or both; if the file holds no fit of these data; or as `fitModel`.
 */
export function fitOrRestore(flags: KeptFlags, table: Table): MixedFit {
  if (flags.from === undefined) return fitModel(requireFormula(flags), table);
  return testAs(flags.df, restoreFit(flags.from, table));
}

/** Refuses what does not make a model, before data are read. */
export function requireFormula({ from, ...flags }: KeptFlags): ModelFlags {
  const { formula } = flags;
  if (formula !== undefined) return { ...flags, formula };
  throw new UserError(
    'give the model with --formula "y ~ x + (1 | group)", or a fit that was kept with --from',
  );
}

/** Refuses options of a model beside a file that holds it. */
export function refuseModelOptions(flags: KeptFlags): void {
  const given = ABOUT_THE_MODEL.find((name) => flags[name] !== undefined);
  if (given === undefined) return;
  throw new UserError(
    `--${given} goes without --from, whose file says what was fitted; leave it out`,
  );
}
