import { UserError } from "kit";

// What the package calls its options is called otherwise on the command line.
const NAMES: readonly [RegExp, string][] = [
  [
    /^effects: (.*) not given; state every coefficient$/,
    "$1 not given; state every coefficient with --effect NAME=VALUE",
  ],
  [
    /^sds: (.*) not given; state every standard deviation$/,
    "$1 not given; state every standard deviation with --sd GROUP=VALUE",
  ],
  [/^thresholds (are|for)/, "--cuts: thresholds $1"],
  [/^effects: /, "--effect: "],
  [/^sds: /, "--sd: "],
  [/^sds of /, "--sd of "],
  [/^within: /, "--rows: "],
  [/^(groups|test|term): /, "--$1: "],
];

/**
 * Takes a step of a power simulation, and has its messages name the command's options.
 *
 * @throws UserError as the step does.
 */
export async function namingOptions<Value>(step: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const found = NAMES.find(([pattern]) => pattern.test(error.message));
    throw found ? new UserError(error.message.replace(...found)) : error;
  }
}
