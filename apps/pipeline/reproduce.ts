// Reruns the published study, stage by stage, each compared with what is committed; and beside it the study
// of this machine's own systems, where there are any.
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { UserError } from "kit";
import type { CellProgress } from "run-notebooks";
import { projectPath } from "../../src/project";
import { findCorpusArchive } from "../../src/sources/corpus-archive";
import { defaultPlaces, type Places } from "../../src/sources/locate-source";
import { LOCAL_STUDY, listLocalSystems, PUBLISHED_STUDY, studyFolder } from "../../src/study/study";
import { readSystems } from "../../src/systems/system";
import { readStudyTexts } from "../replies/published-stage";
import { listRecordedSystems } from "../replies/recorded-replies";
import { checkCommittedTables } from "./committed-tables";
import { type ChangedInput, type FileDifference, type LateOutput, Ledger } from "./ledger";
import { type PreparedStudy, prepareLocalStudy, prepareStudy } from "./local-study";
import { readManifest } from "./manifest";
import { runStages, type Stage, type Start, type StudyRun } from "./stage";
import { LOCAL_STAGES, NOTEBOOKS, STAGES } from "./stages";
import { Stamps } from "./stamps";

export type { Start } from "./stage";

/** How the study is rerun. */
export interface ReproduceOptions {
  /** Where to start; by default from the texts where the corpus is at hand, else from the scores. */
  readonly from?: Start | undefined;
  /** Change no file, and stop at the first difference; the published study, or one that was opened from an archive. */
  readonly check?: boolean | undefined;
  /** Whether a study's notebooks are rerun, and with them its figures; by default they are. */
  readonly notebooks?: boolean | undefined;
  /** Repeat every stage, whether or not something has changed since the last run. */
  readonly all?: boolean | undefined;
  readonly cellTimeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly places?: Places;
  /** A study of `studies`, in place of the published one and that of everything on this machine. */
  readonly study?: string | undefined;
  /** The folder that holds `data`, `notebooks` and `figures`; the project's root by default. */
  readonly root?: string;
  readonly onStage?: (name: string) => void;
  readonly onCell?: (notebook: string, progress: CellProgress) => void;
  /** Told, where a run ends in an error, what it had noticed until then. */
  readonly onUnfinished?: (noticed: Noticed) => void;
}

/** What a run notices besides its results. */
export type Noticed = Pick<StudyReport, "changedInputs" | "lateOutputs">;

/** What a run did with one study. */
interface StudyReport {
  /** Names of the stages that were run; the others were up to date. */
  readonly stages: readonly string[];
  readonly notebooks: readonly string[];
  /** Notebooks of which nothing has changed since the last run. */
  readonly current: readonly string[];
  /** Names of all figures. */
  readonly figures: readonly string[];
  readonly differences: readonly FileDifference[];
  /** What someone wrote while it was being used: the steps that read it are repeated by the next run. */
  readonly changedInputs: readonly ChangedInput[];
  /** What cells printed after they had ended, which is in no output. */
  readonly lateOutputs: readonly LateOutput[];
}

/** What a run did. */
export interface ReproduceReport extends StudyReport {
  readonly from: Start;
  /** Identifier of the corpus archive that was read, where one was. */
  readonly archive: string | undefined;
  /** The study that was asked for in place of the published one. */
  readonly study?: OwnStudy;
  /** What was done with the study of everything on this machine, where that holds systems of its own. */
  readonly local?: StudyReport & OwnStudy;
}

/** A study that is not the published one. */
export interface OwnStudy {
  readonly name: string;
  /** Below the root. */
  readonly folder: string;
  /** Its systems that are this machine's own. */
  readonly systems: readonly string[];
}

/**
 * Reruns the study, from the texts, from the committed scores, or from recorded replies.
 *
 * Systems that are this machine's own never enter the published study: with them the same stages run once
 * more in `studies/local/`; a study that is asked for by name runs alone, in its own folder. A stage whose inputs and
 * outputs are as they were is not repeated, unless everything is checked.
 *
 * @throws DifferenceFound with `check`, at the first difference.
 * @throws UserError if the texts are insisted on and not at hand, there is no such study, or a cell fails.
 */
export async function reproduce(options: ReproduceOptions = {}): Promise<ReproduceReport> {
  const { places = defaultPlaces(), root = projectPath(), onStage } = options;
  const start = chooseStart(options.from, places, root);
  if (options.study !== undefined && options.study !== PUBLISHED_STUDY.name) {
    return runAlone(options.study, start, { ...options, places, root });
  }
  const published = await runStudy(STAGES, root, start, { ...options, places });
  if (options.check) return { ...start, ...published };
  const systems = listLocalSystems(root);
  for (const warning of listOmissions(root, start.from, systems)) onStage?.(warning);
  if (systems.length === 0 || options.study) return { ...start, ...published };
  const local = await runOwn(await prepareLocalStudy(root), start, { ...options, places, root });
  return { ...start, ...published, local };
}

type Run = ReproduceOptions & { readonly places: Places; readonly root: string };

