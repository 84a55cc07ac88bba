// Where a lesson opens in a browser without an installation: services that build this clone's own kernel.
import { spawnSync } from "node:child_process";
import { projectPath } from "../../src/project";
import type { Lesson } from "./lessons";

const PATTERN = "OWNER/REPOSITORY";

/** The clone's place on GitHub, such as `owner/repository`; undefined where its origin lies elsewhere. */
export function findRepository(): string | undefined {
  const { status, stdout } = spawnSync("git", ["remote", "get-url", "origin"], {
    cwd: projectPath(),
    encoding: "utf8",
  });
  return status === 0 ? repositoryOf(stdout.trim()) : undefined;
}

/** Reads the place on GitHub from the address of a remote. */
export function repositoryOf(address: string): string | undefined {
  return /^(?:https:\/\/|git@|ssh:\/\/git@)github\.com[/:]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(
    address,
  )?.[1];
}

/** The addresses, a line each. @param repository on GitHub; a pattern stands in its place where it is not known. */
export function listLinks(
  lessons: readonly Lesson[],
  repository: string | undefined,
): readonly string[] {
  const place = repository ?? PATTERN;
  const binder = lessons.map(({ name }) => {
    const path = encodeURIComponent(`lab/tree/notebooks/teaching/${name}.ipynb`);
    return `${name}: https://mybinder.org/v2/gh/${place}/HEAD?urlpath=${path}`;
  });
  return [...binder, `all, in VS Code: https://codespaces.new/${place}`];
}
