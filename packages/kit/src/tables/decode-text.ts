import { UserError } from "../user-error";

const NEWLINE = 0x0a;

/**
 * Decodes UTF-8, chunk by chunk, without a byte order mark; bytes that are not UTF-8 would come back as other
 * characters, so they end the reading.
 *
 * @param name of the file, for the message.
 * @throws UserError naming the line of the first such byte.
 */
export async function* decodeText(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let lines = 0;
  let before = new Uint8Array(0);
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch {
      const line = lines + lineOfDamage(join(startOfCharacter(before), chunk ?? before));
      throw new UserError(
        `${name}:${line}: is not UTF-8 text; convert the file, or fetch it again`,
      );
    }
  };
  for await (const chunk of chunks) {
    yield decode(chunk);
    lines += countLines(chunk);
    before = join(before, chunk.subarray(-3)).subarray(-3);
  }
  yield decode();
}

function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}

/** What may be the beginning of a character that goes on in the next chunk. */
function startOfCharacter(end: Uint8Array): Uint8Array {
  const start = end.findLastIndex((byte) => byte >= 0xc0);
  const isOpen = start >= 0 && end.subarray(start).every((byte) => byte >= 0x80);
  return isOpen ? end.subarray(start) : new Uint8Array(0);
}

/** The number, from 1, of the first line that is not UTF-8; where all whole lines are, of the last. */
function lineOfDamage(bytes: Uint8Array): number {
  let [line, start] = [1, 0];
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
    if (!isUtf8(bytes.subarray(start, end))) return line;
    line++;
    start = end + 1;
  }
  return line;
}

function join(start: Uint8Array, end: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(start.length + end.length);
  whole.set(start);
  whole.set(end, start.length);
  return whole;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
