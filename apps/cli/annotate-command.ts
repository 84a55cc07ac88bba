import { type Command, Option } from "commander";
import { METRICS } from "empathy-scorer";
import { PUBLISHED_STUDY } from "../../src/study/study";
import { DISAGREEMENT_RULE } from "../annotate/disagreement";
import { planStudy, SHARED_REPLIES, writePages } from "./annotate-plan";
import { readStudy } from "./annotate-read";
import { whole } from "./ask-options";
import { WIDTH_OPTION } from "./figure-file";

const ABOUT = `
\`plan\` draws the replies and writes one page for each rater, \`pages\` writes the pages of a plan that is there, and \`read\`
reads what the raters send back.
docs/people.md says how to run such a study.`;

const PLAN_EXAMPLES = `
Examples:
  empathy annotate plan --systems human,kemp,gpt-4-empathy --budget 400 --raters 3 --dry-run
  empathy annotate plan --replies scored.csv --budget 200 --raters 2 --overlap 30 --out annotations/pilot`;

const PAGES_EXAMPLES = `
Examples:
  empathy annotate pages --plan data/plans/disagreement.json --out annotations/disagreement
  empathy annotate pages --plan plan.json --out annotations/again`;

const READ_EXAMPLES = `
Examples:
  empathy annotate read --plan annotations/study/plan.json --rater ana.csv ben.csv
  empathy annotate read --plan annotations/study/plan.json --rater ana.csv expert.csv --only expert --readings studies/mine/data/readings/readings.csv`;

/** Says what `empathy annotate plan` and `annotate read` take and do. */
export function defineAnnotate(command: Command): void {
  command.addHelpText("after", ABOUT);
  definePlan(command.command("plan"));
  definePages(command.command("pages"));
  defineRead(command.command("read"));
}

function definePlan(command: Command): void {
  command
    .description("draw replies for people to rate, and write one page for each rater")
    .option("--systems <ids>", "scored systems of data/systems.json, separated by commas")
    .option("--scorer <name>", "whose levels, a folder of data/scores", PUBLISHED_STUDY.scorers[0])
    .option(
      "--replies <file>",
      "or: a table of your own, with the levels that `empathy score` adds",
    )
    .option("--sample", "or: the sample corpus, and what systems replied to it on this machine")
    .addOption(
      whole(
        "--disagreement [replies]",
        "or: so many of people, LLMs and older systems each on which readings and scorer disagree most",
        1,
      ).preset(String(DISAGREEMENT_RULE.ofFamily)),
    )
    .addOption(whole("--budget <readings>", "replies read by all raters together", 1).default(400))
    .addOption(whole("--raters <count>", "pages to write, one for each rater", 1).default(3))
    .addOption(
      whole(
        "--overlap <replies>",
        `that every rater reads (default: ${SHARED_REPLIES}, or half of what one reads where that is fewer)`,
        0,
      ),
    )
    .addOption(
      new Option("--metric <metric>", "make the most of one metric (default: of all)").choices(
        METRICS,
      ),
    )
    .addOption(whole("--seed <number>", "of the draw", 0).default(1))
    .option(
      "--out <place>",
      "a folder for plan and pages, or NAME.json for the plan alone",
      "annotations/study",
    )
    .option("--dry-run", "say the expected half-widths, and write nothing")
    .addHelpText("after", PLAN_EXAMPLES)
    .action(planStudy);
}

function definePages(command: Command): void {
  command
    .description("write the pages of a plan, one for each rater")
    .requiredOption("--plan <file>", "a plan of published replies, such as those of data/plans")
    .requiredOption("--out <folder>", "where a copy of the plan and the pages go")
    .addHelpText("after", PAGES_EXAMPLES)
    .action(writePages);
}

function defineRead(command: Command): void {
  command
    .description("join the raters' files to the plan: agreement, and mean levels")
    .requiredOption("--plan <file>", "the plan.json that the pages were made with")
    .requiredOption("--rater <files...>", "what the raters sent, in any order, whole or in part")
    .option("--only <names...>", "estimate from these raters' levels only")
    .option("--json", "print everything as JSON")
    .option("--csv <file>", "write the mean levels as a table")
    .option("--figure <file>", "draw the mean levels: .pdf, .svg, .png")
    .option(...WIDTH_OPTION)
    .option(
      "--readings <file>",
      "add people's levels to a readings.csv, such as that of a study of yours",
    )
    .addHelpText("after", READ_EXAMPLES)
    .action(readStudy);
}
