import assert from "node:assert/strict";
import { join } from "node:path";
import { type AskOptions, readJournal } from "ask-models";
import { isMissing, type ReplyScores, type ScoreRequest } from "empathy-scorer";
import { type Behaviour, chatSaying, FaultServer } from "test-support/fault-server";
import { temporaryFolder } from "test-support/temporary";
import { askForScores, listScoreRequests } from "../../apps/scoring/ask-for-scores";
import { endpointMethod, hostedMethod } from "../../apps/scoring/classifier-method";
import { JournalScorer } from "../../apps/scoring/journal-scorer";
import { JUDGE_SCHEMA, judgeMethod } from "../../apps/scoring/judge";
import { READING_PROMPT, readJudgePrompt } from "../../apps/scoring/judge-prompt";
import { readJudgement } from "../../apps/scoring/read-judgement";
import type { RemoteMethod } from "../../apps/scoring/remote-method";
import { readScorers, SCORER_IDS } from "../../apps/scoring/scorer-registry";
import { tunedMethod } from "../../apps/scoring/tuned-method";
import { findTarget } from "../../src/asking/find-target";
import { skippingClock } from "../asking/ask-support";

const HAND_WRITTEN: ScoreRequest[] = [
  { context: ["My bike was stolen."], reply: "Oh no, I am sorry for you." },
  { context: ["I passed my exam!"], reply: "Which exam was it?" },
];
const MODELS = { er: "tuned-er", ip: "tuned-ip", ex: "tuned-ex" };
const prompt = readJudgePrompt();

async function judgeAt(server: FaultServer, samples = 1, sendSchema = true): Promise<RemoteMethod> {
  const target = await findTarget({ as: "own", baseUrl: server.url, model: "tiny" });
  return judgeMethod(target, prompt, { samples, sendSchema });
}

/** Asks a server on loopback, and scores the hand-written replies from the journal that this leaves. */
async function scoreAt(
  behaviour: Behaviour,
  choose: (server: FaultServer) => RemoteMethod | Promise<RemoteMethod>,
  {
    journal = join(temporaryFolder(), "scores.jsonl"),
    ...options
  }: AskOptions & { journal?: string } = {},
) {
  const server = await FaultServer.start(behaviour);
  try {
    const method = await choose(server);
    const report = await askForScores(
      method,
      HAND_WRITTEN,
      journal,
      {},
      {
        clock: skippingClock(),
        ...options,
      },
    );
    const scorer = await JournalScorer.read(method, journal);
    const outcomes = [];
    for (const request of HAND_WRITTEN) outcomes.push(await scorer.score(request));
    return { server, method, journal, report, outcomes, records: await readJournal(journal) };
  } finally {
    await server.stop();
  }
}

interface ReadingBody {
  readonly messages: readonly { readonly content: string }[];
  readonly response_format: { readonly json_schema: { readonly name: string } };
}

