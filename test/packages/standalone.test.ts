// Every package of packages/ is used as a stranger would: packed, installed in an empty folder, its README's example run.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { itNeeds, npmRegistry, patience } from "test-support/needs";
import { projectPath } from "../../src/project";
import {
  checkTypes,
  firstExample,
  installedPackages,
  type Packed,
  packAndInstall,
  runTypeScript,
} from "./packed";

const NAMES = ["mixed-models", "ask-models", "empathy-scorer", "run-notebooks", "plotly-stills"];

for (const name of NAMES) {
  describe(`the package ${name}`, () => {
    let packed: Promise<Packed> | undefined;
    const get = () => {
      packed ??= packAndInstall(name);
      return packed;
    };
    const manifest = () =>
      JSON.parse(readFileSync(projectPath("packages", name, "package.json"), "utf8")) as {
        dependencies: Record<string, string>;
      };
    const { kit: _kit, ...declared } = manifest().dependencies;
    const needs = Object.keys(declared).length > 0 ? npmRegistry : patience;

    itNeeds(needs, "brings the packages that it declares, and no others of its own", async () => {
      const { project } = await get();
      const installed = JSON.parse(
        readFileSync(join(project, "node_modules", name, "package.json"), "utf8"),
      );
      assert.deepEqual(installed.dependencies ?? {}, declared);
      if (Object.keys(declared).length === 0) assert.deepEqual(installedPackages(project), [name]);
    });

    for (const module of ["esm", "cjs"] as const) {
      itNeeds(needs, `prints what its README says, as ${module}`, async () => {
        const { project } = await get();
        const { code, prints } = firstExample(name);
        assert.ok(prints.length > 0);
        assert.equal(runTypeScript(project, code, module), prints);
      });
    }

    for (const resolution of ["node16", "bundler", "node10"] as const) {
      itNeeds(needs, `has types that ${resolution} resolves`, async () => {
        const { project } = await get();
        const { code } = firstExample(name);
        assert.equal(checkTypes(project, code, resolution, name !== "mixed-models"), "");
      });
    }

    itNeeds(needs, "gives publint nothing to say", async () => {
      const { project } = await get();
      const { messages } = await publint({
        pkgDir: join(project, "node_modules", name),
        strict: true,
        pack: false,
      });
      assert.deepEqual(messages, []);
    });

    itNeeds(needs, "has types that are right for every way to import it", async () => {
      const { tarball } = await get();
      const analysis = await checkPackage(
        createPackageFromTarballData(new Uint8Array(readFileSync(tarball))),
      );
      assert.deepEqual(analysis.types && "problems" in analysis ? analysis.problems : null, []);
    });
  });
}
