// Reads the mirrored replies to posts, with the levels that came with them.
import { type Level, METRICS, type Metric } from "empathy-scorer";
import { UserError } from "kit";
import { readQuotedRecords } from "kit/tables";
import { groupBy } from "../../src/group-by";
import { INSTRUCTIONS, PEERS, toSystem, WRITERS } from "../../src/instructions/post-replies";
import { missingAmong, type Places, requireSource } from "../../src/sources/locate-source";
import { readSources } from "../../src/sources/source";
import { checksumOf, type Reply } from "../../src/systems/reply";

/** One reply to a post; `dialogue` names the post, whose text is `post`. */
export interface PostReply extends Reply {
  readonly system: string;
  readonly post: string;
  /** The levels that came with the reply; null where a cell is empty. */
  readonly reference: ReferenceLevels;
}

/** What other classifiers said of a reply. */
type ReferenceLevels = Readonly<Record<Metric, Level | null>>;

function listSources() {
  return readSources().flatMap(({ id }) => {
    const [prefix] = Object.keys(WRITERS).filter((one) => id.startsWith(`${one}-`));
    return prefix === undefined ? [] : [{ id, writer: WRITERS[prefix] as string }];
  });
}

/** Identifiers of the files of posts that are not on this machine. */
export function missingPosts(places: Places): string[] {
  return missingAmong(
    listSources().map(({ id }) => id),
    places,
  );
}

/**
 * Reads every reply to a post.
 *
 * Posts are numbered in the order of their texts' checksums, a system's replies to one post likewise, so that neither
 * number tells the file or the prompt that a text came from; peers' replies keep the file's order.
 *
 * @throws UserError if a file is not on this machine, is not the pinned one, or a row is broken.
 */
export async function readPostReplies(places: Places): Promise<PostReply[]> {
  const rows: Row[] = [];
  for (const { id, writer } of listSources()) {
    for await (const row of readFile(id, writer, places)) rows.push(row);
  }
  const posts = [...new Set(rows.map(({ post }) => post))].sort(byChecksum);
  const numbers = new Map(posts.map((post, at) => [post, `post:${at + 1}`]));
  const groups = groupBy(rows, ({ system, post }) => `${system} ${numbers.get(post)}`);
  return [...groups.values()].flatMap((own) => {
    if (own[0]?.system !== PEERS) own.sort((one, other) => byChecksum(one.text, other.text));
    return own.map((row, at) => {
      const dialogue = numbers.get(row.post) ?? "";
      return { ...row, dialogue, turn: 2, sample: at + 1 };
    });
  });
}

type Row = Pick<PostReply, "system" | "post" | "text" | "reference">;

function byChecksum(one: string, other: string): number {
  return checksumOf(one) < checksumOf(other) ? -1 : 1;
}

const FEWEST_CELLS = 7;

async function* readFile(id: string, writer: string, places: Places): AsyncGenerator<Row> {
  const path = await requireSource(id, places);
  let isHeader = true;
  for await (const { line, cells } of readQuotedRecords(path, { delimiter: "\t" })) {
    // The header of the models' files has a column more than their rows, so that cells go by their places.
    if (isHeader) {
      isHeader = false;
      continue;
    }
    const [post, text] = cells;
    if (cells.length < FEWEST_CELLS || post === undefined || text === undefined) {
      throw new UserError(
        `${path}:${line}: has ${cells.length} cells, not ${FEWEST_CELLS}; fetch the file again`,
      );
    }
    const style = writer === PEERS ? "none" : INSTRUCTIONS[cells.at(-1) ?? ""];
    if (!style)
      throw new UserError(
        `${path}:${line}: '${cells.at(-1)}' is not a known style of prompt; fetch the file again`,
      );
    yield {
      system: toSystem(writer, style).id,
      post,
      text,
      reference: toLevels(cells, path, line),
    };
  }
}

// The levels stand after post and reply, in the order of the metrics.
function toLevels(cells: readonly string[], path: string, line: number): ReferenceLevels {
  const levels = METRICS.map((metric, at) => {
    const cell = cells[at + 2] ?? "";
    const level = ([0, 1, 2] as const).find((one) => cell === String(one));
    if (cell !== "" && level === undefined) {
      throw new UserError(
        `${path}:${line}: a level is 0, 1 or 2, not '${cell}'; fetch the file again`,
      );
    }
    return [metric, level ?? null] as const;
  });
  return Object.fromEntries(levels) as Record<Metric, Level | null>;
}
