// Joins an author's own file and keeps its replies as `data/replies/<system>.imported.jsonl`.
import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { MarkCounter } from "ask-models";
import { UserError } from "kit";
import { WholeFile } from "kit/files";
import { stimulusKey } from "../../src/corpus/stimulus";
import { projectPath } from "../../src/project";
import type { PromptShare } from "../../src/systems/chosen-prompts";
import { type Format, readPublished } from "../../src/systems/formats";
import type { JoinIndex } from "../../src/systems/join-index";
import type { LeftReason } from "../../src/systems/join-record";
import { type Joined, joinReplies, type LeftRecord } from "../../src/systems/join-replies";
import { findOrder } from "../../src/systems/published-replies";
import { checksumOf, type Reply } from "../../src/systems/reply";
import type { System } from "../../src/systems/system";
import { comparePromptTexts } from "../replies/prompt-texts";

/** What is imported, and whether it is kept. */
interface ImportOptions {
  readonly format: Format;
  /** Identifier that the replies are kept under. */
  readonly system: string;
  /** Which of the file's systems is meant, in a file that holds several. */
  readonly column?: string | undefined;
  /** The registry: where it says which column the system is, none need be given. */
  readonly systems: readonly System[];
  /** Join and report only. */
  readonly dryRun?: boolean | undefined;
  /** Take the place of an earlier import of that system. */
  readonly replace?: boolean | undefined;
  /** The folder to keep replies in; `data/replies` by default. */
  readonly folder?: string | undefined;
}

/** What an import found. */
export interface ImportReport {
  readonly format: string;
  /** Records in the file. */
  readonly records: number;
  /** Records that joined a stimulus. */
  readonly joined: number;
  /** Records left out, counted by reason. */
  readonly left: Readonly<Partial<Record<LeftReason, number>>>;
  /** The first thousand records that were left out, with their lines. */
  readonly leftRecords: readonly LeftRecord[];
  readonly dialogues: number;
  readonly systems: readonly ImportedSystem[];
  /** How many replies hold reasoning, template tokens or markup, in words; null where none does. */
  readonly marks: string | null;
  /** The human replies at the prompts beside the corpus's; empty where no prompt has one. */
  readonly prompts: readonly PromptShare[];
}

/** A system whose replies were in the file. */
interface ImportedSystem {
  readonly id: string;
  readonly replies: number;
  /** The most samples of one stimulus; at least 1. */
  readonly samples: number;
  /** The file that was written; null on a dry run. */
  readonly written: string | null;
}

const LISTED = 1000;

/** Where an imported system's replies are kept. */
function importedPath(system: string, folder = projectPath("data", "replies")): string {
  return `${folder}/${system}.imported.jsonl`;
}

/**
 * Joins a file of replies to the stimuli that they answer, and keeps those that join.
 *
 * Of a file that holds several systems, the named column is kept, or the one that the registry gives the
 * system, or else all, each as `system-column`. Files are written all at once, at the end: a file that
 * breaks in the middle adds nothing.
 *
 * @throws UserError if the file is broken or of another format, has no such column, no reply joins, or
 *   replies of that system were imported before.
 */
