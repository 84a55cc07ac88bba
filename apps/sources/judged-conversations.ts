// The 50 conversations of EPITOME that experts, a crowd and language models rated (Kumar et al. 2025).
import { type Levels, METRICS } from "empathy-scorer";
import { pairKey } from "empathy-scorer/training";
import { UserError } from "kit";
import { type Places, requireSource } from "../../src/sources/locate-source";
import { parseLevel, readPinned } from "./epitome";

/** The sources of the rated conversations: their texts, and their ratings. */
const JUDGED_TEXTS = "judging-empathy-epitome";
export const JUDGED_RATINGS = "judging-empathy";

/** A rated conversation: a post and its response. */
export interface JudgedConversation {
  /** Identifier of the seeker's post, by which all raters' files name the conversation. */
  readonly conversation: string;
  /** Identifier of the response. */
  readonly response: string;
  /** What identifies the pair among EPITOME's rows. */
  readonly pair: string;
}

/** One rater's levels of a conversation; a metric that the rater left out is null. */
interface JudgedLevels {
  readonly conversation: string;
  readonly rater: string;
  readonly levels: Readonly<Record<keyof Levels, Levels["er"] | null>>;
}

const TEXT_COLUMNS = ["sp_id", "rp_id", "seeker_post", "response_post"] as const;
const LEVEL_COLUMNS = ["level_emotional_reactions", "level_interpretations", "level_explorations"];

/**
 * Reads the rated conversations, by identifier.
 *
 * @throws UserError if the file is not on this machine or breaks its format, naming file and row.
 */
export async function readJudgedConversations(places?: Places): Promise<JudgedConversation[]> {
  const path = await requireSource(JUDGED_TEXTS, places);
  const found: JudgedConversation[] = [];
  let columns: number[] = [];
  await readPinned(path, ",", ({ cells: row }, isHeader) => {
    if (isHeader) columns = TEXT_COLUMNS.map((name) => findColumn(path, row, name));
    else {
      const [conversation, response, seeker, reply] = columns.map((at) => row[at]!);
      found.push({
        conversation: conversation!,
        response: response!,
        pair: pairKey(seeker!, reply!),
      });
    }
  });
  return found.sort((one, other) => (one.conversation < other.conversation ? -1 : 1));
}

/**
 * Reads what each rater gave the conversations, in the file's order.
 *
 * The file holds four rating schemes side by side, under repeated column names; EPITOME's is the last.
 *
 * @throws UserError if the file is not on this machine or breaks its format, naming file and row.
 */
export async function readJudgedLevels(places?: Places): Promise<JudgedLevels[]> {
  const path = await requireSource(JUDGED_RATINGS, places);
  const found: JudgedLevels[] = [];
  let first = 0;
  let levels: number[] = [];
  let rater = 0;
  await readPinned(path, ",", ({ cells: row, line }, isHeader) => {
    if (isHeader) {
      first = findColumn(path, row, "epitome_conversation_id");
      levels = LEVEL_COLUMNS.map((name) => findColumn(path, row, name));
      rater = row.indexOf("annotation_method", first);
    } else if (row[first] !== "") {
      const given = levels.map((at) => readLevel(row[at]!, `${path}:${line}`));
      found.push({
        conversation: row[first]!,
        rater: row[rater]!,
        levels: Object.fromEntries(METRICS.map((metric, at) => [metric, given[at]])) as never,
      });
    }
  });
  return found;
}

function readLevel(cell: string, place: string): Levels["er"] | null {
  return cell === "" ? null : parseLevel(cell.replace(/\.0$/, ""), place);
}

function findColumn(path: string, header: readonly string[], name: string): number {
  const at = header.indexOf(name);
  if (at >= 0) return at;
  throw new UserError(`${path}: lacks the column ${name}; fetch the file again`);
}
