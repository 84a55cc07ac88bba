import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import {
  checkAddress,
  connect,
  createRedactor,
  type RequestBody,
  readEnvironment,
  secretsOf,
} from "ask-models";
import { chatSaying } from "test-support/fault-server";
import { temporaryFolder } from "test-support/temporary";
import { chooseMethod } from "../../apps/cli/choose-method";
import type { ScoreFlags } from "../../apps/cli/score-options";

describe("readEnvironment", () => {
  it("reads .env, and lets the environment win over it", () => {
    const path = join(temporaryFolder(), ".env");
    writeFileSync(path, '# keys\nHF_TOKEN="from the file"\nOPENAI_API_KEY=from-the-file\n');
    const env = readEnvironment({ OPENAI_API_KEY: "from-the-environment" }, path);
    assert.equal(env.HF_TOKEN, "from the file");
    assert.equal(env.OPENAI_API_KEY, "from-the-environment");
  });

  it("does without .env", () => {
    const env = { A: "b" };
    assert.deepEqual(readEnvironment(env, join(temporaryFolder(), ".env")), env);
  });
});

describe("createRedactor", () => {
  it("takes every secret out, wherever and however often it stands", () => {
    const redact = createRedactor(["sk-1234567890", undefined, "hf_abcdefgh"]);
    assert.equal(redact("sk-1234567890,hf_abcdefgh;sk-1234567890"), "[secret],[secret];[secret]");
  });

  it("leaves words alone that a placeholder of a key may be", () => {
    assert.equal(createRedactor(["none", ""])("none of it"), "none of it");
  });

  const KEY = 'sk-a+b/c"d~0123456789';
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  for (const [form, said] of [
    ["itself", KEY],
    ["percent-encoded", encodeURIComponent(KEY)],
    ["percent-encoded in small letters", encodeURIComponent(KEY).toLowerCase()],
    ["escaped for JSON", JSON.stringify(KEY)],
    ["escaped for JSON with its slash", JSON.stringify(KEY).replaceAll("/", "\\/")],
    ["broken over lines", KEY.replace("0123", "01\n  23")],
    ["base64", base64(KEY)],
    ["base64 for addresses", Buffer.from(KEY).toString("base64url")],
    ["base64 after one byte more", base64(`:${KEY}`)],
    ["base64 within a name and password", base64(`me:${KEY}:more`)],
  ] as const) {
    it(`takes a key out that is said ${form}`, () => {
      for (const value of [KEY, ` ${KEY}\n`]) {
        const left = createRedactor([value])(`Wrong: ${said}!`);
        assert.match(left, /^Wrong: .*\[secret\].*!$/s);
        assert.ok(left.length < "Wrong: [secret]!".length + 14, left);
      }
    });
  }

  it("takes a key out of which white space is part, and each of its parts", () => {
    const redact = createRedactor(["sk-first456789\nsk-second56789"]);
    assert.equal(redact("sk-first456789 sk-second56789"), "[secret]");
    assert.equal(redact("only sk-second56789"), "only [secret]");
  });
});

describe("secretsOf", () => {
  it("finds secrets by the names of their variables", () => {
    const env = {
      OPENAI_API_KEY: "a",
      HF_TOKEN: "b",
      CLIENT_SECRET: "c",
      PATH: "d",
      KEYBOARD: "e",
    };
    assert.deepEqual(secretsOf(env).sort(), ["a", "b", "c"]);
  });
});

