// What models and their servers leave in a text beside the reply: reasoning, template tokens, markup.

/** A model's text, taken apart. */
interface ModelText {
  /** The reply, without white space at its ends. */
  readonly reply: string;
  /** What the model thought before it replied. */
  readonly thinking?: string;
  /** Whether the text ends inside the reasoning, so that no whole reply follows. */
  readonly isOpen: boolean;
  /** Whether the text holds more than the reply, the thoughts and the marks between them. */
  readonly isCut: boolean;
}

const TAGS = "think|thinking|thought|reasoning|seed:think";
const OPEN = [
  `<(?:${TAGS})\\s*>|\\[THINK\\]|◁think▷`,
  "<\\|(?:begin_of_thought|START_THINKING|thinking)\\|>|<\\|channel>thought\\b",
].join("|");
const CLOSE = [
  `</(?:${TAGS})\\s*>|\\[/THINK\\]|◁/think▷`,
  "<\\|(?:end_of_thought|END_THINKING|/thinking)\\|>|<channel\\|>",
].join("|");
// A mark between backticks is one that the text is about.
const REASONING = new RegExp(`(?<!\`)(?:(${OPEN})|(${CLOSE}))(?!\`)`, "iu");
// What a template writes before a reply is no longer.
const LONGEST_LEAD = 200;

// OpenAI's harmony format: each message names the channel that it is on, and may say more before its content.
const CHANNEL = "<|channel|>";
const MESSAGE =
  /<\|channel\|>\s*(analysis|commentary|final|\w*)(?:(?:(?!<\|(?:channel|end|return|call|start)\|>)[\s\S])*?<\|message\|>|)([\s\S]*?)(?=<\|(?:end|return|call|start|channel)\|>|$)/g;
// The usual headers and ends, which say nothing that is worth keeping.
const HEADERS =
  /(?:<\|start\|>assistant)?<\|channel\|>(?:analysis|final)<\|message\|>|<\|(?:end|return)\|>/g;
// The same from servers that leave the special tokens out.
const BARE =
  /^\s*(?:analysis|commentary)(?:([\s\S]*)assistantfinal([\s\S]*)|(?=\p{Lu})([\s\S]*))$/u;
const BARE_NEXT = /assistant(?:analysis|commentary)/;

const NAMES = [
  "(?:begin|start|end)[_▁]?of[_▁]?(?:text|sentence|turn|solution|box|role|assistant|user|system|prompt)(?:_token)?",
  "im_(?:start|end|sep|middle|assistant|user|system)|(?:start|end)_header_id|header_(?:start|end)",
  "eo[tm]_id|eo[tms]|bos|pad|start|end|message|channel|return|call|constrain",
  "(?:assistant|chatbot|user|system|human|prompter|observation)(?:_token)?",
  "(?:start|end)_(?:response|text|action)|(?:reserved_special_token|fim|tool|python)_\\w{1,20}",
].join("|");
const ANY_TOKEN = `<[|｜](?:${NAMES})[|｜]>|</s>|<eos>|<(?:end|start)_of_turn>|<\\|turn>|<turn\\|>|\\[/?INST\\]`;
// What ends a turn or begins the next; nothing after it belongs to the reply.
const TOKEN = new RegExp(`(?<!\`)(?:${ANY_TOKEN})(?!\`)`, "iu");
const TURN =
  "<\\|(?:im_start|start|start_header_id|header_start|start_of_role)\\|>|<start_of_turn>|<\\|turn>";
