import { type Places, useSource } from "../sources/locate-source";
import { findSource, readSources } from "../sources/source";
import { type Format, findFormat, readPublished } from "./formats";
import type { JoinIndex } from "./join-index";
import { joinReplies, type LeftRecord } from "./join-replies";
import { compareReplies, type Reply } from "./reply";
import type { PublishedReplies, System } from "./system";

/** The replies of one system that was joined from its published file. */
export interface JoinedSystem {
  readonly system: System;
  /** Number of records in the file. */
  readonly records: number;
  /** The replies that joined, by dialogue, turn and sample. */
  readonly replies: readonly Reply[];
  /** The records that did not, in the file's order. */
  readonly left: readonly LeftRecord[];
}

type PublishedSystem = System & { readonly replies: PublishedReplies };

/**
 * Reads the published files of systems and joins them to the stimuli; a file that holds several systems
 * is read once.
 *
 * @returns one entry for each system whose file is on this machine, in the order given; the others
 *   (asked, embedded, human, or not downloaded) are passed over.
 * @throws UserError if a file is not the pinned one or breaks its format.
 */
export async function joinPublished(
  systems: readonly System[],
  index: JoinIndex,
  places?: Places,
): Promise<JoinedSystem[]> {
  const published = systems.filter(isPublished);
  const joined = new Map<System, JoinedSystem>();
  const sources = readSources();
  for (const id of sourcesOfReplies(systems)) {
    const path = await useSource(findSource(sources, id), places);
    if (!path) continue;
    const ofFile = published.filter(({ replies }) => replies.source === id);
    for (const entry of await joinFile(path, ofFile, index, places))
      joined.set(entry.system, entry);
  }
  return systems.flatMap((system) => joined.get(system) ?? []);
}

/** Identifiers of the sources that systems' published replies stand in, once each. */
export function sourcesOfReplies(systems: readonly System[]): string[] {
  const published = systems.filter(isPublished);
  return [...new Set(published.map(({ replies }) => replies.source as string))];
}

/** Whether a system's replies stand in a file that everyone can have. */
export function isPublished(system: System): system is PublishedSystem {
  return system.replies.from === "published" && system.replies.source !== undefined;
}

/**
 * Finds the file whose order a format's records are in: KEMP's.
 *
 * @returns undefined if the format needs none, or the file is not on this machine.
 */
export async function findOrder(format: Format, places?: Places): Promise<string | undefined> {
  return format.ordered ? useSource(findSource(readSources(), "kemp"), places) : undefined;
}

async function joinFile(
  path: string,
  systems: readonly PublishedSystem[],
  index: JoinIndex,
  places?: Places,
): Promise<JoinedSystem[]> {
  const format = findFormat((systems[0] as PublishedSystem).replies.format);
  const ids = new Map(systems.map(({ id, replies }) => [replies.column ?? "", id]));
  const replies: Reply[] = [];
  const left: LeftRecord[] = [];
  let records = 0;
  const options = { systemOf: (column: string) => ids.get(column), samples: format.samples };
  const order = await findOrder(format, places);
  for await (const joined of joinReplies(readPublished(path, format, order), index, options)) {
    records++;
    if (joined.replies) replies.push(...joined.replies);
    else left.push(joined);
  }
  left.sort((one, other) => one.line - other.line);
  return systems.map((system) => ({
    system,
    records,
    left,
    replies: replies.filter((reply) => reply.system === system.id).sort(compareReplies),
  }));
}
