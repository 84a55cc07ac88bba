import type { Interface, Shown } from "ask-models";
import { INSTRUCTION_PLACES, type InstructionPlace } from "ask-models";
import { InvalidArgumentError, Option } from "commander";
import type { PoolName } from "../../src/asking/retrieval-provider";
import type { Turns } from "../../src/asking/stimuli";
import { BALANCES, type Balance } from "../asking/choose-stimuli";
import { type RegisterFlags, registerOptions } from "./entry-fields";
import { parseSeconds, parseWhole } from "./parse-options";

/** The options of `empathy ask`, as commander hands them over. */
export interface AskFlags extends RegisterFlags {
  readonly system?: string;
  readonly as?: string;
  readonly baseUrl?: string;
  readonly model?: string;
  readonly provider?: "openai" | "openai-compatible" | "huggingface";
  readonly keyFrom?: string;
  readonly pool?: PoolName;
  readonly grid?: string;
  readonly stimuli?: string;
  readonly turns?: Turns;
  readonly language?: string;
  readonly limit?: number;
  readonly sample?: number;
  readonly balanced?: Balance;
  readonly seed?: number;
  readonly prompt?: string;
  readonly shown?: Shown;
  readonly instructionIn?: InstructionPlace;
  readonly interface?: Interface;
  readonly temperature?: number;
  readonly topP?: number;
  readonly maxTokens?: number;
  readonly modelSeed?: number;
  readonly reasoning?: string;
  readonly samples?: number;
  readonly journal?: string;
  readonly table?: string;
  readonly concurrency: number;
  readonly rpm?: number;
  readonly tpm?: number;
  readonly timeout: number;
  readonly retries?: number;
  readonly maxCost?: number;
  readonly price?: { readonly input: number; readonly output: number };
  readonly retryFailed?: boolean;
  readonly dryRun?: boolean;
  readonly batch?: "submit" | "status" | "collect";
  readonly json?: boolean;
}

// What a grid's file says, and the command cannot say beside it.
const OF_ONE_SYSTEM = [
  "system",
  "as",
  "baseUrl",
  "model",
  "provider",
  "keyFrom",
  "pool",
  "prompt",
  "shown",
  "instructionIn",
  "interface",
  "temperature",
  "topP",
  "maxTokens",
  "modelSeed",
  "reasoning",
  "samples",
  "price",
  "batch",
  "name",
];

/** The options of `empathy ask`, in the order in which its help lists them. */
export function askOptions(): Option[] {
  return [
    new Option("--system <id>", "whom to ask: an asked or embedded system of data/systems.json"),
    new Option("--as <id>", "the name to record replies under; a new one for a server of your own"),
    new Option("--base-url <url>", "ask a server of your own that speaks OpenAI's protocol"),
    new Option(
      "--model <name>",
      "the model, as the provider names it, in place of the registered one",
    ),
    new Option(
      "--provider <name>",
      "the client to ask with, in place of the registered one",
    ).choices(["openai", "openai-compatible", "huggingface"]),
    new Option("--key-from <variable>", "the environment variable that holds the key"),
    new Option(
      "--pool <name>",
      "where `retrieval` finds replies (default: sample; train for test)",
    ).choices(["sample", "train"]),
    new Option(
      "--grid <file>",
      "ask models x prompts x temperatures x samples, as a file like those of data/grids says",
    ).conflicts(OF_ONE_SYSTEM),
    new Option(
      "--stimuli <name>",
      "sample, test, a number to draw from test, or a CSV, TSV or JSONL file (default: sample)",
    ),
    new Option(
      "--turns <which>",
      "of each dialogue, the first reply or all (default: first)",
    ).choices(["first", "all"]),
    new Option("--language <code>", "of the file's stimuli that name none, such as de").argParser(
      parseLanguage,
    ),
    whole("--limit <count>", "ask for the first so many stimuli only", 0),
    whole("--sample <count>", "ask for so many at random, spread over the emotions", 1),
    new Option(
      "--balanced <by>",
      "give each emotion or sentiment of --sample the same number",
    ).choices(BALANCES),
    whole("--seed <number>", "seed of --sample (default: 1)", 0),
    new Option(
      "--prompt <id|file>",
      "a template of data/prompts.json, or a JSON file with one of your own",
    ),
    new Option("--shown <part>", "how much of the context is shown").choices(["all", "last"]),
    new Option(
      "--instruction-in <role>",
      "where a chat model is told the prompt: system, or user for models without that role",
    ).choices(INSTRUCTION_PLACES),
    new Option("--interface <form>", "the form of request").choices(["chat", "completion"]),
    number("--temperature <number>", "sampling temperature", 0, 10),
    number("--top-p <number>", "nucleus of sampling, up to 1", Number.MIN_VALUE, 1),
    whole("--max-tokens <count>", "longest reply, in tokens", 1),
    whole("--model-seed <number>", "the seed that the model is sent", 0),
    new Option("--reasoning <effort>", "how long a reasoning model thinks, such as none"),
    whole("--samples <count>", "replies per stimulus", 1),
    new Option("--journal <file>", "where to record (default: data/replies/<system>.jsonl)"),
    new Option(
      "--table <file>",
      "write contexts and replies as a CSV table, for empathy score",
    ).conflicts(["dryRun", "batch"]),
    whole("--concurrency <count>", "requests under way at once", 1).default(8),
    number("--rpm <count>", "at most so many requests a minute", Number.MIN_VALUE),
    number("--tpm <count>", "at most so many tokens a minute", Number.MIN_VALUE),
    new Option("--timeout <seconds>", "how long one attempt may take")
      .argParser(parseSeconds)
      .default(120),
    whole("--retries <count>", "further attempts after a temporary failure (default: 5)", 0),
    number("--max-cost <usd>", "stop before this run costs more than so many dollars", 0),
    new Option(
      "--price <in,out>",
      "dollars per million tokens, where data/prices.json has none",
    ).argParser(parsePrice),
    new Option("--retry-failed", "ask again what failed"),
    new Option(
      "--dry-run",
      "ask nothing; print requests, tokens and dollars, for every system by default",
    ),
    new Option("--batch <step>", "use OpenAI's Batch API").choices(["submit", "status", "collect"]),
    ...registerOptions(["model", "shown"]),
    new Option("--json", "print the result as JSON"),
  ];
}

/** An option that takes a whole number. */
export function whole(flags: string, description: string, least: number): Option {
  return new Option(flags, description).argParser(parseWhole(least));
}

/** An option that takes a number. */
export function number(flags: string, description: string, least: number, most = Infinity): Option {
  return new Option(flags, description).argParser((text: string) => {
    const value = Number(text);
    if (text.trim() !== "" && value >= least && value <= most && Number.isFinite(value))
      return value;
    const range = least > 0 ? "above 0" : "from 0";
    throw new InvalidArgumentError(
      `It should be a number ${range}${most === Infinity ? "" : ` to ${most}`}.`,
    );
  });
}

function parseLanguage(text: string): string {
  if (/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(text)) return text;
  throw new InvalidArgumentError("It should be the code of a language, such as de or pt-BR.");
}

function parsePrice(text: string): { input: number; output: number } {
  const found = /^(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)$/.exec(text);
  if (found) return { input: Number(found[1]), output: Number(found[2]) };
  throw new InvalidArgumentError("It should be two numbers, such as 0.4,1.6.");
}
