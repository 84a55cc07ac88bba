// Measures which texts are refused for their language: EmpatheticDialogues' utterances, all of them English as far as is
// known, and sentences in other languages written for this package. Then what the check costs beside scoring.
import { findUnscorable, loadScorer } from "empathy-scorer";
import {
  LATER_SENTENCES,
  LATIN_SENTENCES,
  OTHER_SCRIPTS,
} from "empathy-scorer/test/foreign-sentences";
import { hasConversations, readConversations } from "../apps/sources/read-conversations";
import { readDialogues } from "../src/corpus/read-dialogues";
import { findCorpusArchive } from "../src/sources/corpus-archive";
import { defaultPlaces, requireSource } from "../src/sources/locate-source";

const LENGTHS = [
  ["1 to 3 words", 3],
  ["4 to 7", 7],
  ["8 to 15", 15],
  ["more", Number.POSITIVE_INFINITY],
] as const;

const wordsIn = (text: string) => text.match(/\p{L}[\p{L}\p{M}'\u2019]*/gu)?.length ?? 0;
const isRefused = (text: string) => /not in/.test(findUnscorable(text) ?? "");

function report(name: string, texts: readonly string[]): void {
  console.log(`\n${name}`);
  let from = 1;
  for (const [length, to] of LENGTHS) {
    const own = texts.filter((text) => wordsIn(text) >= from && wordsIn(text) <= to);
    const refused = own.filter(isRefused).length;
    const share = own.length === 0 ? "" : `${((100 * refused) / own.length).toFixed(3)} %`;
    console.log(
      `  ${length.padEnd(14)} refused ${String(refused).padStart(4)} of ${own.length}  ${share}`,
    );
    from = to + 1;
  }
}

async function readUtterances(archive: string) {
  const [listeners, speakers]: [string[], string[]] = [[], []];
  for await (const { utterances } of readDialogues(archive, {})) {
    for (const [at, { text }] of utterances.entries()) (at % 2 ? listeners : speakers).push(text);
  }
  return { listeners, speakers };
}

function microsecondsEach(texts: readonly string[], work: (text: string) => unknown): number {
  for (const text of texts) work(text);
  const before = process.cpuUsage();
  for (const text of texts) work(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / texts.length;
}

function compareCosts(texts: readonly string[]): void {
  const scorer = loadScorer();
  const check = microsecondsEach(texts, findUnscorable);
  const all = microsecondsEach(texts, (reply) => scorer.scoreNow({ context: ["Hello."], reply }));
  const share = ((100 * check) / all).toFixed(0);
  console.log(
    `\nall checks: ${check.toFixed(1)} of ${all.toFixed(0)} microseconds a reply, ${share} %`,
  );
}

async function main(): Promise<void> {
  const id = findCorpusArchive();
  const archive = id && (await requireSource(id));
  if (archive) {
    const { listeners, speakers } = await readUtterances(archive);
    report("EmpatheticDialogues, listeners", listeners);
    report("EmpatheticDialogues, speakers", speakers);
    compareCosts(listeners.slice(0, 10_000));
  } else console.log("EmpatheticDialogues is not on this machine; `npx empathy data fetch ed`");
  report(
    "other languages, Latin letters (in view of the choice)",
    Object.values(LATIN_SENTENCES).flat(),
  );
  report(
    "other languages, Latin letters (written after it)",
    Object.values(LATER_SENTENCES).flat(),
  );
  const places = defaultPlaces();
  if (hasConversations(places)) {
    for (const language of ["en", "ja"]) {
      const own = (await readConversations(places)).filter((one) => one.language === language);
      const replies = own.flatMap(({ messages }) => messages.filter(({ isReply }) => isReply));
      const texts = replies.map(({ text }) => text);
      report(`conversations with language models (duo), ${language}`, texts);
    }
  }
  report("other scripts", Object.values(OTHER_SCRIPTS).flat());
}

void main();
