import { build, type Plugin } from "esbuild";
import { projectPath } from "../src/project";

/** Bundles what pages load: scripts without modules, so that pages work from a folder too. */
export async function bundleScripts(): Promise<ReadonlyMap<string, string>> {
  const worker = await bundleScript("try-worker");
  return new Map([
    ["site.js", await bundleScript("site")],
    ["search.js", await bundleScript("search")],
    ["try.js", await bundleScript("try", { "globalThis.workerCode": JSON.stringify(worker) })],
  ]);
}

/** Bundles one of them, with names that are replaced by what they stand for. */
export async function bundleScript(
  name: string,
  define: Record<string, string> = {},
): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [projectPath("site", "page", `${name}.mjs`)],
    bundle: true,
    minify: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    plugins: [SOURCES],
    define,
    write: false,
    logLevel: "warning",
  });
  return outputFiles[0]?.text ?? "";
}

// Packages are bundled from their sources, kit's reader of tables without Node's part.
const SOURCES: Plugin = {
  name: "sources",
  setup({ onResolve }) {
    const inPackages = (...parts: string[]) => ({ path: projectPath("packages", ...parts) });
    onResolve({ filter: /^kit$/ }, () => inPackages("kit", "src", "index.ts"));
    onResolve({ filter: /^kit\/tables$/ }, () => ({
      path: projectPath("site", "page", "kit-tables.mjs"),
    }));
    onResolve({ filter: /^mixed-models$/ }, () => inPackages("mixed-models", "src", "index.ts"));
    onResolve({ filter: /^mixed-models\/meta$/ }, () =>
      inPackages("mixed-models", "src", "meta", "index.ts"),
    );
    onResolve({ filter: /^\.\/platform$/ }, () => ({
      path: projectPath("site", "page", "platform.mjs"),
    }));
  },
};
