// What `empathy view` costs with 100,000 replies: the index, filters and orders beside a filter over objects and beside
// danfojs in the same run, and the frames of a list that is scrolled in Chromium. Usage: node dist/bench/view.js [replies].
// Seeded. With EMPATHY_MIRROR, the real replies too.
import { DataFrame } from "danfojs-node";
import { chromium } from "playwright-core";
import { openView } from "../apps/view/open-view";
import { buildReplyIndex, type ReplyIndex } from "../apps/view/reply-index";
import { parseReplyQuery } from "../apps/view/reply-query";
import { ReplySelector } from "../apps/view/select-replies";
import { serveView } from "../apps/view/serve-view";
import { createViewApi } from "../apps/view/view-api";
import { wordMarker } from "../apps/view/word-effects";
import { drawScores, makeManyReplies } from "../test/view/made-replies";

const REPLIES = Number(process.argv[2] ?? 100_000);
const RUNS = 9;
const SCROLLED_MS = 4000;

/** A question, and the same one asked of an object. */
interface Task {
  readonly address: string;
  readonly passes: (row: Row) => boolean;
}

interface Row {
  readonly stimulus: number;
  readonly sentiment: string;
  readonly system: string;
  readonly emotion: string;
  readonly er: number;
  readonly ip: number;
  readonly text: string;
}

const TASKS: readonly Task[] = [
  { address: "systems=system-3", passes: ({ system }) => system === "system-3" },
  {
    address: "emotions=afraid&er=2",
    passes: ({ emotion, er }) => emotion === "afraid" && er === 2,
  },
  { address: "er=0&ip=2", passes: ({ er, ip }) => er === 0 && ip === 2 },
  { address: "q=tomorrow", passes: ({ text }) => text.toLowerCase().includes("tomorrow") },
  {
    address: "q=so+%22sorry+to%22&er=1",
    passes: ({ text, er }) =>
      er === 1 && text.toLowerCase().includes("so") && text.toLowerCase().includes("sorry to"),
  },
];

const ORDERS = ["surprise", "disagreement", "level", "length"];

async function main(): Promise<void> {
  const collection = makeManyReplies(REPLIES);
  const scores = drawScores(collection);
  const started = performance.now();
  const index = buildReplyIndex(collection, scores);
  const built = performance.now() - started;
  console.log(`${REPLIES} made replies: index built in ${built.toFixed(0)} ms`);
  compareFilters(index);
  timeOrders(index);
  await timeScrolling(index);
  if (process.env.EMPATHY_MIRROR) await timeRealReplies();
}

/** A new selector each time: nothing is remembered of the runs before. */
function select(index: ReplyIndex, address: string): number {
  const query = parseReplyQuery(new URLSearchParams(`by=replies&${address}`), index);
  return new ReplySelector(index).select(address, query).rows.length;
}

function compareFilters(index: ReplyIndex): void {
  const rows = toRows(index);
  const frame = new DataFrame(rows.map(({ text: _text, ...rest }) => rest));
  const texts = rows.map(({ text }) => text);
  console.log(
    "  filter                       replies  here, ms  objects  danfojs (times as long as here)",
  );
  for (const { address, passes } of TASKS) {
    let count = 0;
    const here = medianMs(
      () => {
        count = select(index, address);
      },
      RUNS,
      () => forgetSearches(index),
    );
    const naive = rows.filter(passes).length;
    if (naive !== count) throw new Error(`${address}: ${count} replies here, ${naive} of objects`);
    const objects = medianMs(() => filterObjects(rows, passes));
    const danfo = medianMs(() => filterFrame(frame, texts, address), 3);
    console.log(
      `  ${address.padEnd(28)} ${String(count).padStart(7)} ${here.toFixed(1).padStart(9)} ${(objects / here).toFixed(1).padStart(8)} ${(danfo / here).toFixed(1).padStart(8)}`,
    );
  }
}

