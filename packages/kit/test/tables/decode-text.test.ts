import assert from "node:assert/strict";
import { decodeText } from "kit/tables";

async function decode(bytes: Buffer, size: number): Promise<string> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  let text = "";
  for await (const part of decodeText(chunks(), "f")) text += part;
  return text;
}

describe("decodeText", () => {
  const TEXT = "line one\nzwei: schön ☂\n三：🙂🙂\n";

  it("gives the text back however it is cut, without a byte order mark", async () => {
    for (let size = 1; size < 9; size++) {
      assert.equal(await decode(Buffer.from(`\ufeff${TEXT}`), size), TEXT);
    }
  });

  for (const [what, end, line] of [
    ["a byte of another encoding", Buffer.from("x\ncaf\xe9\nmore\n", "latin1"), 5],
    ["a character that is cut off by a line end", Buffer.from([0x61, 0xe2, 0x98, 0x0a, 0x62]), 4],
    ["a character that is cut off by the end", Buffer.from([0x61, 0x0a, 0xe2, 0x98]), 5],
    ["a continuation without a beginning", Buffer.from([0x61, 0x0a, 0x62, 0x82]), 5],
    ["a surrogate", Buffer.from([0xed, 0xa0, 0x80, 0x0a]), 4],
  ] as const) {
    it(`names the line of ${what}, however it is cut`, async () => {
      const bytes = Buffer.concat([Buffer.from(TEXT), end]);
      for (const size of [1, 2, 3, 4, 5, 7, 1000]) {
        await assert.rejects(decode(bytes, size), (error: Error) => {
          assert.match(
            error.message,
            new RegExp(`^f:${line}: is not UTF-8 text`),
            `cut at ${size}`,
          );
          return error.name === "UserError";
        });
      }
    });
  }
});
