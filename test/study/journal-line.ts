import { formatRecord } from "ask-models";

/** A line of a journal: a reply, or what `over` says of one. */
export const journalLine = (over: object) =>
  formatRecord({
    dialogue: "hit:0_conv:0",
    turn: 2,
    system: "falcon-7b",
    sample: 1,
    key: "0".repeat(64),
    status: "ok",
    reply: "Oh no!",
    attempts: 1,
    time: "2026-03-01T10:00:00.000Z",
    model: "falcon-0301",
    request: { model: "falcon" },
    ...over,
  } as never);
