// From the texts to every table that is made of them: dialogues, published replies, scores, validity. Tables
// of the replies are made only where all published files are here.
import { UserError } from "kit";
import {
  CONVERSATION_RATINGS_FILE,
  formatConversationRatings,
} from "../../src/conversations/conversation-ratings";
import { formatCorpusTable, toCorpusRows } from "../../src/corpus/corpus-table";
import { PEOPLE_FILE } from "../../src/people/people-results";
import { STOCK_FILE } from "../../src/readings/stock-sentences";
import type { Places } from "../../src/sources/locate-source";
import { SEEDS_FILE } from "../../src/study/seeds";
import { buildStockTable } from "../readings/stock-table";
import { buildPublishedTables, missingSources, type StudyTexts } from "../replies/published-stage";
import { buildScoreTables } from "../replies/score-stage";
import { missingActs } from "../sources/acts";
import { buildSeedTable, missingSeeds } from "../sources/build-seeds";
import { computeConversationRatings } from "../sources/compute-conversation-ratings";
import { computePeople, missingRatings } from "../sources/compute-people";
import {
  CONVERSATIONS_SOURCE,
  hasConversations,
  readConversations,
} from "../sources/read-conversations";
import { missingPosts } from "../sources/read-post-replies";
import { buildConversationTables, scoreConversations } from "../sources/score-conversations";
import { buildPostTables } from "../sources/score-posts";
import type { Ledger } from "./ledger";
import { ACTS_FILE, buildActs, buildValidityTables, missingJudges } from "./validity-stage";

/** What these stages are told. */
interface TextsRun {
  readonly ledger: Ledger;
  readonly places: Places;
  readonly signal: AbortSignal | undefined;
  readonly note: (text: string) => void;
  readonly texts: () => Promise<StudyTexts>;
}

/** Rebuilds the table of the test dialogues. */
export async function keepCorpusTable({ ledger, texts }: TextsRun): Promise<string[]> {
  const { test } = await texts();
  return keepAll(ledger, [["data/corpus/test.csv", formatCorpusTable(toCorpusRows(test))]]);
}

/**
 * Rebuilds the tables that describe the published replies.
 *
 * @param insist whether the run was asked to start from the texts: then all must be at hand.
 * @throws UserError if the texts are insisted on and a published file is not on this machine; so do the others.
 */
export async function keepPublishedTables(
  run: TextsRun,
  insist: boolean,
): Promise<string[] | undefined> {
  if (lacksPublished(run, insist)) return undefined;
  return keepAll(run.ledger, buildPublishedTables(await run.texts()));
}

/** Rebuilds the score tables of the human and of every published system. */
export async function keepScores(run: TextsRun, insist: boolean): Promise<string[] | undefined> {
  if (lacksPublished(run, insist)) return undefined;
  const written: string[] = [];
  for await (const { file, text } of buildScoreTables(await run.texts(), run.signal)) {
    written.push(...keepAll(run.ledger, [[file, text]]));
  }
  return written;
}

/** Rebuilds the tables that compare our levels with others'. */
export async function keepValidity(run: TextsRun, insist: boolean): Promise<string[] | undefined> {
  if (lacksPublished(run, insist)) return undefined;
  return keepAll(run.ledger, await buildValidityTables(run.ledger.root, run.places));
}

/** Finds the stock sentences in the replies that were read. */
export async function keepStock(run: TextsRun, insist: boolean): Promise<string[] | undefined> {
  if (lacksPublished(run, insist)) return undefined;
  return keepAll(run.ledger, [[STOCK_FILE, buildStockTable(run.ledger.root, await run.texts())]]);
}

/** Scores the replies of methods that were trained with several seeds. */
export async function keepSeeds(run: TextsRun, insist: boolean): Promise<string[] | undefined> {
  if (isShort(run, insist, missingSeeds(run.places), "the retrained systems' replies"))
    return undefined;
  const { test } = await run.texts();
  return keepAll(run.ledger, [[SEEDS_FILE, await buildSeedTable(test, run.places, run.signal)]]);
}

/** Counts what the classifiers find in people's acts and intents. */
export async function keepActs(run: TextsRun, insist: boolean): Promise<string[] | undefined> {
  if (isShort(run, insist, missingActs(run.places), "people's acts and intents")) return undefined;
  return keepAll(run.ledger, [[ACTS_FILE, await buildActs(run.places)]]);
}

/** Computes what people say of the replies. */
export async function keepPeople(run: TextsRun, insist: boolean): Promise<string[] | undefined> {
  if (isShort(run, insist, missingRatings(run.places), "people's ratings")) return undefined;
  return keepAll(run.ledger, [[PEOPLE_FILE, await computePeople(run.ledger.root, run.places)]]);
}

/** Scores the replies to posts, under several instructions. */
export async function keepInstructions(
  run: TextsRun,
  insist: boolean,
): Promise<string[] | undefined> {
  if (isShort(run, insist, missingPosts(run.places), "the replies to posts")) return undefined;
  return keepAll(run.ledger, await buildPostTables(run.places));
}

/** Scores the replies of conversations, and computes what people say of these. */
export async function keepConversations(
  run: TextsRun,
  insist: boolean,
): Promise<string[] | undefined> {
  if (!hasConversations(run.places)) {
    const remedy = `put '${CONVERSATIONS_SOURCE}' into an EMPATHY_MIRROR folder`;
    if (insist) throw new UserError(`--from texts needs the conversations; ${remedy}`);
    run.note(`left as they are: conversations are not on this machine; ${remedy}`);
    return undefined;
  }
  return keepAll(run.ledger, await buildConversations(run.places));
}

function keepAll(ledger: Ledger, tables: Iterable<readonly [string, string]>): string[] {
  return [...tables].map(([file, text]) => {
    ledger.keep(file, text);
    return file;
  });
}

/** Whether sources of a stage are missing, which is told; or refused where the texts are insisted on. */
function isShort(
  { note }: TextsRun,
  insist: boolean,
  missing: readonly string[],
  needed: string,
  lacking = needed.replace(/^the /, ""),
): boolean {
  if (missing.length === 0) return false;
  const remedy = `\`npx empathy data fetch ${missing.join(" ")}\` downloads them`;
  if (insist) throw new UserError(`--from texts needs ${needed}; ${remedy}`);
  note(`left as they are: ${lacking} are not on this machine; ${remedy}`);
  return true;
}

/** As `isShort`, of the published files that replies and judgements come from. */
function lacksPublished(run: TextsRun, insist: boolean): boolean {
  const missing = [...missingSources(run.places), ...missingJudges(run.places)];
  return isShort(run, insist, missing, "every published file", missing.join(", "));
}

/**
 * Makes everything that is kept of the conversations.
 *
 * @returns the files: path below the root, and text.
 * @throws UserError as `readConversations`.
 */
export async function buildConversations(places: Places): Promise<[string, string][]> {
  const conversations = await readConversations(places);
  const tables = await buildConversationTables(conversations);
  const ratings = computeConversationRatings(conversations, scoreConversations(conversations));
  return [...tables, [CONVERSATION_RATINGS_FILE, formatConversationRatings(ratings)]];
}
