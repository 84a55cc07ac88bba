import type { Command } from "commander";
import { loadScorer, type Scorer } from "empathy-scorer";
import { HEADS } from "empathy-scorer/training";
import { UserError } from "kit";
import { openTable } from "kit/tables";
import { formatOf, scoreFile } from "../../src/scoring/score-file";
import { readScoreRequests } from "../../src/scoring/score-table";
import { PUBLISHED_STUDY } from "../../src/study/study";
import { ReferenceScorer } from "../sources/reference-scorer";
import { chooseMethod } from "./choose-method";
import { CountingScorer } from "./count-outcomes";
import { interruptible } from "./interruption";
import { Progress } from "./progress";
import { type ScoreFlags, scoreOptions } from "./score-options";
import { type ChooseScorers, type OpenReplies, scoreElsewhere } from "./score-remote";
import { scoreStudy } from "./score-study";

/** Says what `empathy score` takes and does. */
export function defineScore(command: Command): void {
  for (const option of scoreOptions()) command.addOption(option);
  command.action((flags: ScoreFlags, own: Command) =>
    interruptible((signal) => run(flags, own, signal)),
  );
}

async function run(flags: ScoreFlags, command: Command, signal: AbortSignal): Promise<void> {
  const isStudy = flags.all || flags.system !== undefined || flags.study !== undefined;
  if (isStudy && (flags.in ?? (flags.limit === undefined ? flags.out : undefined))) {
    throw new UserError(
      "--all, --system and --study write the study's tables; leave --in and --out out",
    );
  }
  requireScorer(flags);
  requireSample(flags, isStudy);
  if (flags.judgePrompt !== undefined && flags.scorer !== "judge") {
    throw new UserError("--judge-prompt belongs to --scorer judge; leave it out");
  }
  const progress = new Progress();
  const choose = (open: OpenReplies) => chooseScorers(flags, command, open, progress, signal);
  try {
    if (isStudy) await scoreStudy(flags, choose, progress, signal);
    else await scoreTableFile(flags, choose, progress, signal);
  } finally {
    progress.clear();
  }
}

/** Refuses what a study of one's own cannot take for one of its scorers. */
function requireScorer({ study, system, all, scorer, out }: ScoreFlags): void {
  if (study === undefined) return;
  if (all || system !== undefined || out !== undefined) {
    throw new UserError(
      "--study takes all systems of the study, into its folder; leave --all, --system and --out out",
    );
  }
  if (study === PUBLISHED_STUDY.name) {
    throw new UserError(
      "the published study keeps its scorers; make one of your own with `npx empathy study new NAME`",
    );
  }
  if (scorer === "embedded") {
    throw new UserError(
      "the embedded heads score a study's replies whenever it is run; name another --scorer",
    );
  }
}

/** Refuses a sample that cannot be drawn, or has no place. */
function requireSample(
  { limit, balanced, out, dryRun, study }: ScoreFlags,
  isStudy: boolean,
): void {
  if (limit === undefined && balanced === undefined) return;
  if (!isStudy)
    throw new UserError(
      "--limit and --balanced belong to --all, --system and --study; leave them out",
    );
  if (limit === undefined)
    throw new UserError("--balanced needs a size; say how many with --limit");
  if (out === undefined && study === undefined && !dryRun) {
    throw new UserError(
      "a sample of these is never written to the study's tables; say with --out where it goes, or make it a study's with --study",
    );
  }
}

async function chooseScorers(
  flags: ScoreFlags,
  command: Command,
  open: OpenReplies,
  progress: Progress,
  signal: AbortSignal,
): Promise<readonly Scorer[]> {
  if (flags.scorer === "embedded") {
    const isBoth =
      (flags.all || flags.system) &&
      flags.limit === undefined &&
      command.getOptionValueSource("head") === "default";
    return (isBoth ? HEADS : [flags.head]).map((head) => loadScorer(head));
  }
  if (flags.scorer === "epitome-roberta") return [await ReferenceScorer.read()];
  const scorer = await scoreElsewhere(await chooseMethod(flags), open, flags, progress, signal);
  return scorer ? [scorer] : [];
}

async function scoreTableFile(
  flags: ScoreFlags,
  choose: ChooseScorers,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const { in: input, out: output } = flags;
  if (input === undefined || (output === undefined && !flags.dryRun)) {
    throw new UserError("name a table with --in and where its scores go with --out, or say --all");
  }
  const columns = {
    context: flags.contextColumn,
    reply: flags.replyColumn,
    opening: flags.openingColumn,
  };
  const isRemote = !["embedded", "epitome-roberta"].includes(flags.scorer);
  if (isRemote && input === "-") {
    throw new UserError(`--scorer ${flags.scorer} reads its table twice; name a file with --in`);
  }
  const format = () => flags.format ?? formatOf(input, output ?? input);
  const started = performance.now();
  const [scorer] = await choose(async function* () {
    yield* readScoreRequests(input, await openTable(input, format()), columns);
  });
  if (!scorer || output === undefined) return;
  const counting = new CountingScorer(scorer);
  await scoreFile(counting, {
    input,
    output,
    columns,
    signal,
    format: flags.format,
    onProgress: (count) => progress.show(`${input}: ${count} replies scored`),
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  progress.note(`${input}: ${counting.describe()} in ${seconds} s`);
  const marks = counting.describeMarks();
  if (marks) progress.note(`note: ${input}: ${marks}`);
  if (counting.scored === 0 && counting.missing.size > 0) process.exitCode = 1;
}
