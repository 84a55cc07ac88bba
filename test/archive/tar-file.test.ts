import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { type Header, pack } from "tar-stream";
import { temporaryFolder } from "test-support/temporary";
import { packFiles, readFiles } from "../../apps/archive/tar-file";

const STUDY = new Map([
  ["study.json", Buffer.from("{}")],
  ["data/scores/embedded-readings/human.csv", Buffer.from("a,b\n1,2\n")],
  ["figures/06-claims.svg", Buffer.from("<svg/>")],
]);

async function tarOf(
  ...entries: readonly (Partial<Header> & { readonly name: string; readonly content?: string })[]
) {
  const packed = pack();
  for (const { content = "", ...header } of entries) packed.entry(header, content);
  packed.finalize();
  return gzipSync(await buffer(packed as unknown as Readable));
}

function keep(content: Buffer): string {
  const path = join(temporaryFolder(), "study.tar.gz");
  writeFileSync(path, content);
  return path;
}

describe("packFiles", () => {
  it("gives the same bytes for the same files, in whatever order", async () => {
    const turned = new Map([...STUDY].reverse());
    assert.deepEqual(await packFiles(STUDY), await packFiles(turned));
    assert.deepEqual(
      new Map([...(await readFiles(keep(await packFiles(turned))))].sort()),
      new Map([...STUDY].sort()),
    );
  });
});

describe("readFiles", () => {
  it("takes an archive that was unpacked and packed again", async () => {
    const path = keep(
      await tarOf({ name: "./", type: "directory" }, { name: "./study.json", content: "{}" }),
    );
    assert.deepEqual([...(await readFiles(path)).keys()], ["study.json"]);
  });

  const hostile: readonly (readonly [string, () => Promise<Buffer>, RegExp])[] = [
    [
      "a path that leads out",
      () => tarOf({ name: "../study.json" }),
      /'\.\.\/study\.json' is no place/,
    ],
    [
      "one that leads out further in",
      () => tarOf({ name: "data/scores/../../../x.csv" }),
      /is no place of a study's file/,
    ],
    [
      "an absolute path",
      () => tarOf({ name: "/etc/study.json" }),
      /'\/etc\/study\.json' is no place/,
    ],
    ["a path of Windows", () => tarOf({ name: "figures/..\\x.svg" }), /is no place/],
    ["a hidden file", () => tarOf({ name: "data/scores/.npmrc" }), /is no place/],
    ["a source", () => tarOf({ name: "src/index.ts" }), /'src\/index\.ts' is no place/],
    [
      "a link",
      () => tarOf({ name: "study.json", type: "symlink", linkname: "/etc/passwd" }),
      /'study\.json' is a symlink, and a study has plain files only/,
    ],
    [
      "a hard link",
      () => tarOf({ name: "study.json", type: "link", linkname: "x" }),
      /is a link, and/,
    ],
    [
      "a device",
      () => tarOf({ name: "study.json", type: "character-device" }),
      /is a character-device/,
    ],
    [
      "two files of one name",
      () => tarOf({ name: "figures/a.svg" }, { name: "figures/A.svg" }),
      /holds 'figures\/A\.svg' twice/,
    ],
    ["no archive", async () => Buffer.from("study"), /cannot be read as a gzipped tar archive/],
    [
      "half an archive",
      async () => (await packFiles(STUDY)).subarray(0, 150),
      /cannot be read as a gzipped tar archive \(.*; copy it again/,
    ],
  ];
  for (const [what, content, message] of hostile) {
    it(`refuses ${what} with one line`, async () => {
      const path = keep(await content());
      await assert.rejects(readFiles(path), (error: Error) => {
        assert.equal(error.name, "UserError");
        assert.match(error.message, message);
        assert.ok(error.message.startsWith(`${path}: `) && !error.message.includes("\n"));
        return true;
      });
    });
  }

  it("stops reading where it holds more than any study does, however small it is packed", async () => {
    const path = keep(await tarOf({ name: "study.json", content: " ".repeat(1 << 21) }));
    await assert.rejects(readFiles(path, 1 << 20), /holds more than 1 MB unpacked/);
  });

  it("names a file that is not there", async () => {
    await assert.rejects(
      readFiles("none.tar.gz"),
      /^UserError: none\.tar\.gz: cannot be read \(ENOENT\)/,
    );
  });
});
