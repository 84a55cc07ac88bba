import { Option } from "commander";
import { whole } from "./ask-options";
import { type RemoteFlags, remoteOptions } from "./score-options";

/** The options of `empathy read`, as commander hands them over. */
export interface ReadFlags extends Omit<RemoteFlags, "scorer" | "judge" | "models" | "endpoint"> {
  readonly system: string;
  readonly replies: number;
  readonly people: boolean;
  readonly seed: number;
  readonly calibration: number;
  readonly design: string;
  readonly reader?: string;
  readonly samples: number;
  readonly judgePrompt: string;
  readonly study?: string;
  readonly sample?: boolean;
  readonly out?: string;
  readonly withPublished?: boolean;
}

/** The options of `empathy read`, in the order in which its help lists them. */
export function readOptions(): Option[] {
  return [
    new Option(
      "--system <ids>",
      "whose replies are read: published, asked or imported systems, with commas",
    ).makeOptionMandatory(),
    whole("--replies <count>", "of each system, at random within sentiment and turn", 1).default(
      100,
    ),
    new Option("--no-people", "leave out people's replies to the same turns"),
    whole("--seed <number>", "of the draw and of the order in which replies are read", 0).default(
      1,
    ),
    whole("--calibration <count>", "pairs of EPITOME with people's labels, mixed in", 0).default(
      60,
    ),
    new Option("--study <name>", "the study of yours that the readings are for"),
    new Option("--sample", "without --study: replies to the sample corpus").conflicts("study"),
    new Option(
      "--out <file>",
      "where readings go (default: data/readings/readings.csv of the study)",
    ),
    new Option("--with-published", "put the published readings into the file, too"),
    new Option("--design <name>", "what the draw is called in the file").default("own"),
    new Option(
      "--reader <id>",
      "who reads: a system of data/systems.json, or a new name for your server (default: made from --model)",
    ),
    new Option("--judge-prompt <id>", "an instruction of data/judge-prompts.json").default(
      "reading",
    ),
    whole("--samples <count>", "readings of each reply, by readers r1, r2, …", 1).default(1),
    new Option("--answer <form>", "whether the provider is sent the answer's schema").choices([
      "schema",
      "text",
    ]),
    new Option(
      "--journal <file>",
      "where answers are recorded (default: data/replies/scores/judge-<reader>-reading.jsonl)",
    ),
    new Option("--dry-run", "ask nothing; print requests, tokens and dollars"),
    ...remoteOptions(),
  ];
}
