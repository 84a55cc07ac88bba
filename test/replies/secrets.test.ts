import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "../../src/replies/connect";
import { createRedactor, readEnvironment, secretsOf } from "../../src/replies/secrets";
import { temporaryFolder } from "../support/temporary";

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
  it("asks a server of one's own without a key, and a named key where one is named", () => {
    const own = { provider: "openai-compatible" as const, baseUrl: "http://127.0.0.1:9/v1" };
    assert.ok(connect({ ...own, env: {} }));
    assert.throws(() => connect({ ...own, env: {}, keyVariable: "MY_KEY" }), /MY_KEY is not set/);
    assert.throws(() => connect({ provider: "openai", env: {} }), /OPENAI_API_KEY is not set/);
    assert.throws(() => connect({ provider: "openai-compatible", env: {} }), /--base-url/);
  });
});
