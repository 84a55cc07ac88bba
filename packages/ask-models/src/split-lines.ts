const NEWLINE = 0x0a;

/**
 * Splits a stream of bytes into lines, at line feeds and nowhere else: Node's `readline` also breaks at U+2028, which may
 * stand in a JSON text as it is. Blank lines are left out, and so is a byte order mark.
 *
 * @returns the lines as they are, not decoded.
 */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      yield* filled(bytes.subarray(start, end));
      start = end + 1;
    }
    rest = bytes.subarray(start);
  }
  yield* filled(rest);
}

function filled(line: Buffer): Buffer[] {
  const text = line.toString("utf8").replace(/^\uFEFF/, "");
  return text.trim() === "" ? [] : [line];
}