describe("a language model as judge", () => {
  const ANSWER = '{"er": 2, "ip": 0, "ex": 1}';

  it("is told the definitions and the reply, and held to the schema where that is sent", async () => {
    const { server, outcomes } = await scoreAt({ body: () => chatSaying(ANSWER) }, judgeAt);
    const [first] = outcomes as ReplyScores[];
    assert.deepEqual(first?.er, { level: 2, probabilities: [0, 0, 1] });
    assert.deepEqual([first?.ip.level, first?.ex.level], [0, 1]);
    const [seen] = server.seen as unknown as [{ body: unknown }];
    const { messages, response_format: form } = seen.body as {
      messages: { content: string }[];
      response_format: unknown;
    };
    assert.match(
      messages[0]?.content ?? "",
      /Emotional reaction: .*Interpretation: .*Exploration: /s,
    );
    assert.match(
      messages[1]?.content ?? "",
      /^Speaker: .*\n\nThe listener's reply, to be rated:\n/,
    );
    assert.deepEqual(form, {
      type: "json_schema",
      json_schema: { ...JUDGE_SCHEMA, strict: true },
    });
  });

  it("takes JSON in a fenced block from a server that knows no schema", async () => {
    const { server, outcomes } = await scoreAt(
      { body: () => chatSaying(`\`\`\`json\n${ANSWER}\n\`\`\``) },
      (at) => judgeAt(at, 1, false),
    );
    assert.equal("response_format" in (server.seen[0]?.body ?? {}), false);
    assert.ok(!isMissing(outcomes[0] as ReplyScores));
  });

  for (const said of [
    `<think>Warm, so {"er": 1, "ip": 0, "ex": 0}? No.</think>\n${ANSWER}`,
    `Here it is:\n\`\`\`json\n${ANSWER}\n\`\`\`\nI hope that helps {really}.`,
    `${ANSWER}</s>`,
    `${ANSWER}\nTo repeat: ${ANSWER}`,
    '{"er": "2", "ip": "0", "ex": "1"}',
    '{"ER": 2, "IP": 0, "EX": 1, "reason": "warm {very}"}',
    '{"levels": {"er": 2, "ip": 0, "ex": 1}}',
    '{"er": 2, "er": 2, "ip": 0, "ex": 1, "was": {"er": 1}}',
    `<|channel|>final <|constrain|>json<|message|>{"er": 2, "ip": 0, "ex": 1}<|return|>`,
  ]) {
    it(`takes the one judgement out of '${said.slice(0, 40).replaceAll("\n", " ")}'`, async () => {
      const { outcomes, server } = await scoreAt({ body: () => chatSaying(said) }, judgeAt);
      const [first] = outcomes as ReplyScores[];
      assert.deepEqual([first?.er.level, first?.ip.level, first?.ex.level], [2, 0, 1]);
      assert.equal(server.seen.length, 2);
    });
  }

  for (const [said, reason] of [
    [`${ANSWER} or rather {"er": 1, "ip": 0, "ex": 1}`, /two judgements that differ/],
    ['{"er": 1, "ip": 0, "ex": 0, "er": 2}', /two judgements that differ/],
    ['{"er": 3, "ip": 0, "ex": 1}', /not the three levels/],
    ['{"er": 2, "ER": 1, "ip": 0, "ex": 1}', /not the three levels/],
    ["Quite empathic!", /not the three levels/],
  ] as const) {
    it(`refuses '${said}', and keeps what was said in the record`, async () => {
      const { outcomes, records } = await scoreAt({ body: () => chatSaying(said) }, judgeAt);
      const [first] = outcomes;
      assert.ok(first && isMissing(first));
      assert.match(first.missing, reason);
      assert.deepEqual([records[0]?.status, records[0]?.said], ["failed", said]);
    });
  }

  it("is asked whether a reply fits where the instruction says so, and held to that", async () => {
    const reading = readJudgePrompt(READING_PROMPT);
    const chosen = async (server: FaultServer) => {
      const target = await findTarget({ as: "own", baseUrl: server.url, model: "tiny" });
      return judgeMethod(target, reading, { sendSchema: true });
    };
    const said = '{"er": 2, "ip": 0, "ex": 1, "Fit": "0"}';
    const { server, method, outcomes } = await scoreAt({ body: () => chatSaying(said) }, chosen);
    assert.deepEqual([method.id, (outcomes[0] as ReplyScores).er.level], ["judge-own-reading", 2]);
    const { messages, response_format: form } = (
      server.seen as unknown as [{ body: ReadingBody }]
    )[0].body;
    assert.match(messages[0]?.content ?? "", /\n\nfit: Fit: whether the reply makes sense/);
    assert.equal(form.json_schema.name, "empathy_reading");
    assert.deepEqual(readJudgement(said, true), { er: 2, ip: 0, ex: 1, fits: false });
    for (const other of [
      ANSWER,
      '{"er": 2, "ip": 0, "ex": 1, "fit": 2}',
      `${said} ${said.replace('"0"', "1")}`,
    ])
      assert.ok(isMissing(readJudgement(other, true)), other);
  });

  it("tells a judge without a system role what to do in the first turn", async () => {
    const chosen = async (server: FaultServer) => {
      const target = await findTarget({ as: "own", baseUrl: server.url, model: "tiny" });
      return judgeMethod(target, { ...prompt, instructionIn: "user" }, { sendSchema: false });
    };
    const { server } = await scoreAt({ body: () => chatSaying(ANSWER) }, chosen);
    const [seen] = server.seen as unknown as [
      { body: { messages: { role: string; content: string }[] } },
    ];
    const { messages } = seen.body;
    assert.deepEqual(
      messages.map(({ role }) => role),
      ["user"],
    );
    assert.match(
      messages[0]?.content ?? "",
      /Emotional reaction: .*\n\nSpeaker: My bike was stolen/s,
    );
  });

  it("gives the shares of repeated judgements as probabilities", async () => {
    let turn = 0;
    const { outcomes, report } = await scoreAt(
      { body: () => chatSaying(`{"er": ${turn++ % 4 === 0 ? 2 : 1}, "ip": 0, "ex": 0}`) },
      (server) => judgeAt(server, 4),
      { concurrency: 1 },
    );
    assert.equal(report.statuses.ok, 8);
    for (const outcome of outcomes as ReplyScores[]) {
      assert.deepEqual(outcome.er, { level: 1, probabilities: [0, 0.75, 0.25] });
    }
  });

  it("is asked again after an answer outside the schema, and is missing with the reason after three", async () => {
    const answers = ["quite empathic", '{"er": 3, "ip": 0, "ex": 0}', '{"er": 1, "ip": 0}'];
    const { outcomes, records, report, server } = await scoreAt(
      {
        body: ({ asked }, before) =>
          chatSaying(
            asked.includes("bike") ? (answers[before] as string) : before < 2 ? "hm" : ANSWER,
          ),
      },
      judgeAt,
    );
    const reason = "the answer is not the three levels asked for";
    assert.deepEqual(outcomes[0], { missing: reason });
    assert.ok(!isMissing(outcomes[1] as ReplyScores));
    assert.deepEqual([report.statuses.ok, report.statuses.failed, report.attempts], [1, 1, 6]);
    assert.deepEqual(records.find(({ status }) => status === "failed")?.reason, reason);
    assert.equal(server.count, 6);
  });

  it("is never paid for twice", async () => {
    const behaviour = { body: () => chatSaying(ANSWER) };
    const first = await scoreAt(behaviour, judgeAt);
    const { server, report } = await scoreAt(behaviour, judgeAt, { journal: first.journal });
    assert.deepEqual([first.server.count, server.count, report.attempts], [2, 0, 0]);
    const requests = [];
    const twice = [...HAND_WRITTEN, ...HAND_WRITTEN, { context: [], reply: " " }];
    for await (const one of listScoreRequests(first.method, twice)) requests.push(one);
    assert.equal(requests.length, 2);
  });

  it("stops before a sum of money is exceeded, and goes on in the next run", async () => {
    const options = {
      price: { input: 1e6, output: 1e6 },
      countTokens: () => 40,
      maxCostUsd: 300,
      concurrency: 1,
    };
    const behaviour = { body: () => chatSaying(ANSWER) };
    const { report, outcomes, journal } = await scoreAt(behaviour, judgeAt, options);
    assert.deepEqual([report.stopped, report.statuses.ok], ["max-cost", 1]);
    assert.deepEqual(outcomes[1], { missing: "not asked yet" });
    const again = await scoreAt(behaviour, judgeAt, { ...options, journal });
    assert.equal(again.server.count, 1);
    assert.ok(!isMissing(again.outcomes[1] as ReplyScores));
  });
});

