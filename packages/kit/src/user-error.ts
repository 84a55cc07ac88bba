/**
 * A mistake that its reader can mend: shown as one line, without a stack trace.
 *
 * The message names the place (file, row), what is wrong there and the remedy.
 */
export class UserError extends Error {
  override name = "UserError";
}
