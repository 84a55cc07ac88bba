import { Command, InvalidArgumentError } from "commander";
import { didYouMean } from "kit";

/** A command that names an unknown option before it asks for one that is missing. */
export class EmpathyCommand extends Command {
  override createCommand(name?: string): Command {
    return new EmpathyCommand(name);
  }

  // commander looks for missing options first, though a misspelt one is most often the reason.
  override parseOptions(args: string[]): ReturnType<Command["parseOptions"]> {
    const parsed = super.parseOptions(args);
    if (parsed.unknown.length > 0) {
      for (const option of this.options) option.makeOptionMandatory(false);
    }
    return parsed;
  }
}

/** Two ways to call a command, without `npx` before them. */
export type Examples = readonly [string, string];

/** Ends a command's help with two examples. */
export function addExamples(command: Command, examples: Examples): void {
  const lines = examples.map((example) => `  npx ${example}`);
  command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}

/** Has every option with a choice of values suggest the nearest where another is given. */
export function suggestChoices(command: Command): void {
  for (const option of command.options) {
    const choices = option.argChoices;
    if (!choices || option.variadic) continue;
    option.argParser((given: string) => {
      if (choices.includes(given)) return given;
      const nearest = didYouMean(given, choices).replace("; did", " Did");
      throw new InvalidArgumentError(`Allowed choices are ${choices.join(", ")}.${nearest}`);
    });
  }
}
