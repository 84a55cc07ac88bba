// A study as one file: all that others need to rerun it from its scores, and no text that is not its author's.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "kit";
import { readCorpusTable } from "../../src/corpus/corpus-table";
import { projectPath } from "../../src/project";
import { listScoredSystems } from "../../src/study/scored-replies";
import {
  PUBLISHED_STUDY,
  readStudy,
  type Study,
  studyFolder,
  systemsOfStudy,
} from "../../src/study/study";
import type { System } from "../../src/systems/system";
import { prepareStudy } from "../pipeline/local-study";
import {
  formatManifest,
  type ListedFile,
  listFile,
  MANIFEST,
  readManifest,
} from "../pipeline/manifest";
import { collectStudy } from "./collect-study";
import { formatCrate, sayOrigin } from "./describe-archive";
import { formatReplies, type ListedReply, listReplies } from "./list-replies";
import { requireCurrent, requireResults, requireScored } from "./require-current";
import { packFiles } from "./tar-file";
import { REGISTRIES, usedEntries } from "./used-entries";

/** An archive that is ready to be written. */
export interface ExportedStudy {
  readonly bytes: Buffer;
  readonly files: readonly ListedFile[];
  /** Tables of the package that the archive names by their checksums and does not repeat. */
  readonly named: readonly ListedFile[];
  readonly systems: readonly System[];
  /** The systems whose texts go along. */
  readonly withTexts: readonly System[];
  /** The study's own systems whose texts were asked for and are not their author's to hand on. */
  readonly withoutTexts: readonly System[];
}

/**
 * Packs a study that was run on this machine.
 *
 * @param withTexts whether the texts of replies go along that were asked for on this machine.
 * @throws UserError if the study was not run, or something has changed since.
 */
export async function exportStudy(name: string, withTexts = false): Promise<ExportedStudy> {
  if (name === PUBLISHED_STUDY.name) {
    throw new UserError("the published study is this package; hand on the clone, or its commit");
  }
  const study = readStudy(studyFolder(name));
  requireResults(study);
  const { own } = await prepareStudy(projectPath(), name);
  requireCurrent(study);
  const systems = heldSystems(study);
  const { files: collected, copied, read } = collectStudy(study, systems);
  const files = new Map(collected);
  const add = (path: string, text: string) => files.set(path, Buffer.from(text));
  const told = readManifest(study.root)
    ? new Map<System, readonly ListedReply[]>()
    : await listOwn(
        study,
        systems.filter(({ id }) => own.includes(id)),
      );
  const handedOn = withTexts
    ? [...told].filter(([system, replies]) => isAuthors(system, replies))
    : [];
  const texts = new Set(handedOn.map(([system]) => system));
  for (const [system, replies] of told) {
    add(`data/replies/${system.id}.csv`, formatReplies(replies, texts.has(system)));
  }
  for (const [path, text] of entriesOf(study, systems)) add(path, text);
  files.set("CITATION.cff", readFileSync(projectPath("CITATION.cff")));
  add("ro-crate-metadata.json", formatCrate(study, listAll(files)));
  const listed = listAll(files);
  add(MANIFEST, formatManifest({ ...sayOrigin(), study: name, files: listed, copied, read }));
  return {
    bytes: await packFiles(files),
    files: listed,
    named: [...copied, ...read],
    systems,
    withTexts: [...texts],
    withoutTexts: withTexts ? [...told.keys()].filter((system) => !texts.has(system)) : [],
  };
}

// Groups may name systems that nobody scored; the study is of those that it has scores of.
function heldSystems(study: Study): System[] {
  const held = study.scorers.flatMap((scorer) => listScoredSystems(study, scorer));
  const ids = new Set(held.map(({ id }) => id));
  return systemsOfStudy(study).filter(({ id }) => ids.has(id));
}

async function listOwn(
  study: Study,
  systems: readonly System[],
): Promise<Map<System, readonly ListedReply[]>> {
  const corpus = ["test", "answered"].flatMap((part) =>
    readCorpusTable(join(study.root, "data", "corpus", `${part}.csv`)),
  );
  const dialogues = new Set(corpus.map(({ dialogue }) => dialogue));
  const told = new Map<System, readonly ListedReply[]>();
  for (const system of systems) {
    const replies = await listReplies(projectPath(), system.id, dialogues);
    requireScored(study, system.id, replies);
    told.set(system, replies);
  }
  return told;
}

// What a model was asked for is its author's to hand on. What is imported stands in somebody's file, and what the baseline finds
// in EmpatheticDialogues is the corpus's; the sample corpus was written for this package.
function isAuthors({ replies }: System, listed: readonly ListedReply[]): boolean {
  if (replies.from === "asked") return true;
  return (
    replies.from === "embedded" &&
    listed.every(({ answered }) => /^bm25@\d+\/sample-/.test(answered))
  );
}

// An opened study's entries are handed on as they came.
function entriesOf(study: Study, systems: readonly System[]): Map<string, string> {
  if (!readManifest(study.root)) return usedEntries(study, systems);
  const files = REGISTRIES.map(({ name }) => `${name}.json`).filter((file) =>
    existsSync(join(study.root, file)),
  );
  return new Map(files.map((file) => [file, readFileSync(join(study.root, file), "utf8")]));
}

function listAll(files: ReadonlyMap<string, Buffer>): ListedFile[] {
  return [...files].map(([path, content]) => listFile(path, content)).sort(byPath);
}

function byPath(left: ListedFile, right: ListedFile): number {
  return left.path < right.path ? -1 : 1;
}
