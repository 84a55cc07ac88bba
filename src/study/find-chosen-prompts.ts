// Systems of a study whose prompts look chosen by the human reply, from its score tables: no text is needed.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "kit";
import { readCorpusTable } from "../corpus/corpus-table";
import { stimulusKey } from "../corpus/stimulus";
import { readSystemScores } from "../scoring/system-scores";
import {
  type Criterion,
  comparePrompts,
  describeChosen,
  type HumanReply,
  kindOfTurn,
  type PromptShare,
} from "../systems/chosen-prompts";
import { listScoredSystems } from "./scored-replies";
import type { Study } from "./study";

/** How the human replies at a system's prompts compare with the corpus's. */
export interface SystemPrompts extends PromptShare {
  readonly system: string;
}

/** A system whose prompts look chosen by the human reply. */
export interface ChosenPrompts extends SystemPrompts {
  /** The finding, in a sentence. */
  readonly finding: string;
}

/** What prompts are judged by. */
export interface PromptOptions {
  /** Whether people explore there more or less than elsewhere (by default), or write more. */
  readonly by?: Criterion;
  /** Whose levels of people's replies are taken; the study's first scorer by default. */
  readonly scorer?: string;
}

/**
 * Lists a study's systems whose prompts look chosen by the human reply (`comparePrompts` has the rule).
 *
 * In the published study it finds `llama-2-13b`.
 *
 * @throws UserError if the study has no scores of the human listener, or a table is broken.
 */
export function findChosenPrompts(study: Study, options?: PromptOptions): ChosenPrompts[] {
  return measurePrompts(study, options)
    .filter(({ isChosen }) => isChosen)
    .map((found) => ({ ...found, finding: describeChosen(found) }));
}

/**
 * Compares, for each system of a study, the human replies at its prompts with those at such turns of the test part. Systems that
 * are out of every comparison are looked at, too; those without a prompt that people answered are left out.
 *
 * @throws UserError as `findChosenPrompts`.
 */
export function measurePrompts(study: Study, options: PromptOptions = {}): SystemPrompts[] {
  const { by = "asking", scorer = study.scorers[0] } = options;
  const folder = join(study.root, "data", "scores", scorer);
  const replies = readHumanReplies(join(folder, "human.csv"), readTurns(study));
  const corpus = [...replies.values()].filter(({ isTest }) => isTest);
  return listScoredSystems(study, scorer)
    .filter(({ family }) => family !== "human")
    .flatMap(({ id }) => {
      const stimuli = new Set(readSystemScores(join(folder, `${id}.csv`)).map(stimulusKey));
      const prompts = [...stimuli].flatMap((key) => replies.get(key) ?? []);
      const found = comparePrompts(prompts, corpus).find((one) => one.by === by);
      return found ? { system: id, ...found } : [];
    });
}

interface Turns {
  readonly turns: number;
  readonly isTest: boolean;
}

function readTurns({ root }: Study): Map<string, Turns> {
  const turns = new Map<string, Turns>();
  for (const part of ["answered", "test"]) {
    const path = join(root, "data", "corpus", `${part}.csv`);
    for (const row of existsSync(path) ? readCorpusTable(path) : []) {
      turns.set(row.dialogue, { turns: row.turns, isTest: part === "test" });
    }
  }
  return turns;
}

function readHumanReplies(path: string, turns: ReadonlyMap<string, Turns>) {
  if (!existsSync(path)) {
    throw new UserError(
      `${path}: not there, and prompts are judged by people's replies; add 'human' to the study, or restore the file`,
    );
  }
  const replies = new Map<string, HumanReply & Pick<Turns, "isTest">>();
  for (const { scores, ...row } of readSystemScores(path)) {
    const of = turns.get(row.dialogue);
    if (!of || !scores) continue;
    const kind = kindOfTurn(row.turn, of.turns);
    const asks = scores.ex.level > 0;
    replies.set(stimulusKey(row), { kind, asks, words: row.words, isTest: of.isTest });
  }
  return replies;
}
