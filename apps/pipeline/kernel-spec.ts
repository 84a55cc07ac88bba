// Jupyter's kernel specification for this clone: the kernel that reruns notebooks, with figures completed before Jupyter sees them.
import { join } from "node:path";
import { FIXED, KERNEL_HOST } from "run-notebooks";
import { projectPath } from "../../src/project";

/** A kernel specification, as Jupyter reads it from `kernel.json`. */
interface KernelSpec {
  readonly argv: readonly string[];
  readonly display_name: string;
  readonly language: string;
  readonly env: Readonly<Record<string, string>>;
}

/** What a notebook outside the clone needs to find its imports. */
export function importsOfClone(): { readonly NODE_PATH: string } {
  return { NODE_PATH: projectPath("node_modules") };
}

/** The specification: it names Node and this clone by their places, so it is written anew where either moves. */
export function kernelSpec(): KernelSpec {
  const completer = join(__dirname, "complete-figure.js");
  return {
    argv: [process.execPath, KERNEL_HOST, "{connection_file}", completer],
    display_name: "TypeScript (tslab)",
    language: "typescript",
    env: { ...FIXED, ...importsOfClone() },
  };
}