export async function importReplies(
  path: string,
  index: JoinIndex,
  options: ImportOptions,
): Promise<ImportReport> {
  const { format, dryRun, replace, folder } = options;
  const systems = chooseSystems(options);
  const targets = [...systems.values()].map((id) => importedPath(id, folder));
  const earlier = targets.find((target) => existsSync(target));
  if (earlier && !dryRun && !replace) {
    throw new UserError(`${earlier}: was imported before; say --replace, or another --system`);
  }
  const tally = new Tally();
  const outputs = new Map<string, WholeFile>();
  const joined = joinReplies(readPublished(path, format, await findOrder(format)), index, {
    systemOf: (column) => systems.get(column),
    samples: format.samples,
  });
  try {
    for (const id of dryRun ? [] : systems.values()) {
      const target = importedPath(id, folder);
      mkdirSync(dirname(target), { recursive: true });
      outputs.set(id, new WholeFile(target));
    }
    for await (const entry of joined) {
      tally.add(entry);
      for (const reply of entry.replies ?? []) {
        await outputs.get(reply.system)?.write(formatReply(reply));
      }
    }
    if (!dryRun && tally.replies.size === 0) throw new UserError(nothingJoins(path));
    for (const output of outputs.values()) await output.finish();
  } finally {
    for (const output of outputs.values()) output.discard();
  }
  const written = (id: string) => (dryRun ? null : importedPath(id, folder));
  const ids = [...systems.values()];
  const systemsOf = ids.map((id) => ({
    id,
    replies: tally.replies.get(id) ?? 0,
    samples: tally.samples.get(id) ?? 1,
    written: written(id),
  }));
  const prompts = comparePromptTexts(tally.stimuli.values(), index);
  return { format: format.name, ...tally.report(), prompts, systems: systemsOf };
}

function nothingJoins(path: string): string {
  return `${path}: no reply in it joins a dialogue, so nothing was changed; --dry-run says why of each`;
}

/** Says which system each of the file's columns is. */
function chooseSystems({ format, column, system, systems }: ImportOptions): Map<string, string> {
  const entry = systems.find(({ id }) => id === system)?.replies;
  const known =
    entry?.from === "published" && entry.format === format.name ? entry.column : undefined;
  const chosen = column ?? known ?? (format.columns.length === 1 ? format.columns[0] : undefined);
  if (chosen === undefined) {
    const slug = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
    const named = new Map(format.columns.map((name) => [name, `${system}-${slug(name)}`]));
    const ids = [...named.values()];
    const double = ids.find((id, at) => ids.indexOf(id) !== at);
    if (double === undefined) return named;
    throw new UserError(
      `two systems of a ${format.name} file would both be called '${double}'; import them one by one with --column`,
    );
  }
  if (format.columns.includes(chosen)) return new Map([[chosen, system]]);
  const names = format.columns.map((name) => `'${name}'`).join(", ");
  throw new UserError(
    format.columns.length === 1
      ? `a ${format.name} file holds one system; leave --column out`
      : `a ${format.name} file has no column '${chosen}'; it has ${names}`,
  );
}

/** Counts what joined and what did not. */
class Tally {
  readonly replies = new Map<string, number>();
  readonly samples = new Map<string, number>();
  readonly stimuli = new Map<string, Pick<Reply, "dialogue" | "turn">>();
  private readonly marks = new MarkCounter();
  private records = 0;
  private joined = 0;
  private readonly dialogues = new Set<string>();
  private readonly left: Partial<Record<LeftReason, number>> = {};
  private readonly leftRecords: LeftRecord[] = [];

  add(entry: Joined): void {
    this.records++;
    if (entry.replies) {
      this.joined++;
      for (const { dialogue, turn, system, sample, text } of entry.replies) {
        this.stimuli.set(stimulusKey({ dialogue, turn }), { dialogue, turn });
        this.marks.add(text);
        this.samples.set(system, Math.max(this.samples.get(system) ?? 1, sample));
        this.dialogues.add(dialogue);
        this.replies.set(system, (this.replies.get(system) ?? 0) + 1);
      }
      return;
    }
    const { line, reason } = entry;
    this.left[reason] = (this.left[reason] ?? 0) + 1;
    if (this.leftRecords.length < LISTED) this.leftRecords.push({ line, reason });
  }

  report() {
    const { records, joined, left, leftRecords, dialogues } = this;
    const marks = this.marks.describe() ?? null;
    return { records, joined, left, leftRecords, dialogues: dialogues.size, marks };
  }
}

function formatReply({ text, ...rest }: Reply): string {
  return `${JSON.stringify({ ...rest, reply: text, sha256: checksumOf(text) })}\n`;
}
