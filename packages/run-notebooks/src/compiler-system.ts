/** How tslab's compiler reaches files. */
export interface CompilerSystem {
  fileExists(path: string): boolean;
  directoryExists(path: string): boolean;
  readFile(path: string, encoding?: string): string | undefined;
  realpath(path: string): string;
  getDirectories(path: string): string[];
}

/** The system of the compiler that tslab's kernel uses in this process: what is changed in it, the kernel does. */
export function compilerSystem(): CompilerSystem {
  const compiler = require.resolve("@tslab/typescript-for-tslab", {
    paths: [require.resolve("tslab")],
  });
  return (require(compiler) as { readonly sys: CompilerSystem }).sys;
}
