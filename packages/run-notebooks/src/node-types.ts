interface TypeScript {
  readonly sys: { getDirectories(path: string): string[] };
}

/**
 * Keeps the compiler from reading the types of every package that happens to be installed, which takes it a second: of those
 * that a cell has without an import it needs Node's. What a cell imports is found all the same.
 */
export function knowNodeTypesOnly(): void {
  const compiler = require.resolve("@tslab/typescript-for-tslab", {
    paths: [require.resolve("tslab")],
  });
  const { sys } = require(compiler) as TypeScript;
  const { getDirectories } = sys;
  sys.getDirectories = (path) => {
    const names = getDirectories(path);
    return /[\\/]@types[\\/]?$/.test(path) ? names.filter((name) => name === "node") : names;
  };
}