describe("three fine-tuned models", () => {
  const tuned = ({ url }: FaultServer) => tunedMethod(prompt, { models: MODELS, baseUrl: url });
  const HALF = Math.log(0.5);

  it("give the level tokens' shares as probabilities", async () => {
    const { outcomes, server } = await scoreAt(
      {
        body: () =>
          chatSaying("1", { "1": HALF, " 1": Math.log(0.25), "2": Math.log(0.25), so: -9 }),
      },
      tuned,
    );
    const [{ er }] = outcomes as [ReplyScores];
    assert.equal(er.level, 1);
    // The two spellings of 1 are 0.75 of the levels' probability.
    for (const [level, share] of [0, 0.75, 0.25].entries()) {
      assert.ok(Math.abs((er.probabilities[level as 0] as number) - share) < 1e-12);
    }
    const { model, logprobs, top_logprobs: top } = server.seen[0]?.body ?? {};
    assert.deepEqual([model, logprobs, top], ["tuned-er", true, 5]);
    assert.equal(server.count, 6);
  });

  it("record the reason where an answer comes without log-probabilities", async () => {
    const { outcomes } = await scoreAt(
      {
        body: ({ body }) => chatSaying("1", body.model === "tuned-ip" ? undefined : { "1": -0.1 }),
      },
      tuned,
    );
    assert.deepEqual(outcomes[0], { missing: "ip: the answer came without log-probabilities" });
  });

  it("record the reason where no level is among the tokens", async () => {
    const { outcomes } = await scoreAt({ body: () => chatSaying("I", { I: -0.1, We: -2 }) }, tuned);
    assert.deepEqual(outcomes[0], {
      missing: "er: no level is among the tokens with a log-probability",
    });
  });
});

