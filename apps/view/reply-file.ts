// Files of replies that are shown beside what the machine holds: a journal of `empathy ask`, an import, or a table, such as
// `empathy score --out` writes, with the levels in it.
import { basename } from "node:path";
import { MarkCounter, type ReplyRecord, readJournal, wayOf, withoutInstruction } from "ask-models";
import { METRICS, type Metric, type MetricScore, type ReplyScores } from "empathy-scorer";
import { UserError } from "kit";
import { openTable, readHead, renameUsual } from "kit/tables";
import { isEmotion, sentimentOf } from "../../src/corpus/emotions";
import { formatOf } from "../../src/scoring/score-file";
import { textReader } from "../../src/tables/reply-columns";
import { readContext } from "../../src/tables/split-context";
import { isGridJournal, listJournalSystems } from "../replies/recorded-replies";
import type { CollectionBuilder, ViewSystem } from "./collection";

/** How a file is taken. */
export interface ReplyFileOptions {
  /** The system that wrote the replies; without it, what a row says, or else the file's name. */
  readonly system?: string;
  /** Whether replies to dialogues that are not shown otherwise are left out. */
  readonly isKnownOnly?: boolean;
  readonly note: (text: string) => void;
}

const FIELDS = ["dialogue", "turn", "context", "reply", "sample", "emotion", "system"];

/**
 * Adds the replies of a file.
 *
 * A journal's run gets the file's name as its system, so that two runs of one system stand side by side. A row of a table
 * names its stimulus by `dialogue` and `turn`, or holds the utterances before the reply in `context`; columns `er`, `ip`, `ex`
 * (and `er_p0` …) are kept as the levels by a scorer of the file's name.
 *
 * @throws UserError naming file and row if the file is missing, damaged or has no replies.
 */
export async function addReplyFile(
  builder: CollectionBuilder,
  path: string,
  options: ReplyFileOptions,
): Promise<void> {
  const marks = new MarkCounter();
  const counted = { ...options, see: (text: string) => marks.add(text) };
  const added = (await isJournal(path))
    ? await addJournals(builder, path, counted)
    : await addTable(builder, path, counted);
  const found = marks.describe();
  if (found) options.note(`${path}: ${found}`);
  if (added.left > 0) {
    options.note(
      `${path}: ${added.left} replies to dialogues that are not on this machine are left out`,
    );
  }
  if (added.count === 0 && options.system === undefined) {
    throw new UserError(`${path}: holds no reply to show; name a journal, an import or a table`);
  }
}

/** How a file is taken, and what is shown every reply. */
interface SeeingOptions extends ReplyFileOptions {
  readonly see: (text: string) => void;
}

interface Added {
  readonly count: number;
  readonly left: number;
}

// Every record of a journal has the key of its request; nothing else does.
async function isJournal(path: string): Promise<boolean> {
  return path.endsWith(".jsonl") && /"key":"[0-9a-f]{64}"/.test(await headOf(path));
}

