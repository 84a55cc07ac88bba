import type { Outcome } from "./ask-with-retries";
import { costOf, type Price } from "./price";
import { AttemptFailed } from "./provider";
import type { ReplyRecord } from "./reply-record";
import type { ReplyRequest } from "./request";

/**
 * Makes the record of how a request ended.
 *
 * @param now milliseconds since 1970.
 * @param price US dollars per million tokens; without it a record names no cost.
 */
export function toReplyRecord(
  request: ReplyRequest,
  { result, attempts }: Pick<Outcome, "result" | "attempts">,
  now: number,
  price?: Pick<Price, "input" | "output">,
): ReplyRecord {
  const { dialogue, turn, system, sample, key, body } = request;
  const place = { dialogue, turn, system, sample, key };
  const end = { attempts, time: new Date(now).toISOString(), request: body };
  if (result instanceof AttemptFailed) {
    const { said } = result.details;
    const kept = said === undefined ? {} : { said };
    return { ...place, status: "failed", ...kept, reason: result.reason, ...end };
  }
  const { status, text, thinking, said, reason, model, finish, usage, logprobs } = result;
  return {
    ...place,
    status,
    ...(status === "ok" ? { reply: text } : text === undefined ? {} : { partial: text }),
    ...(thinking === undefined ? {} : { thinking }),
    ...(said === undefined ? {} : { said }),
    ...(reason === undefined ? {} : { reason }),
    ...(model === undefined ? {} : { model }),
    ...(finish === undefined ? {} : { finish }),
    ...(usage === undefined ? {} : { usage }),
    ...(logprobs === undefined ? {} : { logprobs }),
    ...(price && usage ? { costUsd: costOf(price, usage) } : {}),
    ...end,
  };
}
