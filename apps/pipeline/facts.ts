// Results that sentences give. A number in the prose that a comment follows, as in `2,546<!--=test.dialogues-->`, is the
// run's to write: no rerun leaves a stale sentence.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { didYouMean, UserError } from "kit";
import { readCorpusTable } from "../../src/corpus/corpus-table";
import { SENTIMENTS } from "../../src/corpus/emotions";
import { readCoverage, readOverlap } from "../../src/systems/coverage";
import { readStyles } from "../../src/systems/reply-style";
import { findSystem, readSystems } from "../../src/systems/system";
import { readEvaluation } from "../../src/validity/evaluation-file";

const WORDS = [
  "no",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
  "thirteen",
  "fourteen",
  "fifteen",
  "sixteen",
  "seventeen",
  "eighteen",
  "nineteen",
  "twenty",
];

/**
 * The results that sentences may give, by name, as they are written.
 *
 * @param root the project's root; the tables below its `data` are read.
 * @throws UserError if a table is missing or broken.
 */
export function computeFacts(root: string): ReadonlyMap<string, string> {
  const published = (name: string) => join(root, "data", "published", name);
  return new Map([
    ...corpusFacts(join(root, "data", "corpus", "test.csv")),
    ...coverageFacts(published("coverage.csv")),
    ...styleFacts(published("style.csv")),
    ...readOverlap(published("overlap.csv")).map(
      ({ group, other, stimuli }) => [`shared.${group}.${other}`, count(stimuli)] as const,
    ),
    ...kappaFacts(join(root, "data", "validity", "evaluation.json")),
  ]);
}

// A copy of a part of the project may lack it; a marker that then names a kappa is refused.
function kappaFacts(path: string): [string, string][] {
  if (!existsSync(path)) return [];
  return readEvaluation(path).epitome.map(({ metric, crossValidated: { kappa } }) => [
    `kappa.${metric}`,
    kappa.value.toFixed(2).replace(/^0/, ""),
  ]);
}

function corpusFacts(path: string): [string, string][] {
  const rows = readCorpusTable(path);
  return [
    ["test.dialogues", count(rows.length)],
    ...SENTIMENTS.map((one): [string, string] => [
      `test.${one}`,
      count(rows.filter(({ sentiment }) => sentiment === one).length),
    ]),
  ];
}

function coverageFacts(path: string): [string, string][] {
  const coverage = readCoverage(path);
  const systems = readSystems();
  const families = coverage.map(({ system }) => findSystem(systems, system).family);
  const ofFamily = (family: string) => families.filter((one) => one === family).length;
  return [
    ["systems", String(coverage.length)],
    ...["ecs", "llm", "tuned-llm"].map((family): [string, string] => [
      `systems.${family}`,
      WORDS[ofFamily(family)] ?? String(ofFamily(family)),
    ]),
    ...coverage.flatMap(({ system, records, stimuli }): [string, string][] => [
      [`prompts.${system}`, count(stimuli)],
      [`records.${system}`, count(records)],
    ]),
  ];
}

function styleFacts(path: string): [string, string][] {
  return readStyles(path).flatMap(
    ({ system, meanWords, stockShare, questionShare }): [string, string][] => [
      [`words.${system}`, meanWords.toFixed(0)],
      [`stock.${system}`, percent(stockShare)],
      [`questions.${system}`, percent(questionShare)],
    ],
  );
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}

function percent(share: number): string {
  return (100 * share).toFixed(share < 0.01 ? 1 : 0);
}

// Sought from where a word begins only: a picture in a notebook is one word of a hundred thousand letters.
const MARKED = /(?<![^\s<>()*|"])([^\s<>()*|"]+)<!--=([\w.-]+)-->/g;

/**
 * Puts the results into a text's marked places.
 *
 * @param name of the text, for messages.
 * @throws UserError if a marker names no result.
 * @example
 * const facts = new Map([["test.dialogues", "2,546"]]);
 * replaceFacts("There are 2,545<!--=test.dialogues-->.", facts, "a.md"); // => "There are 2,546<!--=test.dialogues-->."
 */
export function replaceFacts(
  text: string,
  facts: ReadonlyMap<string, string>,
  name: string,
): string {
  return text.replace(MARKED, (_, _written, key: string) => {
    const fact = facts.get(key);
    if (fact !== undefined) return `${fact}<!--=${key}-->`;
    throw new UserError(
      `${name}: no result is called '${key}'${didYouMean(key, facts.keys())}; mend the marker`,
    );
  });
}
