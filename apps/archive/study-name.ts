import { UserError } from "kit";
import { LOCAL_NAME, PUBLISHED_STUDY } from "../../src/study/study";

const NAME = /^[a-z0-9][a-z0-9-]*$/;
// A study's folder should be one on every system that it is handed to.
const NOT_ON_WINDOWS = /^(con|prn|aux|nul|com\d|lpt\d)$/;
const LONGEST_NAME = 60;

/**
 * Refuses a name that no study may have.
 *
 * @param remedy what to do about it.
 * @throws UserError saying why.
 */
export function requireStudyName(name: string, remedy = "choose another name"): void {
  if (name === PUBLISHED_STUDY.name || name === LOCAL_NAME) {
    throw new UserError(
      `'${name}' is what the ${name === LOCAL_NAME ? "study of everything on this machine" : "project's own study"} is called; ${remedy}`,
    );
  }
  if (!NAME.test(name)) {
    const shown = JSON.stringify(name.slice(0, LONGEST_NAME)).slice(1, -1);
    throw new UserError(
      `'${shown}' cannot be a study's name, which has lower-case letters, digits and hyphens, and no hyphen first; ${remedy}`,
    );
  }
  if (NOT_ON_WINDOWS.test(name) || name.length > LONGEST_NAME) {
    const why =
      name.length > LONGEST_NAME ? `has more than ${LONGEST_NAME} letters` : "is a device";
    throw new UserError(
      `'${name.slice(0, LONGEST_NAME)}' ${why}, which Windows cannot hold as a folder; ${remedy}`,
    );
  }
}
