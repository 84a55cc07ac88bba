/** How a prompt feels to the person who wrote it, as the study groups the 32 emotions. */
export type Sentiment = "positive" | "negative" | "ambiguous";

/** The three sentiments in the order in which tables and figures show them. */
export const SENTIMENTS: readonly Sentiment[] = ["positive", "negative", "ambiguous"];

/** The 32 emotions of EmpatheticDialogues, sorted by name (Rashkin et al. 2019, table 1). */
export const EMOTIONS = [
  "afraid",
  "angry",
  "annoyed",
  "anticipating",
  "anxious",
  "apprehensive",
  "ashamed",
  "caring",
  "confident",
  "content",
  "devastated",
  "disappointed",
  "disgusted",
  "embarrassed",
  "excited",
  "faithful",
  "furious",
  "grateful",
  "guilty",
  "hopeful",
  "impressed",
  "jealous",
  "joyful",
  "lonely",
  "nostalgic",
  "prepared",
  "proud",
  "sad",
  "sentimental",
  "surprised",
  "terrified",
  "trusting",
] as const;

/** One of the 32 emotion labels. */
export type Emotion = (typeof EMOTIONS)[number];

// The study (arXiv 2310.08017) prints how many test dialogues fall in each group, not which emotion
// belongs to which. This grouping is inferred from those counts; see docs/data.md.
const AMBIGUOUS = new Set<Emotion>(["anticipating", "apprehensive", "nostalgic", "surprised"]);
const NEGATIVE = new Set<Emotion>([
  "afraid",
  "angry",
  "annoyed",
  "anxious",
  "ashamed",
  "devastated",
  "disappointed",
  "disgusted",
  "embarrassed",
  "furious",
  "guilty",
  "jealous",
  "lonely",
  "sad",
  "terrified",
]);

const names: ReadonlySet<string> = new Set(EMOTIONS);

/** Whether a label is one of the 32 emotions. */
export function isEmotion(label: string): label is Emotion {
  return names.has(label);
}

/**
 * Gives the sentiment group of an emotion: 13 positive, 15 negative, 4 ambiguous.
 *
 * The grouping is inferred: with it the test dialogues count 1,040 positive and 348 ambiguous, as the
 * study prints, and 1,158 negative where the study prints 1,157.
 *
 * @example
 * sentimentOf("lonely"); // => "negative"
 */
export function sentimentOf(emotion: Emotion): Sentiment {
  if (AMBIGUOUS.has(emotion)) return "ambiguous";
  return NEGATIVE.has(emotion) ? "negative" : "positive";
}
