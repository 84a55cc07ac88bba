import { MarkCounter } from "ask-models";
import { isMissing, type ScoreOutcome, type ScoreRequest, type Scorer } from "empathy-scorer";
/** A scorer that counts what came of it: how many replies have scores, and why the others have none. */
import { countNoun } from "kit";
export class CountingScorer implements Scorer {
  scored = 0;
  /** Number of replies without a score, by reason. */
  readonly missing = new Map<string, number>();
  private readonly marks = new MarkCounter();

  constructor(private readonly scorer: Scorer) {}

  get id() {
    return this.scorer.id;
  }

  get card() {
    return this.scorer.card;
  }

  get isExact() {
    return this.scorer.isExact;
  }

  async score(request: ScoreRequest, signal?: AbortSignal): Promise<ScoreOutcome> {
    this.marks.add(request.reply);
    const outcome = await this.scorer.score(request, signal);
    if (isMissing(outcome)) {
      this.missing.set(outcome.missing, (this.missing.get(outcome.missing) ?? 0) + 1);
    } else {
      this.scored++;
    }
    return outcome;
  }

  /** What replies hold that is hardly part of them, and was scored all the same; nothing where none does. */
  describeMarks(): string | undefined {
    const marks = this.marks.describe();
    return marks && `${marks}, scored as they stand; take out what is not part of a reply first`;
  }

  /** The counts in words, such as "2 replies scored, 1 without a score (1 the reply is empty)". */
  describe(): string {
    const reasons = [...this.missing].sort(([, one], [, other]) => other - one);
    const without = reasons.reduce((sum, [, count]) => sum + count, 0);
    const shown = reasons.slice(0, 3).map(([reason, count]) => `${count} ${reason}`);
    const more = reasons.length > 3 ? ", …" : "";
    const rest = without > 0 ? `, ${without} without a score (${shown.join("; ")}${more})` : "";
    return `${countNoun(this.scored, "reply", "replies")} scored${rest}`;
  }
}
