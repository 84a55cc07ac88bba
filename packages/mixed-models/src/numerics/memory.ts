import { UserError } from "kit";

/** What matrices may take, in GiB, unless a fit is allowed more. */
const USUAL_MEMORY = 4;

const GIB = 2 ** 30;

/**
 * Refuses a computation before it takes more memory than it may.
 *
 * @param numbers how many numbers of 8 bytes it needs.
 * @param what needs them, such as `the 20,000 columns of the fixed effects`.
 * @param instead what to write.
 * @param memory in GiB.
 * @throws UserError with the need, the bound and what to do.
 */
export function refuseMemory(
  numbers: number,
  what: string,
  instead: string,
  memory: number = USUAL_MEMORY,
): void {
  if (!(memory > 0)) {
    throw new UserError(`memory should be a number of GiB above 0, such as 8; it is ${memory}`);
  }
  const need = (8 * numbers) / GIB;
  if (need <= memory) return;
  const shown = need < 100 ? need.toFixed(1) : Math.round(need).toLocaleString("en-US");
  throw new UserError(
    `${what} need ${shown} GiB of memory, where ${memory} are allowed; ${instead}`,
  );
}
