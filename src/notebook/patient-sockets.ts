// Sends a kernel's messages one after another, and completes what it displays on the way.
import { createHmac } from "node:crypto";
import type { MimeBundle } from "./notebook-file";

type Frames = readonly (string | Buffer)[];

interface ZeroMq {
  Publisher: new (options: object) => { send(frames: Frames): Promise<void> };
  Router: new () => { send(frames: Frames): Promise<void> };
}

/** Completes a bundle, for instance a plotly figure with its static picture. */
export type Complete = (bundle: MimeBundle) => Promise<MimeBundle>;

const DELIMITER = "<IDS|MSG>";

/**
 * Replaces zeromq's sockets by patient ones, before tslab takes them.
 *
 * tslab sends without waiting, and zeromq refuses a message while another is under way: a cell that prints
 * more than some hundred lines at once would lose the rest, and never be seen to end. The answer to a cell
 * is held back until all that it displayed has been sent, because clients stop listening soon after it.
 *
 * @param complete what is done to each displayed bundle; nothing by default.
 * @param readKey gives the key that messages are signed with; asked when the first bundle is completed.
 */
export function keepEveryMessage(complete?: Complete, readKey?: () => string): void {
  const zeromq = require("zeromq") as ZeroMq;
  let published: Promise<unknown> = Promise.resolve();
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  class PatientPublisher extends zeromq.Publisher {
    constructor() {
      super({ sendHighWaterMark: 0 });
    }

    override send(frames: Frames): Promise<void> {
      const sent = published.then(async () => {
        await super.send(
          complete && readKey ? await completeFrames(frames, complete, readKey) : frames,
        );
      });
      published = sent.catch(() => {}); // What cannot be sent must not hold up the rest.
      return sent;
    }
  }
  class PatientRouter extends zeromq.Router {
    override send(frames: Frames): Promise<void> {
      const isCellsReply = typeOf(frames) === "execute_reply";
      // At once where nothing is in the way: the kernel closes right after it says that it will.
      const sent =
        waiting === 0 && !isCellsReply
          ? super.send(frames)
          : Promise.all([last, isCellsReply ? published : undefined]).then(() =>
              super.send(frames),
            );
      waiting++;
      last = sent.catch(() => {}).then(() => waiting--);
      return sent;
    }
  }
  Object.defineProperty(zeromq, "Publisher", { value: PatientPublisher, enumerable: true });
  Object.defineProperty(zeromq, "Router", { value: PatientRouter, enumerable: true });
}

function delimiterOf(frames: Frames): number {
  return frames.findIndex((frame) => frame.toString() === DELIMITER);
}

function typeOf(frames: Frames): string | undefined {
  const header = frames[delimiterOf(frames) + 2];
  return header === undefined ? undefined : JSON.parse(String(header)).msg_type;
}

// Frames: routing, delimiter, signature, then four JSON parts, of which the last is the content.
async function completeFrames(
  frames: Frames,
  complete: Complete,
  readKey: () => string,
): Promise<Frames> {
  if (!/^(display_data|update_display_data)$/.test(typeOf(frames) ?? "")) return frames;
  const start = delimiterOf(frames);
  const content = JSON.parse(String(frames[start + 5])) as { data: MimeBundle };
  const data = await complete(content.data);
  if (data === content.data) return frames;
  const parts = [...frames.slice(start + 2, start + 5), JSON.stringify({ ...content, data })];
  const signature = createHmac("sha256", readKey());
  for (const part of parts) signature.update(part);
  return [...frames.slice(0, start + 1), signature.digest("hex"), ...parts];
}
