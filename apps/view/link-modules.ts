// The modules of a page as one plain script: a browser that opens a page from a folder loads no module from it.

/** A module: its name, and its text. */
export interface ModuleSource {
  readonly id: string;
  readonly text: string;
}

/** Finds what a module names in `import … from` or `require`. */
type ResolveModule = (name: string, from: string) => ModuleSource;

/**
 * Links modules to one script that runs the first.
 *
 * Modules are compiled to `exports` and `require`, or are ours for browsers, which import and export by name, one
 * declaration a statement. Each runs once, in a function of its own.
 *
 * @throws RangeError if a module for browsers imports or exports in another way.
 */
export function linkModules(entry: ModuleSource, resolve: ResolveModule): string {
  const linked = new Map<string, string>();
  const link = ({ id, text }: ModuleSource): void => {
    if (linked.has(id)) return;
    linked.set(id, "");
    const body = toRequire(id, text).replace(/\brequire\("([^"]+)"\)/g, (_, name) => {
      const found = resolve(name, id);
      link(found);
      return `require(${JSON.stringify(found.id)})`;
    });
    linked.set(id, body.replace(/^\/\/# sourceMappingURL=.*$/m, ""));
  };
  link(entry);
  const modules = [...linked].map(
    ([id, body]) => `${JSON.stringify(id)}(exports, require) {\n${body}\n}`,
  );
  return `"use strict";
(() => {
const modules = {
${modules.join(",\n")}
};
const loaded = {};
const require = (id) => {
  if (!loaded[id]) modules[id]((loaded[id] = {}), require);
  return loaded[id];
};
require(${JSON.stringify(entry.id)});
})();
`;
}

function toRequire(id: string, text: string): string {
  const names: string[] = [];
  const body = text
    .replace(/^import (\{[^}]*\}) from ("[^"]+");/gm, (_, list: string, name: string) => {
      return `const ${list.replace(/ as /g, ": ")} = require(${name});`;
    })
    .replace(/^export (?=(?:async )?(?:function|class|const) (\w+))/gm, (_, name: string) => {
      names.push(name);
      return "";
    });
  if (/^(import|export) /m.test(body)) {
    throw new RangeError(`linkModules: ${id} imports or exports in a way that is not linked`);
  }
  return [body, ...names.map((name) => `exports.${name} = ${name};`)].join("\n");
}
