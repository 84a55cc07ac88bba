// From the files on this machine to an index: what `empathy view` shows.
import { UserError } from "kit";
import { defaultPlaces } from "../../src/sources/locate-source";
import { type CollectOptions, collectReplies } from "./collect-replies";
import { gatherRatings, type RatedStudy } from "./people-ratings";
import { buildReplyIndex, type ReplyIndex } from "./reply-index";
import { gatherScores } from "./reply-scores";

/** What is shown, and with which ratings. */
interface OpenViewOptions extends CollectOptions {
  /** A study of one's own, rated by people. */
  readonly rated?: RatedStudy | undefined;
}

/**
 * Reads replies, levels and ratings, and indexes them.
 *
 * @throws UserError if a file is damaged, or there is nothing to show.
 */
export async function openView(options: OpenViewOptions = {}): Promise<ReplyIndex> {
  const { places = defaultPlaces(), note, rated } = options;
  const collection = (await collectReplies(options)).finish();
  if (collection.replies.length === 0) {
    throw new UserError("there is no reply to show; ask a system with `npx empathy ask`");
  }
  const scorers = gatherScores(collection, note ? { note } : {});
  const ratings = await gatherRatings(collection, places, rated);
  return buildReplyIndex(collection, scorers, ratings);
}
