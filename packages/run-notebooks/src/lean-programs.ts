// Tslab has its compiler make two programs for a cell: one to learn what the cell declares, and one in which that is exported.
// The first needs the cell's own file alone; and neither needs to know which files a change would reach.
import { compilerPath } from "./compiler-system";

interface SourceFile {
  readonly fileName: string;
  readonly text: string;
  readonly isDeclarationFile: boolean;
  readonly locals?: ReadonlyMap<string, unknown>;
}

interface Builder {
  getSourceFile(path: string): SourceFile | undefined;
  getProgram(): { getTypeChecker(): unknown; getSourceFiles(): readonly SourceFile[] };
  getAllDependencies(file: SourceFile): readonly string[];
}

interface Host {
  getSourceFile(path: string, options: unknown): SourceFile | undefined;
}

type CreateProgram = (
  names: readonly string[],
  options: { readonly target: unknown },
  host: Host,
  last: Builder | undefined,
  ...rest: readonly unknown[]
) => Builder;

interface Compiler {
  readonly createAbstractBuilder: CreateProgram;
  bindSourceFile(file: SourceFile, options: unknown): void;
  createWatchCompilerHost(
    names: readonly string[],
    options: unknown,
    system: unknown,
    createProgram: CreateProgram | null,
    ...rest: readonly unknown[]
  ): unknown;
}

/**
 * Lets tslab's converters in this process make one program a cell; called before tslab is loaded.
 *
 * What they convert is the same. They can do nothing else then: what completes or explains a cell needs the first program.
 *
 * @returns whether the cell that was converted last was compiled with files of the notebook's own.
 */
export function makeFewerPrograms(): () => boolean {
  const path = compilerPath();
  const compiler = require(path) as Compiler;
  let compiled: readonly SourceFile[] = [];
  const createProgram: CreateProgram = (names, options, host, last, ...rest) => {
    const cell = names.find((name) => name.endsWith("__tslab__.ts"));
    const file = cell && last ? host.getSourceFile(cell, options.target) : undefined;
    if (cell && last && file && willBeExported(file, options, last.getSourceFile(cell))) {
      return Object.create(last, {
        getSourceFile: { value: (one: string) => (one === cell ? file : last.getSourceFile(one)) },
      });
    }
    const builder = compiler.createAbstractBuilder(names, options, host, last, ...rest);
    const program = builder.getProgram();
    // The order in which types become known is the order in which the compiler prints them.
    program.getTypeChecker();
    // Of these tslab takes what is compiled with the cell.
    compiled = program.getSourceFiles().filter(({ isDeclarationFile }) => !isDeclarationFile);
    const files = compiled.map(({ fileName }) => fileName);
    return Object.assign(builder, { getAllDependencies: () => files });
  };
  // Whether tslab will ask for a second program, in which what the cell declares is exported. Where that was the last one, of the
  // same cell, the compiler would not make it again.
  const willBeExported = (file: SourceFile, options: unknown, last: SourceFile | undefined) => {
    compiler.bindSourceFile(file, options);
    const names = [...(file.locals?.keys() ?? [])];
    const suffix = `\nexport {${names.join(", ")}}`;
    return names.length > 0 && !file.text.endsWith(suffix) && last?.text !== file.text + suffix;
  };
  (require.cache[path] as NodeJS.Module).exports = {
    ...compiler,
    createWatchCompilerHost: ((names, options, system, _given, ...rest) =>
      compiler.createWatchCompilerHost(
        names,
        options,
        system,
        createProgram,
        ...rest,
      )) as Compiler["createWatchCompilerHost"],
  };
  return () => compiled.length > 1;
}
