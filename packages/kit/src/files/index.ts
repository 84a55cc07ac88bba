export { keepFile, refuseChanged } from "./keep-file";
export { diskRemedy, makeTemporaryFolder, partialOf, removeTemporary } from "./temporary-file";
export { WholeFile } from "./whole-file";