/** What the page asks for, in the plain way: the replies, and how many there are of each kind and of how many stimuli. */
function filterObjects(rows: readonly Row[], passes: Task["passes"]) {
  const found = rows.filter(passes);
  const counts = new Map<string, number>();
  for (const { system, emotion, sentiment } of found) {
    for (const name of [system, emotion, sentiment]) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return { found, counts, stimuli: new Set(found.map(({ stimulus }) => stimulus)).size };
}

// A search is remembered in the texts; a new one is what is timed.
function forgetSearches(index: ReplyIndex): void {
  for (let at = 0; at < 30; at++) index.replyTexts.find(`\u0000${at}`);
}

function toRows({ replies, systems, stimuli, scorers }: ReplyIndex): Row[] {
  const levels = scorers[0]?.levels;
  return replies.map(({ stimulus, system, text }, at) => ({
    stimulus,
    sentiment: stimuli[stimulus]?.sentiment ?? "",
    system: systems[system]?.id ?? "",
    emotion: stimuli[stimulus]?.emotion ?? "",
    er: levels?.[3 * at] ?? -1,
    ip: levels?.[3 * at + 1] ?? -1,
    text,
  }));
}

/** The same question, as one would ask it of a data frame. */
function filterFrame(frame: DataFrame, texts: readonly string[], address: string): DataFrame {
  const asked = new URLSearchParams(address);
  const wanted = (asked.get("q")?.match(/"[^"]+"|\S+/g) ?? []).map((one) =>
    one.replaceAll('"', ""),
  );
  const columns = [
    ["system", asked.get("systems")],
    ["emotion", asked.get("emotions")],
    ["er", asked.get("er")],
    ["ip", asked.get("ip")],
  ] as const;
  let mask = texts.map((text) => wanted.every((one) => text.toLowerCase().includes(one)));
  for (const [column, value] of columns) {
    if (value === null) continue;
    const { values } = frame.column(column);
    mask = mask.map((is, at) => is && String(values[at]) === value);
  }
  return frame.query(mask);
}

function timeOrders(index: ReplyIndex): void {
  for (const sort of ORDERS) {
    const ms = medianMs(() => select(index, `sort=${sort}`));
    console.log(`  sort=${sort.padEnd(24)} ${ms.toFixed(1)} ms, when first asked for`);
  }
}

async function timeScrolling(index: ReplyIndex): Promise<void> {
  const server = await serveView(createViewApi(index, { markWords: wordMarker(index) }));
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu"],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(`${server.address}#/?by=replies`);
    await page.locator(".row b").first().waitFor();
    const frames = await page.evaluate<number[]>(scrollFor(SCROLLED_MS));
    const still = await page.evaluate<number[]>(scrollFor(1000, 0));
    console.log(`  scrolled in Chromium at 6,000 px a second: ${describeFrames(frames)}`);
    console.log(`  the same page, not scrolled: ${describeFrames(still)}`);
    console.log(`  rows in the page: ${await page.locator(".row").count()}`);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Scrolls the list a step a frame; gives the time between frames, in ms. */
function scrollFor(durationMs: number, step = 100): string {
  return `new Promise((done) => {
    const list = document.getElementById("list");
    const times = [];
    let last = performance.now();
    const started = last;
    const next = (now) => {
      times.push(now - last);
      last = now;
      list.scrollTop += ${step};
      if (now - started < ${durationMs}) requestAnimationFrame(next);
      else done(times.slice(1));
    };
    requestAnimationFrame(next);
  })`;
}

function describeFrames(frames: readonly number[]): string {
  const sorted = [...frames].sort((one, other) => one - other);
  const at = (share: number) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  return `${frames.length} frames, median ${at(0.5)} ms, 95 % within ${at(0.95)} ms, longest ${at(1)} ms`;
}

async function timeRealReplies(): Promise<void> {
  const started = performance.now();
  const index = await openView();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const memory = (process.memoryUsage().rss / 1e6).toFixed(0);
  console.log(
    `${index.replies.length} real replies: read, joined, scored, indexed in ${seconds} s`,
  );
  console.log(`  memory of the process, the made replies included: ${memory} MB`);
  for (const address of [
    "er=2&ip=2",
    "q=sorry",
    "apart=2",
    "rated=1&sort=rating",
    "sort=surprise",
  ]) {
    const forget = () => forgetSearches(index);
    const ms = medianMs(() => select(index, address), RUNS, forget);
    console.log(`  ${address.padEnd(28)} ${ms.toFixed(1)} ms`);
  }
}

/** @param before done before each run, and not timed. */
function medianMs(task: () => unknown, runs = RUNS, before = () => {}): number {
  const times = Array.from({ length: runs }, () => {
    before();
    const started = performance.now();
    task();
    return performance.now() - started;
  }).sort((one, other) => one - other);
  return times[Math.floor(runs / 2)] ?? 0;
}

main();
