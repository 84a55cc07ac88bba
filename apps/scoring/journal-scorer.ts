import { scanJournal, slotOf } from "ask-models";
import { findUnscorable, type ScoreOutcome, type ScoreRequest, type Scorer } from "empathy-scorer";
import type { RemoteMethod, ScoredAnswer } from "./remote-method";

/**
 * Scores replies from the answers that a journal holds; asks nobody. `askForScores` fills the journal.
 *
 * A reply whose answers are not there, or hold no score, is missing with the reason.
 */
export class JournalScorer implements Scorer {
  readonly id: string;
  readonly isExact = true;

  private constructor(
    private readonly method: RemoteMethod,
    private readonly answers: ReadonlyMap<string, ScoredAnswer>,
  ) {
    this.id = method.id;
  }

  /**
   * Reads a journal; one that does not exist is empty.
   *
   * @throws UserError naming file and line if a line was edited or damaged.
   */
  static async read(method: RemoteMethod, journal: string): Promise<JournalScorer> {
    const answers = new Map<string, ScoredAnswer>();
    for await (const record of scanJournal(journal)) {
      const slot = slotOf(record);
      if (answers.get(slot)?.status === "ok") continue;
      const { status, reply, partial, reason, logprobs } = record;
      answers.set(slot, {
        status,
        ...(reply === undefined ? {} : { reply }),
        ...(partial === undefined ? {} : { partial }),
        ...(reason === undefined ? {} : { reason }),
        ...(logprobs === undefined ? {} : { logprobs }),
      });
    }
    return new JournalScorer(method, answers);
  }

  get card() {
    return this.method.card;
  }

  async score(request: ScoreRequest): Promise<ScoreOutcome> {
    const reason = findUnscorable(request.reply, this.method.language);
    if (reason) return { missing: reason };
    return this.method.combine(this.answersTo(request));
  }

  /** The answers to a reply's requests, in their order; undefined for one that is not there. */
  answersTo(request: ScoreRequest): (ScoredAnswer | undefined)[] {
    const slots = this.method.toRequests(request).map(slotOf);
    return slots.map((slot) => this.answers.get(slot));
  }
}
