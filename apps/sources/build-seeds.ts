// Measures the replies of published systems that were trained again with other seeds: the table that `readSeedShares` reads.
import { isMissing, loadScorer, METRICS, type Metric, type Scorer } from "empathy-scorer";
import { HEADS } from "empathy-scorer/training";
import type { Dialogue } from "../../src/corpus/dialogue";
import { countEach } from "../../src/group-by";
import { missingAmong, type Places, requireSource } from "../../src/sources/locate-source";
import { SEED_METHODS, SEEDS_TABLE, type SeedShares } from "../../src/study/seeds";
import { findFormat, readPublished } from "../../src/systems/formats";
import { JoinIndex } from "../../src/systems/join-index";
import { joinReplies } from "../../src/systems/join-replies";
import { measureOrder } from "../../src/systems/order-evidence";
import { findOrder } from "../../src/systems/published-replies";
import { compareReplies, type Reply } from "../../src/systems/reply";
import { requestFor } from "../replies/score-stage";

const SEEDS = [0, 42, 1024, 1234] as const;

const BY_TWOS: readonly string[] = ["gee-mime"];

const FIRST_TURN = 2;

const MOST_FREQUENT = 5;

/** Identifiers of the sources that the table needs and that are not on this machine. */
export function missingSeeds(places: Places): string[] {
  return missingAmong(
    trainings().map(({ source }) => source),
    places,
  );
}

function trainings() {
  return SEED_METHODS.flatMap((method) =>
    SEEDS.map((seed) => ({ method, seed, source: `seeds-${method}-${seed}` })),
  );
}

/**
 * Describes and scores every training's replies; takes a minute or two.
 *
 * @param test the test part of EmpatheticDialogues.
 * @throws UserError if a file is not the pinned one or breaks its format.
 */
export async function buildSeedTable(
  test: readonly Dialogue[],
  places: Places,
  signal?: AbortSignal,
): Promise<string> {
  const dialogues = new Map(test.map((dialogue) => [dialogue.id, dialogue]));
  const index = new JoinIndex(test);
  const rows: SeedShares[] = [];
  const scorers = HEADS.map((head) => loadScorer(head));
  for (const { method, seed, source } of trainings()) {
    const format = BY_TWOS.includes(method) ? "kemp-lines-by-twos" : "kemp-lines";
    const replies = await readReplies(source, format, index, places);
    const start = { method, seed, ...describe(replies), ...measureOrder(replies, dialogues) };
    for (const scorer of scorers) {
      for (const [turns, part] of splitByTurn(replies)) {
        const shares = await measureShares(scorer, part, dialogues, signal);
        rows.push({ ...start, scorer: scorer.id, turns, ...shares });
      }
    }
  }
  return SEEDS_TABLE.format(rows);
}

async function readReplies(
  source: string,
  name: string,
  index: JoinIndex,
  places: Places,
): Promise<Reply[]> {
  const path = await requireSource(source, places);
  const format = findFormat(name);
  const records = readPublished(path, format, await findOrder(format, places));
  const replies: Reply[] = [];
  const options = { systemOf: () => source, samples: false };
  for await (const joined of joinReplies(records, index, options)) {
    replies.push(...(joined.replies ?? []));
  }
  return replies.sort(compareReplies);
}

function describe(replies: readonly Reply[]) {
  const counts = countEach(replies.map(({ text }) => text));
  const frequent = [...counts.values()].sort((one, other) => other - one).slice(0, MOST_FREQUENT);
  const topFive = frequent.reduce((sum, count) => sum + count, 0) / replies.length;
  return { replies: replies.length, distinct: counts.size, topFive };
}

function splitByTurn(replies: readonly Reply[]) {
  return [
    ["first", replies.filter(({ turn }) => turn === FIRST_TURN)],
    ["later", replies.filter(({ turn }) => turn > FIRST_TURN)],
  ] as const;
}

async function measureShares(
  scorer: Scorer,
  replies: readonly Reply[],
  dialogues: ReadonlyMap<string, Dialogue>,
  signal?: AbortSignal,
): Promise<Record<Metric, number>> {
  const shown = { er: 0, ip: 0, ex: 0 };
  let scored = 0;
  for (const reply of replies) {
    signal?.throwIfAborted();
    const dialogue = dialogues.get(reply.dialogue) as Dialogue;
    const scores = await scorer.score(requestFor(reply, dialogue, "all"), signal);
    if (isMissing(scores)) continue;
    scored++;
    for (const metric of METRICS) if (scores[metric].level > 0) shown[metric]++;
  }
  for (const metric of METRICS) shown[metric] /= scored;
  return shown;
}
