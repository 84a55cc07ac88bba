// Reruns the study, stage by stage, each compared with what is committed: tables from the texts, results
// from the scores, notebooks and figures, the README's tables.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CellProgress } from "../notebook/run-notebook";
import { projectPath } from "../project";
import { findCorpusArchive } from "../sources/corpus-archive";
import { defaultPlaces, type Places } from "../sources/locate-source";
import { UserError } from "../user-error";
import { type FileDifference, Ledger } from "./ledger";
import { keepModelScores, requireRecordedReplies } from "./models-stage";
import { keepNotebooks } from "./notebooks-stage";
import { formatSystemMap, formatVerdicts, replaceTable } from "./readme-tables";
import { keepResults, readVerdicts } from "./results-stage";
import { Stamps } from "./stamps";
import { keepTextTables } from "./texts-stage";

/** What a run starts from: the committed tables, the public texts, or the models themselves. */
export type Start = "scores" | "texts" | "models";

/** How the study is rerun. */
export interface ReproduceOptions {
  /** Where to start; by default from the texts where the corpus is at hand, else from the scores. */
  readonly from?: Start | undefined;
  /** Change no file, and stop at the first difference. */
  readonly check?: boolean | undefined;
  /** Repeat steps too of which nothing has changed since the last run. */
  readonly all?: boolean | undefined;
  readonly cellTimeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly places?: Places;
  /** The folder that holds `data`, `notebooks` and `figures`; the project's root by default. */
  readonly root?: string;
  readonly onStage?: (name: string) => void;
  readonly onCell?: (notebook: string, progress: CellProgress) => void;
}

/** What a run did. */
export interface ReproduceReport {
  readonly from: Start;
  /** Identifier of the corpus archive that was read, where one was. */
  readonly archive: string | undefined;
  readonly notebooks: readonly string[];
  /** Notebooks of which nothing has changed since the last run. */
  readonly current: readonly string[];
  /** Names of all figures. */
  readonly figures: readonly string[];
  readonly differences: readonly FileDifference[];
}

/**
 * Reruns the study, from the texts, from the committed scores, or from recorded replies.
 *
 * A step of which nothing has changed since the last run is not repeated, unless everything is checked.
 *
 * @throws DifferenceFound with `check`, at the first difference.
 * @throws UserError where the texts are insisted on and not at hand, or a cell fails.
 */
export async function reproduce(options: ReproduceOptions = {}): Promise<ReproduceReport> {
  const { places = defaultPlaces(), root = projectPath(), from, signal, onStage } = options;
  if (from === "models") requireRecordedReplies(root);
  const archive = chooseArchive(from, places);
  const ledger = new Ledger(root, options.check ?? false);
  const stamps = new Stamps(root);
  if (archive) {
    const insist = from === "texts" || from === "models" || (options.all ?? false);
    await keepTextTables(ledger, stamps, { archive, places, insist, signal, onStage });
    if (from === "models") await keepModelScores(ledger, { archive, places, signal, onStage });
  }
  await keepResults(ledger, stamps, options);
  const { rerun, current, figures } = await keepNotebooks(ledger, stamps, options);
  keepReadme(ledger);
  return {
    from: from === "models" ? "models" : archive ? "texts" : "scores",
    archive,
    notebooks: rerun,
    current,
    figures,
    differences: ledger.differences,
  };
}

function keepReadme(ledger: Ledger): void {
  const path = join(ledger.root, "README.md");
  if (!existsSync(path)) return;
  const map = formatSystemMap(join(ledger.root, "data", "published", "coverage.csv"));
  const verdicts = formatVerdicts(readVerdicts(ledger.root));
  const withMap = replaceTable(readFileSync(path, "utf8"), "systems", map);
  ledger.keep("README.md", replaceTable(withMap, "verdicts", verdicts));
}

function chooseArchive(from: Start | undefined, places: Places): string | undefined {
  if (from === "scores") return undefined;
  const archive = findCorpusArchive(places);
  if (archive || from === undefined) return archive;
  throw new UserError(
    `--from ${from} needs EmpatheticDialogues: run \`npx empathy data fetch ed\`, or set EMPATHY_MIRROR ` +
      "to a folder that mirrors the sources",
  );
}