async function runAlone(name: string, start: ChosenStart, run: Run): Promise<ReproduceReport> {
  const { root, onStage } = run;
  const isOpened = readManifest(studyFolder(name, root)) !== undefined;
  if (run.check && !isOpened) {
    throw new UserError(
      `--check holds the published study, or one that was opened from an archive, against its files; leave it out, or --study ${name}`,
    );
  }
  checkCommittedTables(root);
  if (!isOpened) {
    await scoreRecorded(start, run);
    for (const warning of listUnregistered(root)) onStage?.(warning);
  }
  const { folder, systems, ...done } = await runOwn(await prepareStudy(root, name), start, run);
  return { ...start, ...done, study: { name, folder, systems } };
}

// What was asked or imported since the last run, where its prompts are at hand.
async function scoreRecorded(start: ChosenStart, run: Run): Promise<void> {
  const { root } = run;
  const scoring = STAGES.filter((stage) => stage.needs === "models" && start.archive !== undefined);
  const isAsked = listRecordedSystems(root).length > 0;
  await runStudy(isAsked ? scoring : [], root, { ...start, from: "models" }, run);
}

async function runOwn(
  prepared: PreparedStudy,
  start: ChosenStart,
  run: Run,
): Promise<StudyReport & OwnStudy> {
  const { study, folder, own } = prepared;
  const below = relative(run.root, folder);
  const of = own.length > 0 ? `, ${own.join(", ")} among its systems` : "";
  run.onStage?.(`${below}: the study '${study.name}'${of}`);
  const stages = LOCAL_STAGES.filter(({ name }) => run.notebooks !== false || name !== NOTEBOOKS);
  const done = await runStudy(stages, folder, start, run);
  return { ...done, name: study.name, folder: below, systems: own };
}

interface ChosenStart {
  readonly from: Start;
  readonly archive: string | undefined;
}

// The one place where it is decided what a run starts from.
function chooseStart(from: Start | undefined, places: Places, root: string): ChosenStart {
  if (from === "models" && listRecordedSystems(root).length === 0) {
    throw new UserError(
      "--from models needs recorded replies: ask a system with `npx empathy ask`, or import a file with `npx empathy import`",
    );
  }
  const archive = from === "scores" ? undefined : findCorpusArchive(places);
  if (archive || from === "scores" || from === undefined) {
    return { from: from ?? (archive ? "texts" : "scores"), archive };
  }
  throw new UserError(
    `--from ${from} needs EmpatheticDialogues: run \`npx empathy data fetch ed\`, or set EMPATHY_MIRROR ` +
      "to a folder that mirrors the sources",
  );
}

const STARTS: readonly Start[] = ["scores", "texts", "models"];

async function runStudy(
  all: readonly Stage[],
  root: string,
  { from, archive }: ChosenStart,
  options: ReproduceOptions & { readonly places: Places },
): Promise<StudyReport> {
  const stages = all.filter(({ needs }) => STARTS.indexOf(needs) <= STARTS.indexOf(from));
  const ledger = new Ledger(root, options.check ?? false);
  let texts: ReturnType<StudyRun["texts"]> | undefined;
  const run: StudyRun = {
    ledger,
    stamps: new Stamps(root),
    places: options.places,
    archive,
    all: options.all ?? false,
    signal: options.signal,
    cellTimeoutMs: options.cellTimeoutMs,
    note: options.onStage ?? (() => {}),
    onCell: options.onCell,
    texts: () => {
      texts ??= readStudyTexts(archive as string, options.places);
      return texts;
    },
  };
  const asked = options.from === "scores" ? undefined : options.from;
  const isInsistedOn = ({ needs }: Stage) => run.all || needs === asked;
  const done = await runStages(stages, run, isInsistedOn).catch((error) => {
    options.onUnfinished?.(ledger);
    throw error;
  });
  const { rerun = [], current = [], figures = [] } = run.notebooks ?? {};
  const { differences, changedInputs, lateOutputs } = ledger;
  return {
    stages: done,
    notebooks: rerun,
    current,
    figures,
    differences,
    changedInputs,
    lateOutputs,
  };
}

/** What lies on this machine and is in no study: replies that were not scored, systems without an entry. */
function listOmissions(root: string, from: Start, local: readonly string[]): string[] {
  const recorded = listRecordedSystems(root);
  const omissions: string[] = [];
  if (recorded.length > 0 && from !== "models" && !new Stamps(root).isCurrent("local scores")) {
    omissions.push(
      `data/replies holds replies of ${recorded.join(", ")} that may not be scored yet; --from models scores them`,
    );
  }
  if (local.length === 0 && existsSync(join(root, LOCAL_STUDY, "figures"))) {
    omissions.push(`${LOCAL_STUDY} is of systems that are no longer there; delete the folder`);
  }
  return [...listUnregistered(root), ...omissions.map((text) => `warning: ${text}`)];
}

function listUnregistered(root: string): string[] {
  const registered = new Set(readSystems().map(({ id }) => id));
  return [...new Set([...listRecordedSystems(root), ...listLocalSystems(root)])]
    .filter((id) => !registered.has(id))
    .map(
      (id) =>
        `warning: '${id}' is in no registry of systems, so it is in no table; ` +
        "`npx empathy ask` and `npx empathy import` write one with --register",
    );
}