async function headOf(path: string): Promise<string> {
  try {
    return await readHead(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(`${path}: cannot be read (${code}); name another file`);
  }
}

/** Adds a journal; one of a grid cell by cell. */
async function addJournals(
  builder: CollectionBuilder,
  path: string,
  options: SeeingOptions,
): Promise<Added> {
  const isNamed = options.system !== undefined || !isGridJournal(path);
  if (isNamed) return addJournal(builder, path, options);
  let [count, left] = [0, 0];
  for (const system of listJournalSystems(path)) {
    const added = await addJournal(builder, path, { ...options, system });
    count += added.count;
    left += added.left;
  }
  return { count, left };
}

async function addJournal(
  builder: CollectionBuilder,
  path: string,
  { system: name, isKnownOnly = false, see }: SeeingOptions,
): Promise<Added> {
  const isGrid = isGridJournal(path);
  const records = (await readJournal(path)).filter(
    ({ status, system }) => status === "ok" && (!isGrid || system === name),
  );
  const [first] = records;
  if (!first) return { count: 0, left: 0 };
  const system = nameSystem(builder, name, stemOf(path), first.request.model);
  builder.describeSystem(system, describeRun(first));
  let left = 0;
  for (const record of records) {
    const { dialogue, turn, sample, reply = "" } = record;
    see(reply);
    const known = builder.findStimulus(dialogue, turn);
    if (known === undefined && isKnownOnly) left++;
    else {
      const stimulus = known ?? addAskedStimulus(builder, record);
      builder.addReply({ stimulus, system, sample, text: reply, isFree: isAuthors(record) });
    }
  }
  return { count: records.length - left, left };
}

// What a model was asked for is its author's to hand on; what the baseline finds in EmpatheticDialogues is the corpus's.
function isAuthors({ model = "" }: ReplyRecord): boolean {
  return !model.startsWith("bm25@") || /^bm25@\d+\/sample-/.test(model);
}

// Replies recorded on this machine belong to their system; a file that is named is a run of its own.
function nameSystem(
  builder: CollectionBuilder,
  name: string | undefined,
  stem: string,
  model: string,
): number {
  const known = name === undefined ? undefined : builder.findSystem(name);
  if (known !== undefined) return known;
  const id = name ?? stem;
  const shown = "all" as const;
  return builder.addSystem({ id, name: id, family: "", model, instruction: "", way: "", shown });
}

function describeRun({ request }: ReplyRecord): Partial<ViewSystem> {
  const { model, shown, instruction } = request;
  const told = instruction ?? request.messages?.find(({ role }) => role === "system")?.content;
  return {
    model,
    shown,
    way: wayOf(request),
    ...(told === undefined ? {} : { instruction: told }),
  };
}

/** A stimulus of a table of the user's own, as its request has it. */
function addAskedStimulus(builder: CollectionBuilder, { dialogue, turn, request }: ReplyRecord) {
  const { messages = [], instruction } = request;
  const spoken = messages.filter(({ role }) => role !== "system");
  const said = instruction === undefined ? spoken : withoutInstruction(instruction, spoken);
  const context = request.text === undefined ? said.map(({ content }) => content) : [request.text];
  return builder.addStimulus({
    dialogue,
    turn,
    context,
    emotion: "",
    sentiment: "",
    part: "asked",
    situation: "",
  });
}

async function addTable(
  builder: CollectionBuilder,
  path: string,
  { system: name, see }: SeeingOptions,
): Promise<Added> {
  const table = await openTable(path, formatOf(path, path));
  const columns = table.columns && renameUsual(`${path}:1`, table.columns, FIELDS);
  const rows = new TableRows(builder, path, name, see, textReader(table.columns));
  for await (const { line, values } of table.rows) {
    const names = Object.keys(values);
    rows.add(line, rename(values, columns ?? renameUsual(`${path}:${line}`, names, FIELDS)));
  }
  return rows;
}

type Cells = Readonly<Record<string, unknown>>;

function rename(values: Cells, names: readonly string[]): Cells {
  return Object.fromEntries(Object.values(values).map((value, at) => [names[at] ?? "", value]));
}

/** Adds the rows of one table, and counts them. */
class TableRows {
  count = 0;
  left = 0;
  private readonly systems = new Map<string, number>();
  private readonly stem: string;

  constructor(
    private readonly builder: CollectionBuilder,
    private readonly path: string,
    private readonly system: string | undefined,
    private readonly see: (text: string) => void,
    private readonly read: (cell: string) => string,
  ) {
    this.stem = stemOf(path);
  }

  add(line: number, cells: Cells): void {
    const place = `${this.path}:${line}`;
    if (typeof cells.reply !== "string") {
      throw new UserError(`${place}: has no text in 'reply'; give every row a reply`);
    }
    const reply = this.read(cells.reply);
    const stimulus = this.stimulusOf(cells, line, place);
    if (stimulus === undefined) {
      this.left++;
      return;
    }
    this.count++;
    this.see(reply);
    const system = this.systemOf(cells);
    const sample = Number(cells.sample ?? 1) || 1;
    const at =
      this.builder.findReply(stimulus, system, reply) ??
      this.builder.addReply({ stimulus, system, sample, text: reply });
    const scores = readLevels(cells, place);
    if (scores) this.builder.addScores(at, this.stem, scores);
  }

  private systemOf({ system }: Cells): number {
    const own = typeof system === "string" && system !== "" ? system : undefined;
    const id = this.system ?? own ?? this.stem;
    const known = this.systems.get(id) ?? nameSystem(this.builder, id, this.stem, id);
    this.systems.set(id, known);
    return known;
  }

  private stimulusOf(cells: Cells, line: number, place: string): number | undefined {
    const { dialogue, turn } = cells;
    const found =
      typeof dialogue === "string" ? this.builder.findStimulus(dialogue, Number(turn)) : undefined;
    if (found !== undefined) return found;
    if (cells.context === undefined) {
      if (typeof dialogue === "string") return undefined;
      throw new UserError(
        `${place}: names no stimulus; it should have 'dialogue' and 'turn', or 'context'`,
      );
    }
    const context = readContext(cells.context, `${place}: 'context'`);
    return this.builder.findContext(context) ?? this.addStimulus(cells, context, line);
  }

  private addStimulus(cells: Cells, context: readonly string[], line: number): number {
    const { emotion } = cells;
    const turn = context.length + 1;
    // Files in two folders may have one name.
    const isTaken = this.builder.findStimulus(`${this.stem}:${line}`, turn) !== undefined;
    const dialogue = `${isTaken ? this.path : this.stem}:${line}`;
    const known = typeof emotion === "string" && isEmotion(emotion) ? emotion : undefined;
    return this.builder.addStimulus({
      dialogue,
      turn,
      context,
      situation: "",
      emotion: known ?? "",
      sentiment: known ? sentimentOf(known) : "",
      part: this.stem,
    });
  }
}

function readLevels(cells: Cells, place: string): ReplyScores | undefined {
  if (METRICS.some((metric) => (cells[metric] ?? "") === "")) return undefined;
  const [er, ip, ex] = METRICS;
  const read = (metric: Metric) => readLevel(cells, metric, place);
  return { er: read(er), ip: read(ip), ex: read(ex) };
}

/** A level and its probabilities; a level alone is certain. */
function readLevel(cells: Cells, metric: Metric, place: string): MetricScore {
  const level = Number(cells[metric]);
  if (level !== 0 && level !== 1 && level !== 2) {
    throw new UserError(`${place}: '${metric}' is '${cells[metric]}'; it should be 0, 1 or 2`);
  }
  const given = (at: 0 | 1 | 2) => {
    const value = cells[`${metric}_p${at}`] ?? "";
    return value === "" ? Number(level === at) : Number(value);
  };
  const probabilities = [given(0), given(1), given(2)] as const;
  if (probabilities.every((p) => p >= 0 && p <= 1)) return { level, probabilities };
  throw new UserError(`${place}: '${metric}_p0' to '_p2' are not all from 0 to 1; score it again`);
}

function stemOf(path: string): string {
  return basename(path).replace(/(\.imported)?\.\w+$/, "");
}
