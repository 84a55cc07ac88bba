export { type Displays, OutputCollector } from "./collect-outputs";
export { aroundDifference, type Difference, findDifference } from "./compare-notebooks";
export { chooseConnection } from "./connection";
export { type ConvertedAhead, convertAhead } from "./conversions";
export { aroundRow, findDifferingRow } from "./differing-row";
export { type FileState, isSameState, sha256, stateOf } from "./file-state";
export { EXERCISE, NOT_TAKEN } from "./forgive-exercises";
export { Kernel, KernelError } from "./kernel";
export { FIXED, KERNEL_HOST } from "./kernel-process";
export {
  type Cell,
  formatNotebook,
  type Json,
  type MimeBundle,
  type Notebook,
  type Output,
  parseNotebook,
  readNotebook,
  readNotebookFile,
  requireTypeScript,
} from "./notebook-file";
export {
  CellError,
  type CellProgress,
  type LateLines,
  type RunOptions,
  runNotebook,
  StrayError,
} from "./run-notebook";
export { readTrackedReads, trackingReads } from "./track-reads";