describe("connect", () => {
  const SECRET = "sk-planted-0123456789abcdef";
  const ways = {
    "OpenAI's client": { provider: "openai-compatible", interface: "chat" },
    "Hugging Face's client": { provider: "huggingface", interface: "chat" },
    "a classifier of one's own": { provider: "endpoint", interface: "classification" },
  } as const;

  async function askOnce(
    way: (typeof ways)[keyof typeof ways],
    key: string,
    answer: (header: string) => { status: number; body: unknown },
  ): Promise<string> {
    const server = createServer((request, response) => {
      const { status, body } = answer(request.headers.authorization ?? "");
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { MY_KEY: key };
    try {
      const provider = connect({ provider: way.provider, baseUrl, env, keyVariable: "MY_KEY" });
      const body: RequestBody = {
        provider: way.provider,
        interface: way.interface,
        model: "m",
        prompt: "p",
        shown: "all",
        parameters: {},
        messages: [{ role: "user", content: "x" }],
        text: "x",
      };
      return JSON.stringify(await provider.ask(body, new AbortController().signal));
    } catch (error) {
      return (error as Error).message;
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  for (const [name, way] of Object.entries(ways)) {
    it(`takes a key out before it cuts a long message, through ${name}`, async () => {
      for (const length of [230, 250, 265, 275, 280, 285, 290]) {
        const said = await askOnce(way, SECRET, (header) => ({
          status: 401,
          body: { error: { message: `${"x".repeat(length)} ${header}` } },
        }));
        assert.doesNotMatch(said, /sk-p/, `after ${length} characters`);
        assert.ok(said.length < 400);
      }
    });

    it(`finds a key that has white space around it, through ${name}`, async () => {
      const said = await askOnce(way, `${SECRET} \n`, (header) => ({
        status: 401,
        body: { error: { message: `no such key: ${header}` } },
      }));
      assert.match(said, /\[secret\]/);
      assert.doesNotMatch(said, /sk-p/);
    });
  }

  it("takes a key out of every field of an answer, however deep", async () => {
    const said = await askOnce(ways["OpenAI's client"], SECRET, (header) => ({
      status: 200,
      body: chatSaying("yes", { [header]: -1 }),
    }));
    assert.match(said, /"logprobs":\{"Bearer \[secret\]":-1\}/);
  });

  it("refuses a key with white space or other strange characters in it, without showing it", () => {
    for (const MY_KEY of ["sk-first45 sk-second", "sk-first45\nsk-second", "sk-first\u00e9456"]) {
      const open = () =>
        connect({ provider: "huggingface", env: { MY_KEY }, keyVariable: "MY_KEY" });
      assert.throws(open, (error: Error) => {
        assert.match(error.message, /^MY_KEY holds white space or a character that no key has/);
        assert.doesNotMatch(error.message, /sk-/);
        return error.name === "UserError";
      });
    }
  });

  it("refuses an address that a key of the environment stands in", () => {
    const baseUrl = `http://127.0.0.1:9/${SECRET}/v1`;
    const open = () =>
      connect({ provider: "openai-compatible", baseUrl, env: { HF_TOKEN: SECRET } });
    assert.throws(open, (error: Error) => {
      assert.match(error.message, /the server's address holds a key/);
      assert.doesNotMatch(error.message, /sk-p/);
      return error.name === "UserError";
    });
  });

  it("asks a server of one's own without a key, and a named key where one is named", () => {
    const own = { provider: "openai-compatible" as const, baseUrl: "http://127.0.0.1:9/v1" };
    assert.ok(connect({ ...own, env: {} }));
    assert.throws(() => connect({ ...own, env: {}, keyVariable: "MY_KEY" }), /MY_KEY is not set/);
    assert.throws(() => connect({ provider: "openai", env: {} }), /OPENAI_API_KEY is not set/);
    assert.throws(() => connect({ provider: "openai-compatible", env: {} }), /--base-url/);
  });
});

describe("checkAddress", () => {
  for (const address of [
    "http://user:sk-12345678@127.0.0.1/v1",
    "http://user@127.0.0.1/v1",
    "http://127.0.0.1/v1?api_key=sk-12345678",
    "http://127.0.0.1/v1?a=b&Access-Token=sk-12345678",
    "http://127.0.0.1/v1#key=sk-12345678",
  ]) {
    it(`refuses ${address.replace(/sk-\d+/, "SECRET")}, without showing the secret`, () => {
      assert.throws(
        () => checkAddress("--endpoint", address, "http://x"),
        (error: Error) => {
          assert.match(error.message, /^--endpoint should hold no password and no key/);
          assert.doesNotMatch(error.message, /sk-|user@/);
          return error.name === "UserError";
        },
      );
    });
  }

  it("takes an address with other parameters", () => {
    checkAddress("--endpoint", "https://host.example/v1?api-version=2024-10-21", "http://x");
  });

  it("keeps a classifier's address with a key from becoming its model's name", async () => {
    const flags = { scorer: "endpoint", endpoint: "http://a:b@127.0.0.1/?api_key=c" } as ScoreFlags;
    await assert.rejects(chooseMethod(flags), /--endpoint should hold no password/);
    const hosted = { scorer: "hosted", models: "a,b,c", baseUrl: "http://127.0.0.1/?token=c" };
    await assert.rejects(chooseMethod(hosted as ScoreFlags), /--base-url should hold no password/);
  });
});
