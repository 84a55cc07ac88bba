// Replies to posts that ask for help (Gabriel et al. 2024, arXiv 2405.12021), by GPT-3.5 and GPT-4 under five styles of
// prompt and by peers, with the levels that came with them (another classifier's), which are counted and never kept row by row.

/** Who replied, under which instruction. */
export interface PostSystem {
  /** Name of the table of its scores. */
  readonly id: string;
  /** Model, or `peers`. */
  readonly writer: string;
  readonly instruction: string;
}

export const PEERS = "peers";

export const WRITERS: Readonly<Record<string, string>> = {
  "mh-eval-gpt35": "GPT-3.5",
  "mh-eval-gpt4": "GPT-4",
  "mh-eval-peers": PEERS,
};

// Which of the last two is which is not known: the files' names run against the repository's code. So they are one.
export const INSTRUCTIONS: Readonly<Record<string, string>> = {
  "social media": "social media",
  "mental health forum": "mental health forum",
  clinician: "clinician",
  "forum with demographics": "forum, two prompts",
  "forum w/o demographics": "forum, two prompts",
};

/** Everyone who replied to posts: two models under four instructions, and peers. */
export const POST_SYSTEMS: readonly PostSystem[] = [
  ...["GPT-3.5", "GPT-4"].flatMap((writer) =>
    [...new Set(Object.values(INSTRUCTIONS))].map((instruction) => toSystem(writer, instruction)),
  ),
  toSystem(PEERS, "none"),
];

export function toSystem(writer: string, instruction: string): PostSystem {
  const name = instruction === "none" ? writer : `${writer} ${instruction}`;
  return { id: name.toLowerCase().replaceAll(",", "").replaceAll(" ", "-"), writer, instruction };
}
