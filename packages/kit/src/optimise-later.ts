import { setFlagsFromString } from "node:v8";

/**
 * Has V8 wait ten times as long before it optimises a function, in this process: in a run of some seconds, most functions have
 * done their work before that would pay. Rerunning the notebooks takes a sixth less processor time with Node 20. Later versions
 * have a compiler between and no such setting, and would complain of it; there this does nothing.
 */
export function optimiseLater(): void {
  const [major] = process.versions.v8.split(".");
  if (Number(major) < 12) setFlagsFromString("--interrupt-budget=700000");
}