// What a template writes before a reply, which may come back with it.
const LEAD = new RegExp(
  `^\\s*(?:(?:${TURN})(?:\\s*(?:assistant|model)\\b)?|<s>|<bos>|<pad>|${ANY_TOKEN})(?!\`)\\s*`,
  "iu",
);
const OTHERS_TURN = new RegExp(
  `^\\s*(?:(?:${TURN})\\s*(?:user|human|system|tool)\\b|<[|｜](?:im_)?(?:user|system|human|prompter|observation)(?:_token)?[|｜]>|\\[INST\\])`,
  "iu",
);
// `</s>` after `<s>` strikes words out, unless the two stand around the whole.
const STRUCK = /[^\s>\]]\s*<s>[^<]*<\/s>|<s>[^<]*<\/s>[^\S\n]*[^\s<[]/;
const MARKUP = /<\/?[a-z][a-z0-9_-]*(?:\s[^<>]*)?\/?>|&(?:amp|lt|gt|quot|nbsp|#\d+);|_comma_/i;

/**
 * Takes a model's text apart: what it thought, and what it replied.
 *
 * Reasoning is what stands in `<think>` or another such block, before an end without a beginning (which then stood in the
 * template), or on another channel than the final one. Template tokens before the reply are skipped; the next one ends it.
 *
 * @example
 * splitModelText("<think>Sad.</think>\n\nOh no.<|im_end|>").reply; // => "Oh no."
 */
export function splitModelText(text: string): ModelText {
  const { said, thoughts, isOpen, marks } = splitReasoning(text);
  const thinking = thoughts
    .map((part) => part.trim())
    .filter(Boolean)
    .join("\n\n");
  const { reply } = cutTokens(said);
  const kept = lettersOf(reply) + lettersOf(thinking);
  return {
    reply,
    ...(thinking === "" ? {} : { thinking }),
    isOpen,
    isCut: lettersOf(text.replace(HEADERS, "")) > kept + lettersOf(marks.join("")),
  };
}

interface Parts {
  readonly said: string;
  readonly thoughts: readonly string[];
  readonly isOpen: boolean;
  /** The marks that take the two apart, harmony's headers aside. */
  readonly marks: readonly string[];
}

function splitReasoning(text: string): Parts {
  if (text.includes(CHANNEL)) return splitChannels(text);
  return splitBare(text) ?? splitBlocks(text);
}

function splitBlocks(text: string): Parts {
  const thoughts: string[] = [];
  const marks: string[] = [];
  let said = "";
  let isOpen = false;
  // Text, and between two texts a beginning or an end; one of the two is undefined.
  const pieces = text.split(REASONING);
  const lastEnd = pieces.findLastIndex((piece, at) => at % 3 === 2 && piece !== undefined);
  for (let at = 0; at < pieces.length; at += 3) {
    if (isOpen) thoughts.push(pieces[at] as string);
    else said += pieces[at];
    const [begin, end] = [pieces[at + 1], pieces[at + 2]];
    if (end !== undefined && !isOpen) {
      thoughts.push(said);
      said = "";
    }
    if (begin === undefined && end === undefined) continue;
    // A beginning within a line is a word like others, unless an end follows.
    const piece = pieces[at] as string;
    const isAfterEnd = pieces[at - 1] !== undefined && piece.trim() === "";
    const isMark =
      end !== undefined || isOpen || at < lastEnd || isAfterEnd || isLineStart(piece, said);
    if (isMark) isOpen = end === undefined;
    if (isMark) marks.push((begin ?? end) as string);
    else said += begin;
  }
  return { said, thoughts, isOpen, marks };
}

// Whether a line, or the text but for what a template writes, begins after a piece of what was said.
function isLineStart(piece: string, said: string): boolean {
  if (piece.includes("\n")) return piece.slice(piece.lastIndexOf("\n")).trim() === "";
  return said.length <= LONGEST_LEAD && cutTokens(said).reply === "";
}

function splitBare(text: string): Parts | undefined {
  const found = BARE.exec(text);
  if (!found) return undefined;
  const [, thought, said = "", open] = found;
  const thoughts = (thought ?? (open as string)).split(BARE_NEXT);
  const marks = [text.trim().startsWith("a") ? "analysis" : "commentary"];
  if (open === undefined) marks.push("assistantfinal");
  return { said, thoughts, isOpen: open !== undefined, marks };
}

function splitChannels(text: string): Parts {
  const said: string[] = [];
  const thoughts: string[] = [];
  let [at, isFinal, isLast] = [0, false, false];
  for (const found of text.matchAll(MESSAGE)) {
    const [whole, channel, content] = found as unknown as [string, string, string];
    // Text outside messages is said, but not after the last word.
    if (!isFinal) said.push(cutTokens(text.slice(at, found.index)).reply);
    isFinal = channel === "final" || channel === "";
    (isFinal ? said : thoughts).push(content);
    at = found.index + whole.length;
    isLast = at === text.length;
  }
  if (!isFinal) said.push(cutTokens(text.slice(at)).reply);
  const all = said.filter((part) => part.trim() !== "").join("\n");
  return { said: all, thoughts, isOpen: all === "" || (isLast && !isFinal), marks: [] };
}

function cutTokens(text: string): { readonly reply: string; readonly token?: string } {
  const isStruck = STRUCK.test(text);
  let rest = text;
  let first: string | undefined;
  for (;;) {
    const [lead] = (OTHERS_TURN.test(rest) ? undefined : LEAD.exec(rest)) ?? [];
    if (lead === undefined || (isStruck && lead.trim() === "<s>")) break;
    first ??= lead.trim();
    rest = rest.slice(lead.length);
  }
  const ends = rest.matchAll(new RegExp(TOKEN, "giu"));
  const end = [...ends].find(([token]) => !(isStruck && token === "</s>"));
  const token = first ?? end?.[0];
  return { reply: rest.slice(0, end?.index).trim(), ...(token === undefined ? {} : { token }) };
}

function lettersOf(text: string): number {
  return text.replace(/\s+/g, "").length;
}

const NO_MARKUP = new RegExp(`${REASONING.source}|${LEAD.source}|${TOKEN.source}`, "giu");
const KINDS: Readonly<Record<string, (text: string) => string | undefined>> = {
  reasoning: (text) => (text.includes(CHANNEL) ? CHANNEL : splitReasoning(text).marks[0]),
  "template tokens": (text) => cutTokens(text).token,
  markup: (text) => MARKUP.exec(text.replace(NO_MARKUP, ""))?.[0],
};

/** Counts the replies that hold what is hardly part of a reply, by what that is. */
export class MarkCounter {
  private readonly found = new Map<string, { readonly count: number; readonly mark: string }>();

  add(text: string): void {
    // Every mark begins with one of these.
    if (!/[<[◁&_]|^\s*(?:analysis|commentary)/.test(text)) return;
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
