import { compilerSystem } from "./compiler-system";

/**
 * Keeps the compiler from reading the types of every package that happens to be installed, which takes it a second: of those
 * that a cell has without an import it needs Node's. What a cell imports is found all the same.
 */
export function knowNodeTypesOnly(): void {
  const sys = compilerSystem();
  const { getDirectories } = sys;
  sys.getDirectories = (path) => {
    const names = getDirectories(path);
    return /[\\/]@types[\\/]?$/.test(path) ? names.filter((name) => name === "node") : names;
  };
}
