// Whether a file's prompts look chosen by what the human listener answered: then its systems are held against people who all
// asked, or all wrote at length. Told from the human replies, so that nobody has to know of it.
import { groupBy } from "../group-by";

/** A human reply, as far as prompts may be chosen by it. */
export interface HumanReply {
  /** Like is compared with like: a first turn with first turns, a last one with last ones. */
  readonly kind: string;
  /** Whether it asks: holds a question mark, or explores by a head. */
  readonly asks: boolean;
  readonly words: number;
}

/** What prompts may be chosen by: whether the human listener asks, or writes more than is usual at such turns. */
export type Criterion = "asking" | "length";

/** How often human replies meet a criterion at a file's prompts, and at such turns of the corpus. */
export interface PromptShare {
  readonly by: Criterion;
  /** Number of prompts with a human reply to compare. */
  readonly prompts: number;
  readonly share: number;
  /** The corpus's share at turns of the same kinds, in the same numbers. */
  readonly expected: number;
  readonly z: number;
  /** Whether the prompts look chosen. */
  readonly isChosen: boolean;
}

/** By how much the share has to differ, and by how many standard errors, for prompts to look chosen. */
export const CHOSEN = { share: 0.25, z: 5 } as const;

/**
 * Compares the human replies at a file's prompts with the corpus's at turns of the same kinds.
 *
 * Prompts look chosen if the shares differ by more than 25 points and by more than five standard errors. A reply counts as long
 * above the corpus's median at such turns. Prompts of a kind that the corpus lacks are left out.
 *
 * @returns one entry a criterion; none if there is nothing to compare.
 */
export function comparePrompts(
  prompts: readonly HumanReply[],
  corpus: readonly HumanReply[],
): PromptShare[] {
  const usual = usualWords(corpus);
  const known = prompts.filter(({ kind }) => usual.has(kind));
  if (known.length === 0) return [];
  const isLong = ({ kind, words }: HumanReply) => words > (usual.get(kind) as number);
  return [
    compareShares("asking", known, corpus, ({ asks }) => asks),
    compareShares("length", known, corpus, isLong),
  ];
}

function compareShares(
  by: Criterion,
  prompts: readonly HumanReply[],
  corpus: readonly HumanReply[],
  meets: (reply: HumanReply) => boolean,
): PromptShare {
  const reference = countByKind(corpus, meets);
  const sums = { meeting: 0, expected: 0, variance: 0 };
  for (const [kind, { replies, meeting }] of countByKind(prompts, meets)) {
    const of = reference.get(kind) as Count;
    // Half a reply more on either side, as a share of none or all has no variance.
    const share = (of.meeting + 0.5) / (of.replies + 1);
    sums.meeting += meeting;
    sums.expected += (replies * of.meeting) / of.replies;
    sums.variance += share * (1 - share) * (replies + replies ** 2 / of.replies);
  }
  const share = sums.meeting / prompts.length;
  const expected = sums.expected / prompts.length;
  const z = (sums.meeting - sums.expected) / Math.sqrt(sums.variance);
  const isChosen = Math.abs(share - expected) > CHOSEN.share && Math.abs(z) > CHOSEN.z;
  return { by, prompts: prompts.length, share, expected, z, isChosen };
}

interface Count {
  replies: number;
  meeting: number;
}

function countByKind(replies: readonly HumanReply[], meets: (reply: HumanReply) => boolean) {
  const counts = new Map<string, Count>();
  for (const reply of replies) {
    const count = counts.get(reply.kind) ?? { replies: 0, meeting: 0 };
    count.replies++;
    if (meets(reply)) count.meeting++;
    counts.set(reply.kind, count);
  }
  return counts;
}

function usualWords(corpus: readonly HumanReply[]): Map<string, number> {
  const median = (replies: readonly HumanReply[]) =>
    replies.map(({ words }) => words).sort((one, other) => one - other)[
      replies.length >> 1
    ] as number;
  const byKind = groupBy(corpus, ({ kind }) => kind);
  return new Map([...byKind].map(([kind, replies]) => [kind, median(replies)]));
}

/**
 * The kind of a listener's turn: the last one (people part rather than ask), else the first, else one between.
 *
 * @param utterances number of the dialogue's utterances.
 */
export function kindOfTurn(turn: number, utterances: number): "first" | "between" | "last" {
  if (turn + 2 > utterances) return "last";
  return turn === 2 ? "first" : "between";
}

const MEETS = {
  asking: "ask",
  length: "are longer than is usual",
} as const;

/** Says in a sentence that prompts look chosen, and what follows from it. */
export function describeChosen({ by, share, expected }: PromptShare): string {
  return (
    `its prompts look chosen by the human reply: ${percent(share)} of the human replies there ${MEETS[by]}, against ` +
    `${percent(expected)} at such turns of the corpus, so that comparing it with these people says little of people in general`
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
