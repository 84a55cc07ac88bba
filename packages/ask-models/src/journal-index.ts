import { scanJournal } from "./read-journal";
import { type ReplyRecord, slotOf } from "./reply-record";
import { wayOf } from "./request";

/** What a journal holds for a request. */
export type SlotState = "answered" | "failed" | "missing";

/**
 * What a journal holds, without the texts: some 150 bytes a request.
 *
 * `answered` is every end but `failed`: a refusal is an answer. A failure after an answer changes nothing.
 */
export class JournalIndex {
  private readonly answered = new Set<string>();
  private readonly failed = new Set<string>();
  private readonly ways = new Map<string, Set<string>>();
  private readonly models = new Map<string, Set<string>>();

  /** US dollars that the answers cost, as their records say. */
  spentUsd = 0;

  remember(record: ReplyRecord): void {
    this.spentUsd += record.costUsd ?? 0;
    const slot = slotOf(record);
    if (record.status !== "failed") this.rememberWay(record);
    if (record.status !== "failed") {
      this.failed.delete(slot);
      this.answered.add(slot);
    } else if (!this.answered.has(slot)) {
      this.failed.add(slot);
    }
  }

  /** In which ways a system was asked so far, as `wayOf` writes them; failures do not count. */
  waysOf(system: string): ReadonlySet<string> {
    return this.ways.get(system) ?? new Set();
  }

  /** Whether a model has answered for a system. */
  hasAnswered(system: string, model: string): boolean {
    return this.models.get(system)?.has(model) ?? false;
  }

  private rememberWay({ system, request }: ReplyRecord): void {
    const ways = this.ways.get(system) ?? new Set();
    ways.add(wayOf(request));
    this.ways.set(system, ways);
    const models = this.models.get(system) ?? new Set();
    this.models.set(system, models.add(request.model));
  }

  stateOf(slot: string): SlotState {
    if (this.answered.has(slot)) return "answered";
    return this.failed.has(slot) ? "failed" : "missing";
  }
}

/** Indexes a journal without writing to it; a file that does not exist is empty. */
export async function indexJournal(path: string): Promise<JournalIndex> {
  const index = new JournalIndex();
  for await (const record of scanJournal(path)) index.remember(record);
  return index;
}
