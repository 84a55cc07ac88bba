// What models and their servers leave in a text beside the reply: reasoning, template tokens, markup.

/** A model's text, taken apart. */
export interface ModelText {
  /** The reply, without white space at its ends. */
  readonly reply: string;
  /** What the model thought before it replied. */
  readonly thinking?: string;
  /** Whether the text ends inside the reasoning, so that no whole reply follows. */
  readonly isOpen: boolean;
  /** Whether template tokens were cut off, and what a model wrote after them. */
  readonly isCut: boolean;
}

const TAGS = "think|thinking|thought|reasoning|seed:think";
const OPEN = `<(?:${TAGS})>|\\[THINK\\]|◁think▷|<\\|begin_of_thought\\|>|<\\|START_THINKING\\|>`;
const CLOSE = `</(?:${TAGS})>|\\[/THINK\\]|◁/think▷|<\\|end_of_thought\\|>|<\\|END_THINKING\\|>`;
const REASONING = new RegExp(`(${OPEN})|(${CLOSE})`, "iu");
// OpenAI's harmony format: each message names the channel that it is on.
const CHANNEL = "<|channel|>";
const MESSAGE =
  /<\|channel\|>\s*(\w+)[^<]*<\|message\|>([\s\S]*?)(?=<\|(?:end|return|call|start|channel)\|>|$)/g;
// What a template writes before a reply; it may come back with it.
const LEAD =
  /^\s*(?:<s>|<bos>|<pad>|\[\/INST\]|<\|(?:begin_of_text|startoftext)\|>|<\|start_header_id\|>\s*assistant\s*<\|end_header_id\|>|<\|(?:im_start|start)\|>(?:\s*assistant\b)?|<start_of_turn>(?:\s*model\b)?|<\|assistant\|>|<\|START_RESPONSE\|>)\s*/;
// What ends a turn or begins the next; nothing after it belongs to the reply.
const TOKEN =
  /<\|[^\s|<>]{1,40}\|>|<｜[^\s｜<>]{1,40}｜>|<\/s>|<eos>|<(?:end|start)_of_turn>|\[\/?INST\]/;
const MARKUP = /<\/?[a-z][a-z0-9_-]*(?:\s[^<>]*)?\/?>|&(?:amp|lt|gt|quot|nbsp|#\d+);|_comma_/i;

/**
 * Takes a model's text apart: what it thought, and what it replied.
 *
 * Reasoning is what stands in `<think>` or another such block, before a block's lone end (its beginning then stood in the
 * template), or on another channel than the final one. A reply ends at the first template token.
 *
 * @example
 * splitModelText("<think>Sad.</think>\n\nOh no.<|im_end|>").reply; // => "Oh no."
 */
export function splitModelText(text: string): ModelText {
  const { said, thoughts, isOpen } = text.includes(CHANNEL)
    ? splitChannels(text)
    : splitBlocks(text);
  const thinking = thoughts
    .map((part) => part.trim())
    .filter(Boolean)
    .join("\n\n");
  const reply = cutTokens(said);
  return {
    reply: reply.trim(),
    ...(thinking === "" ? {} : { thinking }),
    isOpen,
    isCut: reply.length < said.trim().length,
  };
}

interface Parts {
  readonly said: string;
  readonly thoughts: readonly string[];
  readonly isOpen: boolean;
}

function splitBlocks(text: string): Parts {
  const thoughts: string[] = [];
  let said = "";
  let isOpen = false;
  // Text, and between two texts a beginning or an end; one of the two is undefined.
  const pieces = text.split(REASONING);
  for (let at = 0; at < pieces.length; at += 3) {
    if (isOpen) thoughts.push(pieces[at] as string);
    else said += pieces[at];
    const end = pieces[at + 2];
    if (end !== undefined && at === 0) {
      thoughts.push(said);
      said = "";
    }
    if (at + 1 < pieces.length) isOpen = end === undefined;
  }
  return { said, thoughts, isOpen };
}

function splitChannels(text: string): Parts {
  const messages = [...text.matchAll(MESSAGE)].map(([, channel, content]) => ({
    isFinal: channel === "final",
    content: content as string,
  }));
  const final = messages.filter(({ isFinal }) => isFinal);
  return {
    said: final.map(({ content }) => content).join("\n"),
    thoughts: messages.filter(({ isFinal }) => !isFinal).map(({ content }) => content),
    isOpen: final.length === 0,
  };
}

function cutTokens(text: string): string {
  let rest = text;
  for (let lead = LEAD.exec(rest); lead; lead = LEAD.exec(rest)) rest = rest.slice(lead[0].length);
  const token = TOKEN.exec(rest);
  const before = rest.slice(0, token?.index);
  // `</s>` after `<s>` strikes words out.
  return (token?.[0] === "</s>" && before.includes("<s>") ? rest : before).trim();
}

const NO_MARKUP = new RegExp(`${REASONING.source}|${LEAD.source}|${TOKEN.source}`, "giu");
const KINDS: Readonly<Record<string, (text: string) => string | undefined>> = {
  reasoning: (text) => (text.includes(CHANNEL) ? CHANNEL : REASONING.exec(text)?.[0]),
  "template tokens": (text) => (LEAD.exec(text) ?? TOKEN.exec(text))?.[0].trim(),
  markup: (text) => MARKUP.exec(text.replace(NO_MARKUP, ""))?.[0],
};

/** Counts the replies that hold what is hardly part of a reply, by what that is. */
export class MarkCounter {
  private readonly found = new Map<string, { readonly count: number; readonly mark: string }>();

  add(text: string): void {
    // Every mark begins with one of these.
    if (!/[<[◁&_]/.test(text)) return;
    for (const [kind, find] of Object.entries(KINDS)) {
      const mark = find(text);
      if (mark === undefined) continue;
      const before = this.found.get(kind);
      this.found.set(kind, { count: (before?.count ?? 0) + 1, mark: before?.mark ?? mark });
    }
  }

  /** Says how many replies hold what, such as `2 replies hold reasoning ('<think>')`; nothing where none does. */
  describe(): string | undefined {
    const parts = [...this.found].map(([kind, { count, mark }]) => {
      const hold = count === 1 ? "1 reply holds" : `${count} replies hold`;
      return `${hold} ${kind} ('${mark.slice(0, 40)}')`;
    });
    return parts.length === 0 ? undefined : parts.join(", ");
  }
}
