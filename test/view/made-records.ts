// Records of a journal, and files of them, made for tests.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ReplyRecord } from "ask-models";
import { temporaryFolder } from "test-support/temporary";

/** Makes the record of a reply to the first turn of a dialogue. */
export function recordOf(dialogue: string, reply: string, told = "Be kind."): ReplyRecord {
  return {
    dialogue,
    turn: 2,
    system: "run",
    sample: 1,
    key: "a".repeat(64),
    status: "ok",
    reply,
    attempts: 1,
    time: "2026-01-01T00:00:00.000Z",
    request: {
      provider: "openai-compatible",
      model: "toy",
      interface: "chat",
      prompt: "kind@1",
      shown: "all",
      parameters: {},
      messages: [
        { role: "system", content: told },
        { role: "user", content: "I lost my keys." },
      ],
    },
  };
}

/** Writes a file into a folder of its own. @returns its path. */
export function writeTemporary(name: string, text: string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  return path;
}
