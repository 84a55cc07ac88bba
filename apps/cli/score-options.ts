import { Option } from "commander";
import { HEADS, type Head } from "empathy-scorer/training";
import type { TableFormat } from "kit/tables";
import { BALANCES, type Balance } from "../asking/choose-stimuli";
import { type RegisteredScorer, SCORER_IDS } from "../scoring/scorer-registry";
import { type AskFlags, askOptions, whole } from "./ask-options";

// What asking for scores shares with asking for replies.
const SHARED = [
  "baseUrl",
  "model",
  "provider",
  "keyFrom",
  "instructionIn",
  "temperature",
  "maxTokens",
  "modelSeed",
  "reasoning",
  "concurrency",
  "rpm",
  "tpm",
  "timeout",
  "retries",
  "maxCost",
  "price",
  "retryFailed",
] as const;

type SharedFlags = (typeof SHARED)[number] | "journal" | "dryRun";

/** What the options say of a scorer that is asked elsewhere. */
export interface RemoteFlags extends Pick<AskFlags, SharedFlags> {
  readonly scorer: RegisteredScorer["id"];
  readonly judge?: string;
  readonly judgePrompt?: string;
  readonly samples?: number;
  readonly answer?: "schema" | "text";
  readonly models?: string;
  readonly endpoint?: string;
}

/** The options of `empathy score`, as commander hands them over. */
export interface ScoreFlags extends RemoteFlags {
  readonly in?: string;
  readonly out?: string;
  readonly all?: boolean;
  readonly system?: string;
  readonly study?: string;
  readonly limit?: number;
  readonly balanced?: Balance;
  readonly seed?: number;
  readonly head: Head;
  readonly format?: TableFormat;
  readonly contextColumn: string;
  readonly replyColumn: string;
  readonly openingColumn?: string;
}

/** The options of asking elsewhere, in the order in which helps list them. */
export function remoteOptions(): Option[] {
  const names: readonly string[] = SHARED;
  return askOptions().filter((option) => names.includes(option.attributeName()));
}

/** The options of `empathy score`, in the order in which its help lists them. */
export function scoreOptions(): Option[] {
  return [
    new Option(
      "--in <file>",
      "CSV, TSV or JSONL with a context and a reply in each row; - for standard input",
    ),
    new Option("--out <file>", "the same table with the scores added; - for standard output"),
    new Option(
      "--all",
      "score every published system and the human instead: the embedded heads into data/scores, others into studies/local",
    ),
    new Option(
      "--system <id>",
      "score one system's replies instead: asked or imported ones into studies/local",
    ),
    new Option(
      "--study <name>",
      "score all systems of a study of your own instead, into its folder, for --scorer to be one of its scorers",
    ),
    whole(
      "--limit <count>",
      "of --all or --system: so many of each system at random, into --out; of --study: on the prompts that most of its systems answered",
      1,
    ),
    new Option(
      "--balanced <by>",
      "give each emotion or sentiment of --limit the same number",
    ).choices(BALANCES),
    whole("--seed <number>", "seed of --limit (default: 1)", 0),
    new Option("--scorer <name>", "who scores").choices(SCORER_IDS).default("embedded"),
    new Option(
      "--head <head>",
      "embedded: the head that imitates readings, RoBERTa classifiers, or EPITOME's labels on posts",
    )
      .choices(HEADS)
      .default("readings"),
    new Option("--format <format>", "by default what the file's name ends in").choices([
      "csv",
      "tsv",
      "jsonl",
    ]),
    new Option(
      "--context-column <name>",
      "what was said before: a JSON list, or a line for each utterance",
    ).default("context"),
    new Option("--reply-column <name>", "the text that is scored").default("reply"),
    new Option(
      "--opening-column <name>",
      "the dialogue's first utterance, where the context does not begin with it",
    ),
    new Option(
      "--judge <id>",
      "judge: a system of data/systems.json, or a new name for your server",
    ),
    new Option(
      "--judge-prompt <id>",
      "judge: an instruction of data/judge-prompts.json (default: epitome)",
    ),
    whole("--samples <count>", "judge: judgements of each reply (default: 1)", 1),
    new Option(
      "--answer <form>",
      "judge: whether the provider is sent the answer's schema",
    ).choices(["schema", "text"]),
    new Option("--models <er,ip,ex>", "openai, hosted: the model of each metric"),
    new Option("--endpoint <url>", "endpoint: the address of your own classifier"),
    new Option(
      "--journal <file>",
      "where answers are recorded (default: data/replies/scores/<scorer>.jsonl)",
    ),
    new Option("--dry-run", "ask nothing; print requests, tokens and dollars"),
    ...remoteOptions(),
  ];
}
