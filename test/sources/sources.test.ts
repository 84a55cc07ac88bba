import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { UserError } from "kit";
import { readRows } from "kit/tables";
import { itNeeds, mirror, mounting } from "test-support/needs";
import { temporaryFolder } from "test-support/temporary";
import { type FetchOptions, fetchSource } from "../../apps/sources/fetch-source";
import { checkFile } from "../../src/sources/check-file";
import { locateSource, useSource } from "../../src/sources/locate-source";
import { findSource, readSources, type Source } from "../../src/sources/source";

const CONTENT = Buffer.from("hello\n");
const SHA256 = createHash("sha256").update(CONTENT).digest("hex");
// `git hash-object` of a file that holds "hello" and a line end.
const GIT_BLOB = "ce013625030ba8dba906f756967f9e9ca394464a";

function source(changes: Partial<Source> = {}): Source {
  return {
    id: "greeting",
    title: "A greeting",
    file: "greetings/hello.txt",
    url: "http://127.0.0.1:1/",
    sha256: SHA256,
    licence: "CC0",
    citation: "none",
    ...changes,
  };
}

describe("data/sources.json", () => {
  const sources = readSources();

  it("names each source once, with an address or an origin, and with a checksum", () => {
    assert.equal(new Set(sources.map(({ id }) => id)).size, sources.length);
    assert.equal(new Set(sources.map(({ file }) => file)).size, sources.length);
    for (const one of sources) {
      assert.match(one.sha256 ?? one.gitBlob ?? "", /^([0-9a-f]{64}|[0-9a-f]{40})$/, one.id);
      if (one.url?.includes("githubusercontent")) assert.match(one.url, /\/[0-9a-f]{40}\//, one.id);
    }
  });

  it("holds the official archive and CAB's output, by their published checksums", () => {
    assert.match(findSource(sources, "ed").sha256 ?? "", /^56f234d7/);
    assert.match(findSource(sources, "cab").gitBlob ?? "", /^29797dd8/);
  });

  it("says of each source what may be done with it", () => {
    for (const { id, use } of sources) assert.ok(use, id);
  });

  it("answers an unknown name with the known ones", () => {
    assert.throws(() => findSource(sources, "edd"), /unknown source 'edd'; .* ed, ed-rebuilt, /);
  });

  it("says which entry lacks what", () => {
    const path = join(temporaryFolder(), "sources.json");
    writeFileSync(path, JSON.stringify([{ ...source(), sha256: undefined }]));
    assert.throws(() => readSources(path), /source 'greeting' needs a 'sha256' or a 'gitBlob'/);
  });

  // The mirror may hold more: files that nothing here reads yet.
  itNeeds(mirror, "agrees with the mirror's list on every file that stands in both", async () => {
    const columns = ["file", "repository", "commit", "path", "bytes", "sha256"];
    const manifest = join(mirror.folder, "manifest.csv");
    const agreed = new Set<string>();
    for await (const { cells } of readRows(manifest, { columns, name: "manifest" })) {
      const { file, repository, commit, path, bytes, sha256 } = cells as Record<string, string>;
      const found = sources.find((one) => one.file === file);
      if (!found) continue;
      agreed.add(found.id);
      assert.equal(found.sha256, sha256, file);
      assert.equal(found.bytes, Number(bytes), file);
      if (found.url) assert.ok(found.url.endsWith(`${repository}/${commit}/${path}`), file);
      assert.ok((await checkFile(join(mirror.folder, found.file), found)).ok, file);
    }
    const kept = sources.filter((one) => existsSync(join(mirror.folder, one.file)));
    assert.deepEqual([...agreed].sort(), kept.map(({ id }) => id).sort());
  });
});

describe("checkFile", () => {
  it("computes a sha256 and a git blob identifier", async () => {
    const path = join(temporaryFolder(), "hello.txt");
    writeFileSync(path, CONTENT);
    assert.equal((await checkFile(path, source())).ok, true);
    const blob = await checkFile(path, source({ sha256: undefined, gitBlob: GIT_BLOB } as object));
    assert.deepEqual([blob.ok, blob.method], [true, "git blob"]);
    writeFileSync(path, "hullo\n");
    assert.equal((await checkFile(path, source())).ok, false);
  });
});

describe("useSource", () => {
  it("takes the mirror before the cache, checks both, and finds nothing where there is nothing", async () => {
    const places = { mirror: temporaryFolder(), cache: temporaryFolder() };
    assert.equal(await useSource(source(), places), undefined);
    put(places.cache, CONTENT);
    assert.equal(locateSource(source(), places)?.place, "cache");
    put(places.mirror, CONTENT);
    assert.equal(await useSource(source(), places), join(places.mirror, source().file));
    put(places.mirror, "changed");
    await assert.rejects(useSource(source(), places), /wrong sha256.*expected 5891b5b5.*found/);
  });

  it("answers a mirror folder that does not exist", async () => {
    const places = { mirror: "/does/not/exist", cache: temporaryFolder() };
    await assert.rejects(useSource(source(), places), /EMPATHY_MIRROR names .* does not exist/);
  });
});

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

describe("fetchSource", () => {
  let server: Server | undefined;
  let requests = 0;

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
  });

  async function fetchFrom(handler: Handler, changes: Partial<FetchOptions> = {}) {
    const { url, cache } = await serve(handler);
    return { cache, path: await fetchSource(source({ url }), { ...options(cache), ...changes }) };
  }

  async function serve(handler: Handler) {
    requests = 0;
    server = createServer((request, response) => handler(request, response, ++requests));
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hello.txt`;
    return { url, cache: temporaryFolder() };
  }

  function options(cache: string): FetchOptions {
    return { cache, backoffMs: 1, retries: 3, idleMs: 200 };
  }

  it("downloads with progress, and leaves the checked file alone in the cache", async () => {
    const seen: [number, number | undefined][] = [];
    const { cache, path } = await fetchFrom(
      (_request, response) => {
        response.setHeader("content-length", CONTENT.length);
        response.end(CONTENT);
      },
      { onProgress: (received, total) => seen.push([received, total]) },
    );
    assert.deepEqual(readFileSync(path), CONTENT);
    assert.deepEqual(seen.at(-1), [6, 6]);
    assert.deepEqual(readdirSync(join(cache, "greetings")), ["hello.txt"]);
  });

  const passing: [string, (response: ServerResponse) => void][] = [
    ["HTTP 503", (response) => response.writeHead(503).end()],
    ["HTTP 408", (response) => response.writeHead(408).end()],
    [
      "HTTP 429 with Retry-After",
      (response) => response.writeHead(429, { "retry-after": "0" }).end(),
    ],
    ["a reset connection", (response) => response.destroy()],
    [
      "a body cut short",
      (response) => {
        response.writeHead(200, { "content-length": 6 });
        response.write("hel", () => response.destroy());
      },
    ],
    [
      "a server that falls silent",
      (response) => {
        response.writeHead(200, { "content-length": 6 });
        response.write("hel");
      },
    ],
  ];
  for (const [name, misbehave] of passing) {
    it(`tries again after ${name}`, async () => {
      const reasons: string[] = [];
      const { path } = await fetchFrom(
        (_request, response, count) => (count === 1 ? misbehave(response) : response.end(CONTENT)),
        { onRetry: (reason) => reasons.push(reason) },
      );
      assert.deepEqual(readFileSync(path), CONTENT);
      assert.equal(reasons.length, 1);
    });

    it(`gives up on ${name} that does not pass, saying what to do, and leaves nothing`, async () => {
      const { url, cache } = await serve((_request, response) => misbehave(response));
      await assert.rejects(
        fetchSource(source({ url }), { ...options(cache), retries: 1 }),
        (error) => {
          assert.ok(error instanceof UserError);
          assert.match(error.message, /failed 2 times, last with: .*EMPATHY_MIRROR/);
          return true;
        },
      );
      assert.equal(requests, 2);
      assert.deepEqual(readdirSync(join(cache, "greetings")), []);
    });
  }

  it("does not repeat a request for an address that is gone", async () => {
    await assert.rejects(
      fetchFrom((_request, response) => response.writeHead(404).end()),
      /answered HTTP 404.*the address in data\/sources.json may be stale/,
    );
    assert.equal(requests, 1);
  });

  it("keeps a file with the wrong checksum aside, and names both sums", async () => {
    const { url, cache } = await serve((_request, response) => response.end("other"));
    await assert.rejects(
      fetchSource(source({ url }), options(cache)),
      /wrong sha256: expected 5891b5b5[0-9a-f]*, found [0-9a-f]{64}; what came was kept as .*rejected/,
    );
    assert.equal(readFileSync(join(cache, "greetings/hello.txt.rejected"), "utf8"), "other");
    assert.equal(existsSync(join(cache, "greetings/hello.txt")), false);
  });

  it("answers an offline machine", async () => {
    const cache = temporaryFolder();
    const offline = source({ url: "http://127.0.0.1:9/hello.txt" });
    await assert.rejects(
      fetchSource(offline, { ...options(cache), retries: 0 }),
      /failed 1 times, last with: .*; check the connection, or set EMPATHY_MIRROR/,
    );
  });

  it("answers a source that has no address", async () => {
    const { url, ...rest } = source({ origin: "it was rebuilt by hand" });
    await assert.rejects(
      fetchSource(rest, options(temporaryFolder())),
      /no address.*rebuilt by hand/,
    );
  });

  it("stops when it is told to", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const fetching = fetchFrom(
      (_request, response) => {
        response.write("h");
        controller.abort(reason);
      },
      { signal: controller.signal },
    );
    await assert.rejects(fetching, reason);
  });

  it("answers a folder that cannot be made", async () => {
    const { url, cache } = await serve((_request, response) => response.end(CONTENT));
    writeFileSync(join(cache, "greetings"), "a file in the way");
    await assert.rejects(
      fetchSource(source({ url }), options(cache)),
      /cannot write .*: a file stands where a folder is needed/,
    );
  });

  itNeeds(
    mounting,
    "answers a full disk with one line, and leaves no part of the file",
    async () => {
      const { url, cache } = await serve((_request, response) =>
        response.end(Buffer.alloc(300_000)),
      );
      const mount = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", cache]);
      assert.equal(mount.status, 0, String(mount.stderr));
      try {
        await assert.rejects(
          fetchSource(source({ url }), options(cache)),
          /source 'greeting': cannot write .*: the disk is full; free some space and fetch again/,
        );
        assert.deepEqual(readdirSync(join(cache, "greetings")), []);
      } finally {
        spawnSync("umount", [cache]);
      }
    },
  );
});

function put(folder: string, content: Buffer | string): void {
  mkdirSync(join(folder, "greetings"), { recursive: true });
  writeFileSync(join(folder, "greetings/hello.txt"), content);
}
