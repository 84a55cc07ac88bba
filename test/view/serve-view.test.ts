import assert from "node:assert/strict";
import { request } from "node:http";
import { UserError } from "kit";
import { serveView, type ViewServer } from "../../apps/view/serve-view";
import { createViewApi } from "../../apps/view/view-api";
import { wordMarker } from "../../apps/view/word-effects";
import { makeIndex } from "./made-replies";

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

describe("serveView", () => {
  let server: ViewServer;

  before(async () => {
    server = await serveView(
      createViewApi(makeIndex(), {
        notes: ["one thing is missing"],
        markWords: wordMarker(makeIndex()),
      }),
    );
  });

  after(() => server.close());

  const token = () => new URL(server.address).searchParams.get("token");

  function get(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Got> {
    const { port } = new URL(server.address);
    const own = { authorization: `token ${token()}`, ...headers };
    const options = { host: "127.0.0.1", port, path, method, headers: own, agent: false };
    return new Promise((resolve, reject) => {
      const asked = request(options, (response) => {
        let text = "";
        response.on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      });
      asked.on("error", reject);
      asked.end();
    });
  }

  async function ask(path: string) {
    const { status, text } = await get(path);
    assert.equal(status, 200, text);
    return JSON.parse(text);
  }

  it("listens on the loopback address, under a token that nobody guesses", async () => {
    assert.match(server.address, /^http:\/\/127\.0\.0\.1:\d+\/\?token=[0-9a-f]{48}$/);
    const other = await serveView(createViewApi(makeIndex()));
    assert.notEqual(new URL(other.address).search, new URL(server.address).search);
    await other.close();
  });

  it("gives no text to those who do not know the token", async () => {
    const wrong = `token ${token()?.replace(/.$/, (last) => (last === "0" ? "1" : "0"))}`;
    for (const authorization of ["", "token", "token null", wrong, `${token()}`]) {
      for (const name of ["about", "rows", "stimulus?dialogue=made:0&turn=2", "everything"]) {
        const { status, text } = await get(`/api/${name}`, { authorization });
        assert.equal(status, 403);
        assert.match(JSON.parse(text).error, /the whole address only that the terminal printed/);
      }
    }
  });

  it("gives the page with a policy that lets nothing in from elsewhere", async () => {
    const { status, headers, text } = await get("/");
    assert.equal(status, 200);
    assert.match(text, /<title>Replies<\/title>/);
    assert.doesNotMatch(text, /https?:\/\/|<style|style=|onclick/);
    const policy = String(headers["content-security-policy"]);
    for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'"]) {
      assert.ok(policy.includes(rule), rule);
    }
    assert.doesNotMatch(policy, /unsafe|http|\*/);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["cache-control"], "no-store");
  });

  it("gives every file that the page loads, and that those load", async () => {
    const { text } = await get("/");
    const wanted = [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(
      ([, path]) => path as string,
    );
    const seen = new Set<string>();
    for (let path = wanted.pop(); path; path = wanted.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      const file = await get(path);
      assert.equal(file.status, 200, path);
      assert.match(String(file.headers["content-type"]), /^text\/(css|javascript)/);
      for (const [, name] of file.text.matchAll(/from "\.(\/[^"]+)"/g)) wanted.push(name as string);
    }
    assert.equal(seen.size, 11);
  });

  const REFUSED: Readonly<Record<string, readonly [Record<string, string>, string?]>> = {
    "another name for this machine": [{ host: "evil.example" }],
    "another port": [{ host: "127.0.0.1:1" }],
    "another site's script": [{ origin: "https://evil.example" }],
    "an origin that hides itself": [{ origin: "null" }],
    "what another site embeds": [{ "sec-fetch-site": "cross-site" }, "/api/about"],
    "another page of this machine": [{ "sec-fetch-site": "same-site" }, "/api/about"],
  };
  for (const [what, [headers, path = "/"]] of Object.entries(REFUSED)) {
    it(`refuses ${what}`, async () => {
      const { status, text } = await get(path, headers);
      assert.equal(status, 403);
      assert.equal(typeof JSON.parse(text).error, "string");
    });
  }

  it("opens where a link of another site leads here", async () => {
    const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };
    assert.equal((await get("/", link)).status, 200);
    assert.equal((await get("/api/about", link)).status, 403);
  });

  it("answers GET and HEAD only", async () => {
    assert.equal((await get("/", {}, "POST")).status, 405);
    const head = await get("/api/about", {}, "HEAD");
    assert.deepEqual([head.status, head.text], [200, ""]);
  });

  const MALFORMED: Readonly<Record<string, readonly [path: string, status: number]>> = {
    "a file that is not the page's": ["/../package.json", 404],
    "a file by a coded path": ["/%2e%2e/package.json", 404],
    "an unknown question": ["/api/everything", 404],
    "a stimulus that is not there": ["/api/stimulus?dialogue=none&turn=2", 404],
    "a reply that is not there": ["/api/words?dialogue=made:0&turn=2&system=none", 404],
    "an unknown filter": ["/api/rows?colour=red", 400],
    "an unknown value": ["/api/rows?sort=best", 400],
    "a window that is none": ["/api/rows?from=-1", 400],
    "a number that is none": ["/api/rows?count=1e9", 400],
    "half a code": ["/api/rows?q=%E0%A4", 200],
    "what is no path": ["//[", 400],
  };
  for (const [what, [path, expected]] of Object.entries(MALFORMED)) {
    it(`answers ${what} with ${expected} and JSON in one line`, async () => {
      const { status, text } = await get(path);
      assert.equal(status, expected, text);
      assert.doesNotMatch(text, /\n/);
      if (expected !== 200) assert.equal(typeof JSON.parse(text).error, "string");
    });
  }

  it("says what there is to choose from", async () => {
    const about = await ask("/api/about");
    assert.deepEqual([about.replies, about.stimuli, about.rated], [6, 3, 1]);
    assert.deepEqual(about.scorers, ["first", "second"]);
    assert.deepEqual(about.systems[0].count, 3);
    assert.deepEqual(about.emotions, ["afraid", "joyful", "sad"]);
    assert.deepEqual(about.notes, ["one thing is missing"]);
  });

  it("gives a window of rows, with what they are sorted by", async () => {
    const found = await ask("/api/rows?by=replies&sort=length&from=1&count=2");
    assert.deepEqual([found.total, found.from, found.rows.length], [6, 1, 2]);
    const [row] = found.rows;
    assert.deepEqual([row.system, row.dialogue, row.value], ["owl", "made:2", 7]);
    assert.deepEqual(row.levels, [1, 2, 0]);
  });

  it("gives a stimulus with every reply, its levels, surprise, distance and ratings", async () => {
    const found = await ask("/api/stimulus?dialogue=made:0&turn=2&er=0");
    assert.deepEqual(found.context, ["My dog died last week."]);
    assert.deepEqual(
      found.replies.map(({ system, isMatching }: Record<string, unknown>) => [system, isMatching]),
      [
        ["owl", false],
        ["parrot", true],
        ["crow", true],
      ],
    );
    const [owl, , crow] = found.replies;
    assert.deepEqual(owl.scores[0].levels[0], { level: 2, probabilities: [0.1, 0.1, 0.8] });
    assert.deepEqual(crow.apart, [2, 0, 0]);
    assert.equal(owl.surprise.length, 3);
    assert.deepEqual(owl.ratings, [{ by: "Ana", said: "good", value: 1 }]);
    const alone = await ask("/api/stimulus?dialogue=made:2&turn=2");
    assert.deepEqual(alone.replies[0].apart, [null, null, null]);
    assert.equal(alone.replies[0].scores[1].missing, "made without a level");
  });

  it("says where a stimulus, or a reply, stands in the list", async () => {
    const place = "dialogue=made:1&turn=2&system=parrot&sample=1";
    assert.deepEqual(await ask(`/api/position?${place}`), { at: 1 });
    assert.deepEqual(await ask(`/api/position?${place}&by=replies`), { at: 4 });
    assert.deepEqual(await ask(`/api/position?${place}&emotions=sad`), { at: -1 });
  });

  it("says what a reply's words do, by the scorer that ships with the package", async () => {
    const found = await ask("/api/words?dialogue=made:0&turn=2&system=crow");
    assert.equal(found.scorer, "embedded-readings");
    assert.equal(found.words.length, 2);
  });

  it("compares two systems", async () => {
    const found = await ask("/api/rows?a=owl&b=parrot&sort=difference");
    assert.equal(found.total, 2);
    assert.equal(found.rows[0].other.system, "parrot");
    assert.equal(found.rows[0].differences.length, 3);
  });

  it("says in one line that a port is taken", async () => {
    const { port } = new URL(server.address);
    await assert.rejects(
      serveView(createViewApi(makeIndex()), Number(port)),
      (error) => error instanceof UserError && /name another with --port$/.test(error.message),
    );
  });
});
