// What the texts give before any scoring: which dialogues there are, which systems answer them, and what
// the replies are like. Kept as tables without text.

import { formatCorpusTable, toCorpusRows } from "../../src/corpus/corpus-table";
import type { Dialogue } from "../../src/corpus/dialogue";
import { readAllDialogues } from "../../src/corpus/read-dialogues";
import {
  defaultPlaces,
  missingAmong,
  type Places,
  requireSource,
} from "../../src/sources/locate-source";
import { formatCoverage, formatOverlap } from "../../src/systems/coverage";
import { JoinIndex } from "../../src/systems/join-index";
import {
  type JoinedSystem,
  joinPublished,
  sourcesOfReplies,
} from "../../src/systems/published-replies";
import { formatStyles } from "../../src/systems/reply-style";
import { readSystems } from "../../src/systems/system";
import { humanReplies } from "./human-replies";
import { measureCoverage, measureOverlap } from "./measure-coverage";
import { measureStyle } from "./measure-style";

/** The study's texts: its dialogues, and the replies that were published to them. */
export interface StudyTexts {
  /** The test part of EmpatheticDialogues. */
  readonly test: readonly Dialogue[];
  /** The dialogues outside it that a published system answered. */
  readonly answered: readonly Dialogue[];
  readonly joined: readonly JoinedSystem[];
}

/** Identifiers of the sources that the registry's systems come from and that are not on this machine. */
export function missingSources(places: Places = defaultPlaces()): string[] {
  return missingAmong(sourcesOfReplies(readSystems()), places);
}

/**
 * Reads the corpus and every published file that is on this machine, and joins them.
 *
 * @param archive identifier of the corpus archive's source.
 * @throws UserError if a file is not the pinned one or breaks its format.
 */
export async function readStudyTexts(archive: string, places?: Places): Promise<StudyTexts> {
  const dialogues = await readAllDialogues(await requireSource(archive, places));
  const joined = await joinPublished(readSystems(), new JoinIndex(dialogues), places);
  const answered = new Set(
    joined.flatMap(({ replies }) => replies.map(({ dialogue }) => dialogue)),
  );
  return {
    test: dialogues.filter(({ split }) => split === "test"),
    answered: dialogues.filter(({ id, split }) => split !== "test" && answered.has(id)),
    joined,
  };
}

/** Builds the tables that describe the published replies, by path below the root. */
export function buildPublishedTables({ test, answered, joined }: StudyTexts): Map<string, string> {
  const human = { system: { id: "human" }, replies: humanReplies(test) };
  const styles = [human, ...joined].map(({ system, replies }) => ({
    system: system.id,
    ...measureStyle(replies),
  }));
  return new Map([
    ["data/corpus/answered.csv", formatCorpusTable(toCorpusRows(answered))],
    ["data/published/coverage.csv", formatCoverage(measureCoverage(joined))],
    [
      "data/published/overlap.csv",
      formatOverlap(measureOverlap(joined, new Set(test.map(({ id }) => id)))),
    ],
    ["data/published/style.csv", formatStyles(styles)],
  ]);
}
