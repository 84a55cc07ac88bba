import { setFlagsFromString } from "node:v8";

/**
 * Has V8 wait ten times as long before it optimises a function, in this process: for a run of some seconds most of what it
 * optimises is done before it would pay. Rerunning the notebooks takes a sixth less processor time with Node 20; later versions,
 * which have a compiler between, know no such setting and go on as they were.
 */
export function optimiseLater(): void {
  setFlagsFromString("--interrupt-budget=700000");
}
