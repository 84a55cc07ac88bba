import { existsSync } from "node:fs";
import { dirname, relative } from "node:path";
import type { Command } from "commander";
import { countNoun, largest, UserError } from "kit";
import { keepFile } from "kit/files";
import { hasResults } from "../../src/claims/results-tables";
import { projectPath } from "../../src/project";
import {
  checkStudy,
  listLocalSystems,
  listStudies,
  PUBLISHED_STUDY,
  readStudy,
  STUDIES,
  STUDY_FILE,
  type Study,
  studyFolder,
  systemsIn,
} from "../../src/study/study";
import { readSystems, type System } from "../../src/systems/system";
import { requireStudyName } from "../archive/study-name";
import { claimsOf } from "../pipeline/study-claims";
import { addExamples } from "./empathy-command";
import { given } from "./given";
import { parseList } from "./parse-list";
import { printable } from "./printable";
import { defineExport, defineOpen } from "./study-archive";
import { defineStudyFigures } from "./study-figures";
import { definePower } from "./study-power";
import { defineStudyTables } from "./study-tables";

interface Flags {
  readonly from: string;
  readonly title?: string;
  readonly systems?: readonly string[];
  readonly prompts?: readonly string[];
  readonly scorers?: readonly string[];
  readonly claims?: readonly string[];
  readonly formula?: string;
  readonly fewest?: number;
}

/** Adds `empathy study new`, `list`, `power`, `figures`, `tables`, `export` and `open`. */
export function defineStudy(command: Command): void {
  const fresh = command
    .command("new")
    .description("make a study of your own: studies/NAME/study.json, to edit or as it is")
    .argument("<name>", "lower-case letters, digits and hyphens")
    .option(
      "--from <study>",
      "what to begin with: published (all public replies, and your own systems), study (people, the models and older systems of arXiv 2310.08017, and your own), sample (people and your own, on the sample corpus), or a study of yours",
      PUBLISHED_STUDY.name,
    )
    .option("--title <text>", "what its report is called")
    .option(
      "--systems <ids>",
      "systems, or the groups published, study, own; with commas",
      parseList,
    )
    .option(
      "--prompts <ids>",
      "of your own systems, those asked with these prompts only",
      parseList,
    )
    .option("--scorers <names>", "folders of score tables; the first is the main one", parseList)
    .option("--claims <ids>", "some of the claims only", parseList)
    .option(
      "--formula <formula>",
      "the study's own model, over share, replies, family, sentiment, system",
    )
    .option("--fewest <n>", "replies that a system needs to prompts of each sentiment", Number)
    .action((name: string, flags: Flags) => makeStudy(name, flags));
  addExamples(fresh, [
    "empathy study new trial --from sample",
    "empathy study new mine --systems human,gpt-4-plain,kemp,my-system",
  ]);
  const list = command
    .command("list")
    .description("list every study, its systems, and whether it has results")
    .option("--json", "print the list as JSON")
    .action(listAll);
  addExamples(list, ["empathy study list", "empathy study list --json"]);
  defineExport(command);
  defineOpen(command);
  defineStudyFigures(command.command("figures"));
  defineStudyTables(command.command("tables"));
  definePower(command);
}

function makeStudy(name: string, flags: Flags): void {
  const path = projectPath(STUDIES, name, STUDY_FILE);
  requireStudyName(name);
  if (existsSync(path)) {
    throw new UserError(`${path}: already exists; edit it, or choose another name`);
  }
  const own = {
    title: flags.title,
    systems: flags.systems,
    prompts: flags.prompts,
    scorers: flags.scorers,
    claims: flags.claims,
    formula: flags.formula,
    fewestReplies: flags.fewest,
  };
  const study: object = { ...startOf(flags.from), ...given(own), name };
  checkStudy(study, path);
  claimsOf(projectPath(), dirname(path), study);
  keepFile(
    path,
    `${JSON.stringify({ $schema: "../../data/study.schema.json", ...study }, null, 2)}\n`,
  );
  process.stdout.write(
    printable(
      `${relative(process.cwd(), path)}: ${countNoun(systemsOf(study).length, "system")}\n` +
        `Run it with \`npm run reproduce -- --study ${name}\`; tables, figures, notebooks and report stand in ${STUDIES}/${name}/ then.\n`,
    ),
  );
}

// The sample corpus has 64 prompts in all.
const FEWEST_OF_SAMPLE = 5;

// What a new study begins with; what it does not say is as in the published study.
function startOf(from: string): Partial<Study> {
  const { name, fewestReplies } = PUBLISHED_STUDY;
  if (from === PUBLISHED_STUDY.name) return { name, systems: ["published", "own"], fewestReplies };
  if (from === "sample") {
    return { name, corpus: "sample", systems: ["human", "own"], fewestReplies: FEWEST_OF_SAMPLE };
  }
  if (from === "study") return { name, systems: ["study", "own"], fewestReplies };
  return readStudy(studyFolder(from));
}

function systemsOf(study: Partial<Study>): System[] {
  return systemsIn({ ...PUBLISHED_STUDY, ...study }, listLocalSystems(projectPath()));
}

function listAll({ json }: { json?: boolean }): void {
  const studies = [PUBLISHED_STUDY.name, ...listStudies()].map((name) => {
    const folder = studyFolder(name);
    const systems = systemsOf(readStudy(folder));
    return {
      name,
      folder: relative(process.cwd(), folder) || ".",
      systems: systems.map(({ id }) => id),
      hasResults: hasResults({ root: folder }),
    };
  });
  if (json) {
    process.stdout.write(`${JSON.stringify(studies, null, 2)}\n`);
    return;
  }
  const width = largest(studies.map(({ name }) => name.length));
  const lines = studies.map(({ name, systems, hasResults, folder }) => {
    const count = `${systems.length} of ${readSystems().length} systems`;
    return `${name.padEnd(width)}  ${count}  ${hasResults ? `results in ${folder}` : "not run yet"}`;
  });
  process.stdout.write(printable(`${lines.join("\n")}\n`));
}
