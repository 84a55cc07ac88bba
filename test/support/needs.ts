// What a test may need that a user's machine may lack; without it the test is pending, with the reason.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { projectPath } from "./project";

/** Something that a test needs: whether it is here, and what to do where it is not. */
export interface Need {
  readonly met: boolean;
  readonly reason: string;
}

// `npm test` is what a newcomer waits for; `npm run test:all` adds the slow and the foreign.
const isAll = process.env.EMPATHY_TESTS === "all";

function foreign(isHere: () => boolean, remedy: string): Need {
  return isAll ? { met: isHere(), reason: remedy } : { met: false, reason: "npm run test:all" };
}

/** The patience for a test that takes long and needs nothing else. */
export const patience: Need = { met: isAll, reason: "npm run test:all" };

const mirrorFolder = process.env.EMPATHY_MIRROR ?? projectPath("..", "shared", "data");

/** The mirror of the public sources. */
export const mirror: Need & { readonly folder: string } = {
  folder: resolve(mirrorFolder),
  met: existsSync(mirrorFolder),
  reason: "set EMPATHY_MIRROR to a mirror of the sources",
};

/** The mirror, for tests that take a minute with it. */
export const mirrorAndPatience: typeof mirror = isAll ? mirror : { ...mirror, ...patience };

/** Jupyter's own notebook client and format, from the system's Python. */
export const jupyter = foreign(
  () => runs("/usr/bin/python3", "-c", "import nbclient, nbformat"),
  "install python3-nbclient",
);

/** A Jupyter server with a notebook page, from the system's packages. */
export const jupyterServer = foreign(
  () => runs("/usr/bin/jupyter-notebook", "--version"),
  "install jupyter-notebook",
);

/** How to get R's packages. */
export const R_PACKAGES = "install r-cran-lme4 r-cran-glmmtmb r-cran-ordinal r-cran-jsonlite";

/** R with the packages whose fits ours are compared with; found, not loaded, which takes seconds. */
export const rPackages = foreign(hasRPackages, R_PACKAGES);

/** R with the packages whose degrees of freedom ours are compared with. */
export const lmerTest = foreign(
  () => runs("Rscript", "-e", 'find.package(c("lmerTest", "emmeans", "jsonlite"))'),
  "install r-cran-lmertest r-cran-emmeans r-cran-jsonlite",
);

/** R with the packages whose tests, tables and diagnostics after a fit ours are compared with. */
export const afterFit = foreign(
  () =>
    runs(
      "Rscript",
      "-e",
      'find.package(c("lme4", "glmmTMB", "ordinal", "lmerTest", "pbkrtest", "car", "emmeans", "performance", "broom.mixed", "numDeriv", "jsonlite"))',
    ),
  "install r-cran-lme4 r-cran-glmmtmb r-cran-ordinal r-cran-lmertest r-cran-pbkrtest r-cran-car r-cran-emmeans r-cran-performance r-cran-broom.mixed r-cran-jsonlite",
);

/** R with the package whose meta-analyses ours are compared with. */
export const metafor = foreign(
  () => runs("Rscript", "-e", 'find.package(c("metafor", "metadat", "jsonlite"))'),
  "install r-cran-metafor r-cran-metadat r-cran-jsonlite",
);

/** R with the packages whose multilevel meta-analyses and cluster-robust tests ours are compared with. */
export const clubSandwich = foreign(
  () => runs("Rscript", "-e", 'find.package(c("metafor", "metadat", "clubSandwich", "jsonlite"))'),
  "install r-cran-metafor r-cran-metadat r-cran-clubsandwich r-cran-jsonlite",
);

/** A Chromium to draw with. */
export const chromium: Need & { readonly path: string } = {
  path: "/usr/bin/chromium",
  ...foreign(() => existsSync("/usr/bin/chromium"), "install chromium"),
};

/** A registry that packages can be installed from. */
export const npmRegistry = foreign(
  () => runs("npm", "view", "semver", "version"),
  "connect to an npm registry",
);

/** The right to mount a small file system. */
export const mounting = foreign(
  () => process.platform === "linux" && process.getuid?.() === 0 && runs("mount", "--version"),
  "run as root on Linux",
);

/** Other Node versions: EMPATHY_NODES lists their programs, separated by colons. */
export const otherNodes: Need & { readonly programs: readonly string[] } = {
  programs: (process.env.EMPATHY_NODES ?? "").split(":").filter(Boolean),
  ...foreign(() => Boolean(process.env.EMPATHY_NODES), "set EMPATHY_NODES to other Node programs"),
};

/** Declares a test that needs something; it may take as long as it is said to. */
export function itNeeds(
  need: Need,
  title: string,
  test: () => void | Promise<void>,
  timeoutMs = 120_000,
): void {
  if (need.met) it(title, test).timeout(timeoutMs);
  else it.skip(`${title} (pending: ${need.reason})`);
}

/** Whether R and the packages whose fits ours are compared with are here. */
export function hasRPackages(): boolean {
  return runs(
    "Rscript",
    "-e",
    'find.package(c("lme4", "glmmTMB", "ordinal", "numDeriv", "jsonlite"))',
  );
}

function runs(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}
