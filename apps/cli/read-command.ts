// `empathy read`: a language model reads replies as the published readings were made, blind and shuffled.
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Command } from "commander";
import { UserError } from "kit";
import { keepFile } from "kit/files";
import {
  formatReadingRows,
  type ReadingRow,
  readReadingRows,
} from "../../src/readings/reading-rows";
import {
  CALIBRATION_FILE,
  type CalibrationCount,
  readCalibrationFile,
} from "../../src/readings/readings";
import { readStudy, type Study, studyFolder } from "../../src/study/study";
import { formatCalibration } from "../readings/calibrate";
import { mergeReadings } from "../readings/merge-readings";
import { readJudgePrompt } from "../scoring/judge-prompt";
import { chooseMethod } from "./choose-method";
import { collectReadings, drawItems } from "./draw-items";
import { interruptible } from "./interruption";
import { printable } from "./printable";
import { Progress } from "./progress";
import { type ReadFlags, readOptions } from "./read-options";
import { layOutReadings } from "./read-print";
import { publishedReadings, readKnown, refusePublished } from "./readings-file";
import { scoreElsewhere } from "./score-remote";

const ABOUT = `
A language model is told the guideline of the published readings, and neither whose replies it reads nor which pairs
people have labelled. Its readings are never people's labels. docs/readings.md says what they are good for.`;

/** Says what `empathy read` takes and does. */
export function defineRead(command: Command): void {
  for (const option of readOptions()) command.addOption(option);
  command.addHelpText("after", ABOUT);
  command.action((flags: ReadFlags) => interruptible((signal) => run(flags, signal)));
}

async function run(flags: ReadFlags, signal: AbortSignal): Promise<void> {
  const target = findTarget(flags);
  const asked = { ...flags, scorer: "judge", judge: readerOf(flags) } as const;
  const [method, prompt] = [await chooseMethod(asked), readJudgePrompt(flags.judgePrompt)];
  const known = readBefore(target.readingsFile, flags);
  const progress = new Progress();
  try {
    const drawn = await drawItems(flags, target.isSample, progress);
    const scorer = await scoreElsewhere(method, () => drawn.requests, asked, progress, signal);
    if (!scorer) return;
    const asksFit = prompt.fit !== undefined;
    const read = collectReadings(drawn, scorer, { ...flags, reader: asked.judge, asksFit });
    const merged = mergeReadings(known, read.rows, target.readingsFile);
    keepFile(target.readingsFile, formatReadingRows(merged.rows));
    keepCalibration(target.calibrationFile, read.calibration);
    const { uncalibrated } = drawn;
    const { repeated } = merged;
    process.stdout.write(printable(layOutReadings({ ...read, ...target, repeated, uncalibrated })));
    if (read.rows.length === 0) process.exitCode = 1;
  } finally {
    progress.clear();
  }
}

/** Where readings and counts go, and what is read for them. */
interface ReadTarget {
  readonly readingsFile: string;
  readonly calibrationFile: string;
  readonly isSample: boolean;
}

function findTarget({ study: name, sample, out }: ReadFlags): ReadTarget {
  const study: Study | undefined = name === undefined ? undefined : readStudy(studyFolder(name));
  if (!study && out === undefined) {
    throw new UserError(
      "say where the readings go: --study NAME, which `npx empathy study new NAME` makes, or --out FILE",
    );
  }
  const readingsFile = out ?? join(study?.root ?? "", "data", "readings", "readings.csv");
  refusePublished(readingsFile, "a study of yours with --study, or another file with --out");
  const stem = basename(readingsFile, ".csv");
  const file = stem === "readings" ? CALIBRATION_FILE : `${stem}-${CALIBRATION_FILE}`;
  const isSample = study ? study.corpus === "sample" : sample === true;
  return { readingsFile, calibrationFile: join(dirname(readingsFile), file), isSample };
}

/** The reader's name: a system's, the author's, or what its model's name leaves of letters, digits, dots and hyphens. */
function readerOf({ reader, model }: ReadFlags): string {
  const name = reader ?? model?.toLowerCase().replace(/[^a-z0-9.]+/g, "-");
  const made = name?.replace(/^[.-]+|-+$/g, "");
  if (made) return made;
  throw new UserError(
    "say who reads: --reader, a system of data/systems.json, or --base-url and --model of a server of yours",
  );
}

function readBefore(path: string, { withPublished }: ReadFlags): readonly ReadingRow[] {
  const known = readKnown(path);
  if (!withPublished) return known;
  return mergeReadings(known, readReadingRows(publishedReadings()), path).rows;
}

// The counts speak of the readings of one run; those of other sources stay.
function keepCalibration(path: string, counts: readonly CalibrationCount[]): void {
  if (counts.length === 0) return;
  const sources = new Set(counts.map(({ source }) => source));
  const others = existsSync(path)
    ? readCalibrationFile(path).filter(({ source }) => !sources.has(source))
    : [];
  keepFile(path, formatCalibration([...others, ...counts]));
}