describe("classifiers elsewhere", () => {
  const LABELS = [
    { label: "LABEL_0", score: 0.25 },
    { label: "LABEL_2", score: 0.75 },
  ];

  it("on Hugging Face are given context and reply, one model a metric", async () => {
    const { outcomes, server } = await scoreAt({ body: () => LABELS }, ({ origin }) =>
      hostedMethod({ models: MODELS, baseUrl: origin }),
    );
    assert.deepEqual((outcomes[0] as ReplyScores).ex, { level: 2, probabilities: [0.25, 0, 0.75] });
    assert.equal(server.seen[0]?.asked, "My bike was stolen. </s></s> Oh no, I am sorry for you.");
    assert.equal(server.count, 6);
  });

  it("behind an address of one's own answer for all metrics at once, without a key", async () => {
    const { outcomes, server } = await scoreAt(
      { body: () => ({ er: LABELS, ip: LABELS, ex: [{ label: "1", score: 1 }] }) },
      ({ origin }) => endpointMethod(`${origin}/score`),
    );
    assert.equal((outcomes[1] as ReplyScores).ex.level, 1);
    assert.deepEqual(server.seen[0]?.body, { ...HAND_WRITTEN[0] });
    assert.equal(server.seen[0]?.path, "/score");
    assert.equal(server.seen[0]?.headers.authorization, undefined);
  });

  it("record what is wrong with labels that are no levels", async () => {
    const { outcomes, report } = await scoreAt(
      { body: () => ({ er: [{ label: "warm", score: 1 }], ip: LABELS, ex: LABELS }) },
      ({ origin }) => endpointMethod(`${origin}/score`),
    );
    assert.deepEqual(outcomes[0], { missing: "er: unknown label 'warm'; expected 0, 1 or 2" });
    assert.equal(report.attempts, 6);
  });

  it("end the run with one line where the key is wrong", async () => {
    await assert.rejects(
      scoreAt({ fault: () => "401" }, ({ origin }) => endpointMethod(`${origin}/score`)),
      /score: HTTP 401: /,
    );
  });
});

describe("the registry of scorers", () => {
  it("knows every scorer of the command, and what GPT-3 was followed by", () => {
    const scorers = readScorers();
    assert.deepEqual(
      scorers.map(({ id }) => id),
      [...SCORER_IDS],
    );
    const openai = scorers.find(({ id }) => id === "openai");
    assert.match(openai?.retired ?? "", /GPT-3\. .*2024-01-04/);
    assert.ok(openai?.tunable?.length);
  });
});
