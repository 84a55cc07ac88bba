// How tslab's compiler finds types and modules.
import { delimiter, sep } from "node:path";

/** How tslab's compiler reaches files. */
interface CompilerSystem {
  fileExists(path: string): boolean;
  directoryExists(path: string): boolean;
  readFile(path: string, encoding?: string): string | undefined;
  realpath(path: string): string;
  getDirectories(path: string): string[];
}

/** Where the compiler lies that tslab uses. */
export function compilerPath(): string {
  return require.resolve("@tslab/typescript-for-tslab", { paths: [require.resolve("tslab")] });
}

// The system of the compiler that tslab's kernel uses in this process: what is changed in it, the kernel does.
function compilerSystem(): CompilerSystem {
  return (require(compilerPath()) as { readonly sys: CompilerSystem }).sys;
}

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

/**
 * Lets tslab's compiler find what a cell imports where Node finds it: in the folders of `NODE_PATH`, too, which the compiler
 * does not know. So a notebook may lie in any folder.
 *
 * @param folder in which the cells run; what is installed there comes first.
 * @param nodePath folders as `NODE_PATH` names them.
 */
export function resolveThroughNodePath(folder: string, nodePath: string | undefined): void {
  const places = (nodePath ?? "").split(delimiter).filter(Boolean);
  if (places.length === 0) return;
  const sys = compilerSystem();
  const { fileExists, directoryExists, readFile, realpath, getDirectories } = sys;
  const inFolder = `${forward(folder)}/node_modules`;
  const exists = (path: string) => fileExists(path) || directoryExists(path);
  const find = (path: string) => {
    if ((path !== inFolder && !path.startsWith(`${inFolder}/`)) || exists(path)) return path;
    const rest = path.slice(inFolder.length);
    return places.map((place) => forward(place) + rest).find(exists) ?? path;
  };
  sys.fileExists = (path) => fileExists(find(path));
  sys.directoryExists = (path) => directoryExists(find(path));
  sys.readFile = (path, encoding) => readFile(find(path), encoding);
  sys.realpath = (path) => realpath(find(path));
  sys.getDirectories = (path) => getDirectories(find(path));
}

// The compiler's own form of a path.
function forward(path: string): string {
  return path.split(sep).join("/");
}
