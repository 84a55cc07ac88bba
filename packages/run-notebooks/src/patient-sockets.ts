// Sends a kernel's messages one after another; on the way it completes what is displayed, makes errors of errors, and marks
// what comes late.
import { createHmac } from "node:crypto";
import type { MimeBundle } from "./notebook-file";

type Frames = readonly (string | Buffer)[];

interface ZeroMq {
  Publisher: new (options: object) => { send(frames: Frames): Promise<void> };
  Router: new () => { send(frames: Frames): Promise<void> };
}

/** Completes a bundle, for instance a plotly figure with its static picture. */
export type Complete = (bundle: MimeBundle) => Promise<MimeBundle>;

/** What a message of the type `error` holds. */
export interface ErrorContent {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
  /** Whether nobody knows which cell began what failed: it is published for the one that ran last. */
  readonly isStray?: boolean;
}

const DELIMITER = "<IDS|MSG>";

/** The type of a message that holds what a cell printed after it had ended; no front end knows it. */
export const LATE = "late_output";

interface Published {
  readonly msg_type: string;
  /** That of what is printed by default. */
  readonly content?: object;
}

let published: Published | undefined;

/**
 * Publishes an error of a cell.
 *
 * @param write prints something for that cell: it is sent as the error.
 */
export function publishError(error: ErrorContent, write: () => void): void {
  publish({ msg_type: "error", content: error }, write);
}

/**
 * Publishes what a cell prints after it has ended, which is not an output.
 *
 * @param write prints it for that cell.
 */
export function publishLate(write: () => void): void {
  publish({ msg_type: LATE }, write);
}

function publish(as: Published, write: () => void): void {
  published = as;
  try {
    write();
  } finally {
    published = undefined;
  }
}

/**
 * Replaces zeromq's sockets by patient ones, before tslab takes them.
 *
 * tslab sends without waiting, and zeromq refuses a message while another is under way: a cell that prints
 * more than some hundred lines at once would lose the rest, and never be seen to end. The answer to a cell
 * is held back until all that it displayed has been sent, because clients stop listening soon after it.
 *
 * @param readKey gives the key that messages are signed with; asked when a message is changed.
 * @param complete what is done to each displayed bundle; nothing by default.
 */
export function keepEveryMessage(readKey: () => string, complete?: Complete): void {
  const zeromq = require("zeromq") as ZeroMq;
  let sentLast: Promise<unknown> = Promise.resolve();
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  class PatientPublisher extends zeromq.Publisher {
    constructor() {
      super({ sendHighWaterMark: 0 });
    }

    override send(given: Frames): Promise<void> {
      const frames = published ? toPublished(given, published, readKey) : given;
      const sent = sentLast.then(async () => {
        await super.send(complete ? await completeFrames(frames, complete, readKey) : frames);
      });
      sentLast = sent.catch(() => {}); // What cannot be sent must not hold up the rest.
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
          : Promise.all([last, isCellsReply ? sentLast : undefined]).then(() => super.send(frames));
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
  const content = JSON.parse(String(frames[delimiterOf(frames) + 5])) as { data: MimeBundle };
  const data = await complete(content.data);
  return data === content.data ? frames : sign(frames, { 3: { ...content, data } }, readKey);
}

function toPublished(
  frames: Frames,
  { msg_type, content }: Published,
  readKey: () => string,
): Frames {
  const header = { ...JSON.parse(String(frames[delimiterOf(frames) + 2])), msg_type };
  return sign(frames, content ? { 0: header, 3: content } : { 0: header }, readKey);
}

/** Changes some of a message's four parts. */
function sign(
  frames: Frames,
  changed: Readonly<Record<number, object>>,
  readKey: () => string,
): Frames {
  const start = delimiterOf(frames);
  const parts = frames
    .slice(start + 2, start + 6)
    .map((part, at) => (changed[at] ? JSON.stringify(changed[at]) : part));
  const signature = createHmac("sha256", readKey());
  for (const part of parts) signature.update(part);
  return [...frames.slice(0, start + 1), signature.digest("hex"), ...parts];
}
