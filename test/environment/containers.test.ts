// The files from which containers and services are built; none of them can be built here.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, realpathSync } from "node:fs";
import { validate } from "dockerfile-utils";
import { projectPath } from "../../src/project";

const read = (...path: string[]) => readFileSync(projectPath(...path), "utf8");

describe("the Dockerfile", () => {
  it("has no problem that the linter knows", () => {
    assert.deepEqual(validate(read("Dockerfile")), []);
  });

  it("is one in which the linter would find a problem", () => {
    assert.equal(validate("FROM node:20\nRUNN true\n").length, 1);
  });

  it("pins its base image and every Debian package that it is for", () => {
    assert.match(read("Dockerfile"), /^FROM node:\d+\.\d+\.\d+-bookworm-slim$/m);
    assert.match(read("Dockerfile"), / jupyter-notebook=\S+ /);
  });
});

describe("the dev container", () => {
  it("builds the Dockerfile, and points VS Code to the kernel that it writes", () => {
    const { build, remoteEnv, postCreateCommand } = JSON.parse(
      read(".devcontainer", "devcontainer.json"),
    );
    assert.equal(projectPath(".devcontainer", build.dockerfile), projectPath("Dockerfile"));
    // biome-ignore lint/suspicious/noTemplateCurlyInString: VS Code's variable.
    assert.equal(remoteEnv.JUPYTER_PATH, "${containerWorkspaceFolder}/.jupyter");
    assert.match(postCreateCommand, /environment\/jupyter\.mjs/);
  });
});

describe("Binder", () => {
  it("takes the conda environment, every package of which is pinned", () => {
    assert.equal(
      realpathSync(projectPath("binder", "environment.yml")),
      realpathSync(projectPath("environment.yml")),
    );
    const [, packages] = read("environment.yml").split("dependencies:\n") as [string, string];
    for (const line of packages.trimEnd().split("\n"))
      assert.match(line, /^ {2}- \w+=\d+\.\d+\.\d+$/);
  });

  it("runs scripts that bash can read", () => {
    for (const name of ["postBuild", "start"]) {
      const { status } = spawnSync("bash", ["-n", projectPath("binder", name)]);
      assert.equal(status, 0, name);
    }
  });
});
