import {
  type AskOptions,
  type AskReport,
  askAll,
  checkAnswers,
  Journal,
  type JournalOptions,
  type ReplyRequest,
  slotOf,
} from "ask-models";
import { findUnscorable, type ScoreRequest } from "empathy-scorer";
import { projectPath } from "../../src/project";
import type { RemoteMethod } from "./remote-method";

/** The journal of a remote scorer, where the user names no other. */
export function scoreJournalOf(scorer: string): string {
  return projectPath("data", "replies", "scores", `${scorer}.jsonl`);
}

/** Lists what is sent for replies, each request once; replies that nobody can score are passed over. */
export async function* listScoreRequests(
  method: RemoteMethod,
  replies: AsyncIterable<ScoreRequest> | Iterable<ScoreRequest>,
): AsyncGenerator<ReplyRequest> {
  const listed = new Set<string>();
  for await (const reply of replies) {
    if (findUnscorable(reply.reply, method.language)) continue;
    for (const request of method.toRequests(reply)) {
      const slot = slotOf(request);
      if (listed.has(slot)) continue;
      listed.add(slot);
      yield request;
    }
  }
}

/**
 * Has replies scored elsewhere: asks what the journal lacks, and records every answer, as for replies.
 *
 * @throws UserError if no request would be answered, where one after the other fails, or where the disk
 *   is full. What was answered until then is recorded.
 */
export async function askForScores(
  method: RemoteMethod,
  replies: AsyncIterable<ScoreRequest> | Iterable<ScoreRequest>,
  journalPath: string,
  env: NodeJS.ProcessEnv,
  options: AskOptions & JournalOptions = {},
): Promise<AskReport> {
  const provider = checkAnswers(method.open(env), method.check);
  const journal = await Journal.open(journalPath, options);
  try {
    return await askAll(listScoreRequests(method, replies), provider, journal, options);
  } finally {
    await journal.close();
  }
}
