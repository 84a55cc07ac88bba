// The 12,000 ratings of welivita-pu in the mirror, and what clmm made of two models of them. Ratings and raters stay
// in memory and in temporary files; golden/ratings.json holds estimates only.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { projectPath } from "test-support/project";
import type { Reference } from "./reference";

/** One row a rating. */
export type RatingColumns = Readonly<
  Record<"dialogue" | "system" | "family" | "sentiment" | "rater" | "rating", string[]>
>;

/** The models whose fits by clmm take a minute each. */
export const RATING_MODELS: Readonly<Record<string, string>> = {
  "ratings-system": "rating ~ family * sentiment + (1 | dialogue) + (1 | system)",
  "ratings-rater": "rating ~ family * sentiment + (1 | dialogue) + (1 | system) + (1 | rater)",
};

/** What the numbers 1 to 3 stand for. */
export const GRADES = ["Bad", "Okay", "Good"] as const;

const FILES = {
  "four-llms.csv": [
    "human",
    "chatgpt_empathy",
    "llama_empathy",
    "gemini_empathy",
    "mixtral_empathy",
  ],
  "gpt-4-two-prompts.csv": ["chatgpt"],
} as const;

/** Reads the ratings of six arms on 2,000 dialogues from the mirror. */
export function readRatings(mirrorFolder: string): RatingColumns {
  const columns: RatingColumns = {
    dialogue: [],
    system: [],
    family: [],
    sentiment: [],
    rater: [],
    rating: [],
  };
  for (const [file, arms] of Object.entries(FILES)) {
    const text = readFileSync(join(mirrorFolder, "welivita-pu", file));
    const rows: Record<string, string>[] = parse(text, { columns: true });
    for (const row of rows) for (const arm of arms) addRating(columns, row, arm);
  }
  return columns;
}

function addRating(columns: RatingColumns, row: Record<string, string>, arm: string): void {
  columns.dialogue.push(row.dialog_id as string);
  columns.system.push(arm);
  columns.family.push(arm === "human" ? "human" : "llm");
  columns.sentiment.push(row.sentiment as string);
  columns.rater.push(row[`annotator_${arm}`] as string);
  columns.rating.push(GRADES[Number(row[`rating_${arm}`]) - 1] as string);
}

/** clmm's estimates, with their origin. */
export interface RatingsGolden {
  readonly origin: Readonly<Record<"script" | "command" | "ordinal", string>>;
  readonly models: readonly Reference[];
}

const GOLDEN_FILE = projectPath("packages", "mixed-models", "test", "golden", "ratings.json");

export function readRatingsGolden(): RatingsGolden {
  return JSON.parse(readFileSync(GOLDEN_FILE, "utf8"));
}

/** Keeps what clmm found. */
export function writeRatingsGolden(golden: RatingsGolden): void {
  writeFileSync(GOLDEN_FILE, `${JSON.stringify(golden, undefined, 2)}\n`);
}
