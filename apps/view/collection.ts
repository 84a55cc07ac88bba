// What is shown: stimuli, the systems that answered them, and their replies.

import type { Shown } from "ask-models";
import type { ReplyScores } from "empathy-scorer";
import type { Dialogue } from "../../src/corpus/dialogue";
import type { Sentiment } from "../../src/corpus/emotions";
import { stimulusKey } from "../../src/corpus/stimulus";

/** What was answered. */
export interface ViewStimulus {
  /** Identifier of the conversation, or `file:line` of a table's row. */
  readonly dialogue: string;
  /** Number of the utterance that a reply is; 2 is the listener's first. */
  readonly turn: number;
  /** Empty where it is not known. */
  readonly emotion: string;
  readonly sentiment: Sentiment | "";
  /** Where the stimulus is from: `test`, `train`, `valid`, `sample`, or the name of a file. */
  readonly part: string;
  /** What the speaker wrote before the dialogue; empty where there is none. */
  readonly situation: string;
  /** The utterances before the reply, oldest first. */
  readonly context: readonly string[];
  /** The dialogue itself, where it is at hand: some systems were shown another part of it. */
  readonly source?: Dialogue;
}

/** Who answered: a system of the registry, or one run of it. */
export interface ViewSystem {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly model: string;
  /** What it was told: in our words where its authors say, as it was sent where this machine asked. */
  readonly instruction: string;
  /** How it was asked, where this machine did: model, prompt, parameters. */
  readonly way: string;
  readonly shown: Shown;
}

/** One reply. */
interface ViewReply {
  /** Position of its stimulus. */
  readonly stimulus: number;
  /** Position of its system. */
  readonly system: number;
  /** Number of the draw, from 1. */
  readonly sample: number;
  readonly text: string;
  /** Whether its text may be handed on: written for this package, or asked for on this machine. */
  readonly isFree?: boolean;
}

/** Everything that is shown, before it is scored and indexed. */
export interface Collection {
  readonly stimuli: readonly ViewStimulus[];
  readonly systems: readonly ViewSystem[];
  /** By stimulus, system and sample. */
  readonly replies: readonly ViewReply[];
  /** Levels that stand in the files of the replies themselves, by scorer and position of the reply. */
  readonly given: readonly GivenScores[];
}

/** One scorer's levels that stand in a file beside the replies. */
interface GivenScores {
  readonly scorer: string;
  readonly scores: ReadonlyMap<number, ReplyScores>;
}

/** Collects stimuli, systems and replies, each once. */
export class CollectionBuilder {
  private readonly stimuli: ViewStimulus[] = [];
  private readonly systems: ViewSystem[] = [];
  private readonly replies: ViewReply[] = [];
  private readonly stimulusAt = new Map<string, number>();
  private readonly systemAt = new Map<string, number>();
  private readonly places = new Map<string, number>();
  private readonly contextAt = new Map<string, number>();
  private readonly answered = new Set<number>();
  private readonly scores = new Map<string, Map<number, ReplyScores>>();

  /** Adds a stimulus, or finds the one of the same dialogue and turn. @returns its position. */
  addStimulus(stimulus: ViewStimulus): number {
    const key = stimulusKey(stimulus);
    const known = this.stimulusAt.get(key);
    if (known !== undefined) return known;
    const at = this.stimuli.push(stimulus) - 1;
    this.stimulusAt.set(key, at);
    const context = JSON.stringify(stimulus.context);
    if (!this.contextAt.has(context)) this.contextAt.set(context, at);
    return at;
  }

  findStimulus(dialogue: string, turn: number): number | undefined {
    return this.stimulusAt.get(stimulusKey({ dialogue, turn }));
  }

  /** Finds the first stimulus with the same utterances before the reply. */
  findContext(context: readonly string[]): number | undefined {
    return this.contextAt.get(JSON.stringify(context));
  }

  /** Adds a system; one whose name is taken gets a number behind it. @returns its position. */
  addSystem(system: ViewSystem): number {
    let { id } = system;
    for (let count = 2; this.systemAt.has(id); count++) id = `${system.id}-${count}`;
    const at = this.systems.push({ ...system, id }) - 1;
    this.systemAt.set(id, at);
    return at;
  }

  findSystem(id: string): number | undefined {
    return this.systemAt.get(id);
  }

  /** Finds a reply by its text. @returns its number in the order of adding. */
  findReply(stimulus: number, system: number, text: string): number | undefined {
    for (let sample = 1; ; sample++) {
      const at = this.places.get(`${stimulus} ${system} ${sample}`);
      if (at === undefined) return undefined;
      if (this.replies[at]?.text === text) return at;
    }
  }

  /** Adds a reply; one whose sample is taken becomes the next sample. @returns its number. */
  addReply(reply: ViewReply): number {
    const { stimulus, system } = reply;
    let { sample } = reply;
    while (this.places.has(`${stimulus} ${system} ${sample}`)) sample++;
    const at = this.replies.push({ ...reply, sample }) - 1;
    this.places.set(`${stimulus} ${system} ${sample}`, at);
    this.answered.add(stimulus);
    return at;
  }

  /** Whether no stimulus has a reply. */
  get isEmpty(): boolean {
    return this.replies.length === 0;
  }

  /** Whether a stimulus has a reply. */
  isAnswered(stimulus: number): boolean {
    return this.answered.has(stimulus);
  }

  /** Says more of a system, where nothing was known. */
  describeSystem(at: number, found: Partial<ViewSystem>): void {
    const system = this.systems[at];
    if (system) this.systems[at] = { ...system, ...found, id: system.id };
  }

  /** Keeps the levels that a file gives a reply. */
  addScores(reply: number, scorer: string, scores: ReplyScores): void {
    const ofScorer = this.scores.get(scorer) ?? new Map<number, ReplyScores>();
    ofScorer.set(reply, scores);
    this.scores.set(scorer, ofScorer);
  }

  /** Puts what was added in order; stimuli and systems without a reply are left out. */
  finish(): Collection {
    const stimuli = keepUsed(this.stimuli, this.replies, ({ stimulus }) => stimulus);
    const systems = keepUsed(this.systems, this.replies, ({ system }) => system);
    const moved = this.replies.map((reply, from) => ({
      from,
      text: reply.text,
      isFree: reply.isFree ?? false,
      sample: reply.sample,
      stimulus: stimuli.positions[reply.stimulus] ?? 0,
      system: systems.positions[reply.system] ?? 0,
    }));
    moved.sort(
      (one, other) =>
        one.stimulus - other.stimulus || one.system - other.system || one.sample - other.sample,
    );
    const positions = new Int32Array(moved.length);
    const replies = moved.map(({ from, ...reply }, at) => {
      positions[from] = at;
      return reply;
    });
    const given = [...this.scores].map(([scorer, scores]) => {
      const moved = [...scores].map(([from, one]) => [positions[from] ?? 0, one] as const);
      return { scorer, scores: new Map(moved) };
    });
    return { stimuli: stimuli.kept, systems: systems.kept, replies, given };
  }
}

function keepUsed<Item>(
  items: readonly Item[],
  replies: readonly ViewReply[],
  of: (reply: ViewReply) => number,
) {
  const used = new Uint8Array(items.length);
  for (const reply of replies) used[of(reply)] = 1;
  const positions = new Int32Array(items.length);
  const kept: Item[] = [];
  for (const [at, item] of items.entries()) if (used[at]) positions[at] = kept.push(item) - 1;
  return { kept, positions };
}
