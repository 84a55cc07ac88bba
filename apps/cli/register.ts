// `--register`: what a run knows of a system, and what its author says, become an entry of the machine's own registry.
import { isDeepStrictEqual } from "node:util";
import { UserError } from "kit";
import type { Target } from "../../src/asking/find-target";
import {
  type AskedReplies,
  OWN_REGISTRY,
  readSystems,
  type System,
} from "../../src/systems/system";
import type { AskFlags } from "./ask-options";
import {
  completeFields,
  type EntryFields,
  fieldsGiven,
  type RegisterFlags,
  withTerminal,
} from "./entry-fields";
import { given } from "./given";
import { note } from "./progress";
import { registerSystem } from "./register-system";

/** What a command knows of a system before its author is asked. */
interface Draft extends Pick<System, "id" | "samples" | "replies"> {
  /** What the author says. */
  readonly fields: Partial<EntryFields>;
  /** What is taken where the author says nothing. */
  readonly defaults?: Partial<EntryFields>;
  readonly temperature?: number | undefined;
  readonly maxTokens?: number | undefined;
}

/**
 * Makes an entry, and checks it as it would be written; nothing is written yet.
 *
 * @returns `undefined` where the registry has the same entry already.
 * @throws UserError naming what is missing or wrong, or how the entry that stands there differs.
 */
export async function prepareEntry(
  draft: Draft,
  systems: readonly System[] = readSystems(),
): Promise<System | undefined> {
  const { id, fields, defaults, temperature, maxTokens, samples, replies } = draft;
  const existing = systems.find((system) => system.id === id);
  if (existing) {
    requireSame(existing, { ...fields, replies });
    return undefined;
  }
  const said = await withTerminal((ask) => completeFields({ ...defaults, ...given(fields) }, ask));
  const { name, family, model, publication, instruction, shown, ...rest } = said;
  const entry: System = {
    id,
    name,
    family,
    inPaper: false,
    model,
    publication,
    instruction,
    ...given({ temperature, maxTokens }),
    shown,
    samples,
    ...rest,
    replies,
  };
  registerSystem(entry, { dryRun: true });
  return entry;
}

/** Writes an entry that was prepared, and says so; nothing where there is none. */
export function keepEntry(entry: System | undefined): void {
  if (!entry) return;
  registerSystem(entry);
  note(`'${entry.id}' was added to ${OWN_REGISTRY}`);
}

function requireSame(existing: System, given: Partial<System>): void {
  for (const [field, value] of Object.entries(given)) {
    const held = Object.entries(existing).find(([name]) => name === field)?.[1];
    if (value === undefined || isDeepStrictEqual(held, value)) continue;
    throw new UserError(
      `'${existing.id}' is a system already, with another '${field}'; ` +
        "leave --register out, or choose another identifier",
    );
  }
}

/** What an import knows of a system. */
export function draftOfImport(
  id: string,
  { format, column, ...flags }: RegisterFlags & { format: string; column?: string },
): Draft {
  const replies = {
    from: "published" as const,
    format,
    ...given({ column }),
    how: `npx empathy import --format ${format} --system ${id} FILE, with the authors' own file`,
  };
  return { id, samples: 1, replies, fields: fieldsGiven(flags) };
}

/**
 * What a run of `empathy ask` knows of a system.
 *
 * A server on plain HTTP is not recorded: it is the author's own, and others cannot reach it.
 *
 * @throws UserError if what is asked is no model behind a provider.
 */
export function draftOfAsked(target: Target, flags: AskFlags): Draft {
  const { plan, baseUrl, keyVariable } = target;
  const { provider, model, template, shown, parameters, samples } = plan;
  if (provider === "embedded" || provider === "endpoint") {
    throw new UserError("--register describes a model that is asked; leave it out here");
  }
  const isPublic = baseUrl?.startsWith("https:") ?? false;
  const replies: AskedReplies = {
    from: "asked",
    provider,
    ...given({ baseUrl: isPublic ? baseUrl : undefined, keyVariable }),
    model,
    ...(plan.interface === "chat" ? {} : { interface: plan.interface }),
    prompt: template.id,
    parameters,
    served:
      baseUrl !== undefined && !isPublic
        ? "On a server of its authors' own; name one with --base-url"
        : "Asked by its authors; the records in data/replies say when",
  };
  const { temperature, maxTokens } = parameters;
  return {
    id: plan.system,
    samples,
    replies,
    temperature,
    maxTokens,
    fields: { ...fieldsGiven(flags), model, shown },
    defaults: {
      instruction: `${template.title} (template \`${template.id}\`)`,
      selection: describeStimuli(flags),
    },
  };
}

function describeStimuli(flags: AskFlags): string {
  const { stimuli = "sample", turns = "first", limit, sample, balanced, seed = 1 } = flags;
  const part = { sample: "the package's sample", test: "the test part" }[stimuli] ?? stimuli;
  const which = turns === "first" ? "first turns" : "all turns of the listener";
  const drawn =
    sample === undefined
      ? ""
      : `, a random ${sample} of them${balanced ? `, balanced by ${balanced}` : ""} (seed ${seed})`;
  const cut = limit === undefined ? "" : `, the first ${limit}`;
  return `${which} of ${part}${drawn}${cut}`;
}
