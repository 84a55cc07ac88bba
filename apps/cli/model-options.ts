import { type Command, Option } from "commander";

/** Adds the options of a mixed model beside its formula, as `ModelFlags` has them. */
export function defineModel(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--family <family>",
        "how the response is distributed (default: gaussian)",
      ).choices(["gaussian", "binomial", "cumulative"]),
    )
    .addOption(
      new Option("--method <method>", "for gaussian; REML by default").choices(["ML", "REML"]),
    )
    .option("--nodes <count>", "quadrature nodes, for one random intercept (default: 1)", Number)
    .option("--weights <column>", "column of prior weights, or of trials")
    .addOption(
      new Option(
        "--prior <kind>",
        "for binomial and cumulative: a weakly informative prior of the coefficients, which answers separation",
      ).choices(["cauchy", "normal"]),
    )
    .option("--offset <column>", "column that is added to the linear predictor")
    .option("--success <value>", "for binomial: which of a response's two values is modelled")
    .option("--memory <gib>", "what the model's matrices may take, in GiB (default: 4)", Number)
    .addOption(
      new Option(
        "--link <link>",
        "for binomial and cumulative (default: logit); loglog for cumulative only",
      ).choices(["logit", "probit", "cloglog", "loglog"]),
    )
    .addOption(
      new Option("--thresholds <kind>", "for cumulative (default: flexible)").choices([
        "flexible",
        "equidistant",
      ]),
    )
    .option(
      "--nominal <terms>",
      'for cumulative: terms whose effects differ from threshold to threshold, such as "kind + x"',
    )
    .option("--levels <grades>", 'the response\'s grades from the lowest, such as "Bad,Okay,Good"')
    .addOption(
      new Option("--coding <coding>", "of factors (default: treatment)").choices([
        "treatment",
        "sum",
      ]),
    )
    .addOption(
      new Option(
        "--df <kind>",
        "for gaussian (default: satterthwaite); t tests, or normal ones",
      ).choices(["satterthwaite", "kenward-roger", "normal"]),
    );
}
