import { type RequestBody, scanJournal } from "ask-models";
import { WholeFile } from "kit/files";
import { formatCsvTable, toCell } from "kit/tables";
import type { StimulusSource } from "../../src/asking/stimuli";
import { isEmotion, sentimentOf } from "../../src/corpus/emotions";
import { REPLY_COLUMNS } from "../../src/tables/reply-columns";

interface TableReply {
  readonly system: string;
  readonly sample: number;
  /** The cells that say how the reply was asked for, and the reply. */
  readonly cells: {
    readonly model: string;
    readonly prompt: string;
    readonly temperature: number | null;
    readonly reply: string;
  };
}

/**
 * Writes the replies of some systems to some stimuli as a CSV table that `empathy score --in` and `empathy view` take.
 *
 * Columns: system, model, prompt, temperature (empty where none was sent), dialogue, turn, sample, language, emotion,
 * sentiment, context (a JSON list of utterances), reply; rows in the order of the stimuli, then of the systems, then of the
 * samples. Requests without a reply are in no row. A text that begins like a formula has an apostrophe before it, which the
 * readers of this package take away again.
 *
 * @returns the number of replies.
 * @throws UserError if the journal was edited or the table cannot be written.
 */
export async function writeReplyTable(
  path: string,
  journal: string,
  systems: readonly string[],
  source: StimulusSource,
): Promise<number> {
  const replies = await readReplies(journal, systems);
  const file = new WholeFile(path);
  let count = 0;
  try {
    await file.write(`${REPLY_COLUMNS.join()}\n`);
    for await (const { stimulus, emotion, language = "" } of source.open()) {
      const { dialogue, turn } = stimulus;
      const context = JSON.stringify(stimulus.context.map(({ text }) => text));
      const sentiment = isEmotion(emotion) ? sentimentOf(emotion) : "";
      const about = { dialogue: toCell(dialogue), turn, language, context, sentiment };
      const rows = (replies.get(placeOf(dialogue, turn)) ?? []).map(
        ({ system, sample, cells }) => ({
          ...about,
          ...cells,
          system,
          sample,
          emotion: toCell(emotion),
        }),
      );
      count += rows.length;
      if (rows.length > 0) await file.write(withoutHeader(formatCsvTable(REPLY_COLUMNS, rows)));
    }
    await file.finish();
  } finally {
    file.discard();
  }
  return count;
}

async function readReplies(
  journal: string,
  systems: readonly string[],
): Promise<Map<string, TableReply[]>> {
  const order = new Map(systems.map((system, at) => [system, at]));
  const replies = new Map<string, TableReply[]>();
  for await (const { dialogue, turn, system, sample, reply, request } of scanJournal(journal)) {
    if (reply === undefined || !order.has(system)) continue;
    const place = placeOf(dialogue, turn);
    const all = replies.get(place) ?? [];
    const isThere = all.some((one) => one.system === system && one.sample === sample);
    if (!isThere) all.push({ system, sample, cells: toCells(request, reply) });
    replies.set(place, all);
  }
  const rank = ({ system, sample }: TableReply) => [order.get(system) ?? 0, sample] as const;
  for (const all of replies.values()) {
    all.sort((a, b) => rank(a)[0] - rank(b)[0] || rank(a)[1] - rank(b)[1]);
  }
  return replies;
}

function toCells({ model, prompt, parameters }: RequestBody, reply: string): TableReply["cells"] {
  const { temperature = null } = parameters;
  return { model: toCell(model), prompt: toCell(prompt), temperature, reply: toCell(reply) };
}

function placeOf(dialogue: string, turn: number): string {
  return `${turn} ${dialogue}`;
}

function withoutHeader(table: string): string {
  return table.slice(table.indexOf("\n") + 1);
}
