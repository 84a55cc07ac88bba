// In place of ask.mjs where the view is kept: what the server would answer is computed here.
import { createKeptApi } from "../kept-api.js";

const answer = createKeptApi(globalThis.keptView);

/** Answers a question. @throws Error where there is no answer. */
export async function ask(name, params) {
  const found = await answer(name, new URLSearchParams(params));
  if (found === undefined) throw new Error("there is no such reply, or no such question");
  return JSON.parse(JSON.stringify(found));
}

/** Says in words why a question was not answered. */
export function describeFault({ message }) {
  return message;
}
