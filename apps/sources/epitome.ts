import type { Level, Metric } from "empathy-scorer";
import { UserError } from "kit";
import { type QuotedRecord, readQuotedRecords } from "kit/tables";
import { defaultPlaces, type Places, requireSource } from "../../src/sources/locate-source";

/** A rated pair of EPITOME's Reddit part. */
interface EpitomePair {
  readonly seekerPost: string;
  readonly responsePost: string;
  readonly level: Level;
  /** The parts of the response that raters marked as the reason; none at level 0. */
  readonly rationales: readonly string[];
}

const HEADER = "sp_id,rp_id,seeker_post,response_post,level,rationales";

/**
 * Reads EPITOME's ratings of one mechanism (Sharma et al. 2020), in the file's order.
 *
 * @throws UserError if the file is not on this machine, or where a row breaks its format, naming file and row.
 */
export async function readEpitome(
  metric: Metric,
  places: Places = defaultPlaces(),
): Promise<EpitomePair[]> {
  return readEpitomeFile(await requireSource(`epitome-${metric}`, places));
}

/** Reads one EPITOME file; otherwise as `readEpitome`. */
export async function readEpitomeFile(path: string): Promise<EpitomePair[]> {
  const pairs: EpitomePair[] = [];
  await readPinned(path, ",", ({ cells, line }, isHeader) => {
    if (!isHeader) pairs.push(toPair(cells, `${path}:${line}`));
    else if (cells.join(",") !== HEADER) {
      throw new UserError(`${path}:1: the header should be ${HEADER}; is it an EPITOME file?`);
    }
  });
  return pairs;
}

/** Reads a pinned file of quoted columns; where it is broken, it is to be fetched again. */
export async function readPinned(
  path: string,
  delimiter: string,
  take: (record: QuotedRecord, isHeader: boolean) => void,
): Promise<void> {
  let records = 0;
  for await (const record of readQuotedRecords(path, {
    delimiter,
    remedy: "fetch the file again",
  })) {
    take(record, records === 0);
    records++;
  }
  if (records < 2) throw new UserError(`${path}: holds no rows; fetch the file again`);
}

/** Reads a level from a cell. */
export function parseLevel(cell: string | undefined, place: string): Level {
  if (cell === "0" || cell === "1" || cell === "2") return Number(cell) as Level;
  throw new UserError(`${place}: level '${cell}' is not 0, 1 or 2; fetch the file again`);
}

function toPair(row: readonly string[], place: string): EpitomePair {
  if (row.length !== 6) {
    throw new UserError(`${place}: has ${row.length} cells, not 6; fetch the file again`);
  }
  const [, , seekerPost, responsePost, level, rationales] = row as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (responsePost.trim() === "")
    throw new UserError(`${place}: the response is empty; fetch the file again`);
  return {
    seekerPost,
    responsePost,
    level: parseLevel(level, place),
    rationales: rationales.split("|").filter((one) => one.trim() !== ""),
  };
}
