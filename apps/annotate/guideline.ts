import type { Metric } from "empathy-scorer";

/** What raters are told of one question. The examples were written for this package. */
export interface Guideline {
  /** A metric, or whether the reply fits. */
  readonly asks: Metric | "fit";
  readonly name: string;
  readonly question: string;
  /** What the levels from 0 on mean, each with a reply as an example. */
  readonly levels: readonly (readonly [label: string, meaning: string, example: string])[];
}

/** What the speaker says to whom the examples reply. */
export const EXAMPLE_PROMPT =
  "I trained for this marathon all year, and on the morning I slipped on the stairs and broke my wrist.";

/** The three mechanisms that EPITOME defines (Sharma et al. 2020), in words of our own, and whether the reply is an answer at all. */
export const GUIDELINES: readonly Guideline[] = [
  {
    asks: "er",
    name: "Emotional reaction",
    question: "Does the listener show warmth, concern or compassion?",
    levels: [
      ["none", "no feeling for the speaker shows", "Marathons are about 42 kilometres long."],
      ["weak", "a feeling is hinted at, none is named", "Get well soon, and good luck next time!"],
      [
        "strong",
        "the listener names what he or she feels for the speaker",
        "I feel so sad for you, after a whole year of work.",
      ],
    ],
  },
  {
    asks: "ip",
    name: "Interpretation",
    question: "Does the listener show that he or she understands how it is for the speaker?",
    levels: [
      ["none", "nothing is said of what the speaker lives through", "Take the lift next time."],
      ["weak", "understanding is claimed, not shown", "I know exactly what you mean."],
      [
        "strong",
        "the speaker's feeling or situation is put into words, or likened to one's own",
        "To lose it on the very morning must feel like being robbed of that year.",
      ],
    ],
  },
  {
    asks: "ex",
    name: "Exploration",
    question: "Does the listener try to learn more of what the speaker lives through?",
    levels: [
      ["none", "nothing is asked about it", "Running is good for the heart."],
      ["weak", "a question that would fit anything", "Oh, what happened then?"],
      [
        "strong",
        "a question about this speaker's experience or feeling",
        "Are you more angry about the wrist, or about the race that you missed?",
      ],
    ],
  },
  {
    asks: "fit",
    name: "Fit",
    question: "Does the reply make sense as an answer to what was said?",
    levels: [
      [
        "no",
        "it is about something else, contradicts what was said, or takes the listener for the speaker",
        "Congratulations, you must be so happy that you won!",
      ],
      [
        "yes",
        "a listener might say it here, kind or not",
        "Marathons are about 42 kilometres long.",
      ],
    ],
  },
];
