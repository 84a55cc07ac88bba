// What goes with a study for those who cite it and for machines that read it.
import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { projectPath } from "../../src/project";
import type { Study } from "../../src/study/study";
import {
  type ListedFile,
  listFile,
  MANIFEST_FORMAT,
  type StudyManifest,
} from "../pipeline/manifest";
import { formCrate, formFile, LICENCES, type Licence, PAPER } from "./ro-crate";

/** What a manifest says beside its lists of files: the version that ran the study, and where. */
export type Origin = Pick<StudyManifest, "format" | "package" | "environment">;

/** Says what this clone is. */
export function sayOrigin(): Origin {
  const { version } = JSON.parse(readFileSync(projectPath("package.json"), "utf8"));
  const commit = readCommit();
  const lock = readFileSync(projectPath("package-lock.json"));
  return {
    format: MANIFEST_FORMAT,
    package: { name: "empathy-notebooks", version, ...(commit ? { commit } : {}) },
    environment: { node: process.versions.node, lockfile: listFile("", lock).sha256 },
  };
}

// A clone that was copied without its history has none.
function readCommit(): string | undefined {
  try {
    const words = ["describe", "--always", "--dirty", "--exclude=*", "--abbrev=40"];
    return execFileSync("git", words, {
      cwd: projectPath(),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return undefined;
  }
}

const FORMATS: Readonly<Record<string, string>> = {
  ".cff": "application/yaml",
  ".csv": "text/csv",
  ".html": "text/html",
  ".ipynb": "application/x-ipynb+json",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain",
};

const DESCRIPTIONS: readonly (readonly [RegExp, string])[] = [
  [/^data\/replies\//, "Which replies a system gave: identifiers, models, times and checksums"],
  [/^data\/results\//, "Results computed from the scores"],
  [/^data\/scores\//, "Levels of empathy that a scorer gave to a system's replies"],
  [/^data\/readings\//, "Levels of empathy that a reader gave to replies"],
  [/^data\//, "A table that the results rest on"],
  [/^figures\//, "A figure, or what lists them"],
  [/^notebooks\//, "A notebook with its outputs"],
  [/^report\.html$/, "The results as one page"],
  [/^study\.json$/, "What the study is of"],
  [/^CITATION\.cff$/, "How to cite the package"],
];

/** Writes an archive's RO-Crate; its date is that of the results. */
export function formatCrate(study: Study, files: readonly ListedFile[]): string {
  const licence: Licence = study.corpus === "sample" ? "MIT" : "CC-BY-NC-4.0";
  const { mtime } = statSync(join(study.root, "data", "results", "claims.csv"));
  const root = {
    name: study.title ?? `The study ${study.name}`,
    description: `A study made with empathy-notebooks, which reproduces and extends ${PAPER}: systems, scores, results, notebooks and figures.`,
    license: { "@id": LICENCES[licence] },
    datePublished: mtime.toISOString().slice(0, 10),
    citation: { "@id": PAPER },
  };
  const parts = files.map((file) =>
    formFile({ ...file, description: describe(file.path), format: formatOf(file.path), licence }),
  );
  return `${JSON.stringify(formCrate(root, [], parts), null, 2)}\n`;
}

function describe(path: string): string {
  const found = DESCRIPTIONS.find(([pattern]) => pattern.test(path));
  return found?.[1] ?? "Entries of the study's own systems, and what they were asked with";
}

function formatOf(path: string): string {
  return FORMATS[extname(path)] ?? "application/octet-stream";
}
