import type { Dialogue } from "../corpus/dialogue";
import { normalForm } from "./normal-form";

/** A beginning of a conversation: its first `length` utterances. */
export interface Beginning {
  readonly dialogue: Dialogue;
  readonly length: number;
}

// Stands between utterances in a key; no normal form holds it.
const BREAK = "\n";

/**
 * The conversations that published replies may answer: by identifier, and by the normal form of any of
 * their beginnings.
 */
export class JoinIndex {
  private readonly byId = new Map<string, Dialogue>();
  private readonly byText = new Map<string, Beginning[]>();

  /**
   * @param dialogues the conversations that records may name.
   * @param findable those that a record may also find by its text; by default the test part and the
   *   package's own sample, which the files without identifiers answer.
   */
  constructor(
    dialogues: Iterable<Dialogue>,
    findable = ({ split }: Dialogue): boolean => split === "test" || split === "sample",
  ) {
    for (const dialogue of dialogues) {
      this.byId.set(dialogue.id, dialogue);
      if (findable(dialogue)) this.addBeginnings(dialogue);
    }
  }

  /** The conversation of that identifier. */
  find(id: string): Dialogue | undefined {
    return this.byId.get(id);
  }

  /** Every conversation, in no particular order. */
  dialogues(): Iterable<Dialogue> {
    return this.byId.values();
  }

  /** Every conversation that begins with these utterances, in normal form. */
  beginning(utterances: readonly string[]): readonly Beginning[] {
    return this.byText.get(utterances.join(BREAK)) ?? [];
  }

  private addBeginnings(dialogue: Dialogue): void {
    let key = "";
    for (const { index, text } of dialogue.utterances) {
      key += (index > 1 ? BREAK : "") + normalForm(text);
      const beginnings = this.byText.get(key);
      if (beginnings) beginnings.push({ dialogue, length: index });
      else this.byText.set(key, [{ dialogue, length: index }]);
    }
  }
}
