// The reference of every package and of the study, made by typedoc from docstrings, and a page that lists it by subject.
import { dirname, posix } from "node:path";
import { escapeMarkup } from "kit";
import type { DeclarationReflection, ProjectReflection } from "typedoc";
import { projectPath } from "../src/project";
import type { Entry } from "./search-index";
import type { SitePage } from "./site-page";

const FOLDER = "api";

// What is imported, and the declarations that say so.
const ENTRIES: Readonly<Record<string, string>> = {
  "mixed-models": "packages/mixed-models/dist/src/index.d.ts",
  "mixed-models/meta": "packages/mixed-models/dist/src/meta/index.d.ts",
  "mixed-models/agreement": "packages/mixed-models/dist/src/agreement/index.d.ts",
  "ask-models": "packages/ask-models/dist/src/index.d.ts",
  "empathy-scorer": "packages/empathy-scorer/dist/src/index.d.ts",
  "run-notebooks": "packages/run-notebooks/dist/src/index.d.ts",
  "plotly-stills": "packages/plotly-stills/dist/src/index.d.ts",
  "empathy-notebooks": "src/index.ts",
};
const STUDY = "empathy-notebooks";

/** The reference: its page, and what can be looked up in it. */
export interface Reference {
  readonly page: SitePage;
  readonly entries: readonly Entry[];
}

interface Listed extends Entry {
  readonly module: string;
  /** The folder of its source, which is what it is about. */
  readonly subject: string;
}

/**
 * Writes the reference to `api/` below a folder.
 *
 * @throws Error if typedoc warns of anything.
 */
export async function writeReference(out: string): Promise<Reference> {
  const { Application, RendererEvent, TypeDocReader } = await import("typedoc");
  const app = await Application.bootstrap(
    {
      entryPoints: Object.values(ENTRIES),
      options: projectPath("typedoc.json"),
      tsconfig: projectPath("src", "tsconfig.json"),
      // Where things are declared says what they are about; addresses of sources are not needed.
      disableSources: false,
      disableGit: true,
      sourceLinkTemplate: "{path}",
      skipErrorChecking: true,
      logLevel: "Warn",
    },
    [new TypeDocReader()],
  );
  const project = await app.convert();
  if (!project) throw new Error("typedoc could not read the sources; its messages stand above");
  nameModules(project);
  const subjects = takeSubjects(project);
  const urls = new Map<unknown, string>();
  app.renderer.on(RendererEvent.BEGIN, ({ pages }) => {
    for (const { model, url } of pages) urls.set(model, url);
  });
  await app.generateDocs(project, `${out}/${FOLDER}`);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) {
    throw new Error("typedoc warned; its messages stand above");
  }
  const entries = (project.children ?? []).flatMap((module) =>
    (module.children ?? []).flatMap((one) => listed(module, one, urls.get(one), subjects)),
  );
  return { page: makePage(entries), entries };
}

function nameModules({ children = [] }: ProjectReflection): void {
  for (const module of children) {
    const path = Object.entries(ENTRIES).find(([, entry]) => dirname(entry) === module.name)?.[0];
    if (path !== undefined) module.name = path;
  }
}

/** For each declaration the package and the folder that its source lies in. */
type Subjects = ReadonlyMap<number, { readonly owner: string; readonly folder: string }>;

function takeSubjects({ reflections }: ProjectReflection): Subjects {
  const subjects = new Map<number, { owner: string; folder: string }>();
  for (const one of Object.values(reflections)) {
    if (!("sources" in one)) continue;
    const declared = one as DeclarationReflection;
    const file = declared.sources?.[0]?.fullFileName.replaceAll("\\", "/") ?? "";
    const [, owner = "", folder = ""] =
      /(?:\/packages\/([^/]+)\/dist)?\/src\/(?:(.*)\/)?[^/]+$/.exec(file) ?? [];
    subjects.set(one.id, { owner, folder });
    delete declared.sources;
  }
  return subjects;
}

// What a package exports is told of there, once.
function listed(
  module: DeclarationReflection,
  one: DeclarationReflection,
  url: string | undefined,
  subjects: Subjects,
): Listed[] {
  const { owner = "", folder = "" } = subjects.get(one.id) ?? {};
  const isOthers = module.name === STUDY && owner !== "";
  if (one.isReference() || isOthers || url === undefined) return [];
  const comment = one.comment ?? one.signatures?.[0]?.comment;
  const words = (comment?.summary ?? []).map(({ text }) => text).join("");
  const [sentence = ""] = /^.*?[.:](?=\s|$)/s.exec(words) ?? [words];
  return [
    {
      module: module.name,
      subject: folder,
      url: posix.join(FOLDER, url),
      name: one.name,
      text: sentence.replace(/\s+/g, " ").trim(),
    },
  ];
}

function makePage(entries: readonly Listed[]): SitePage {
  const modules = Object.keys(ENTRIES).map((module) => {
    const own = entries.filter((entry) => entry.module === module);
    const subjects = [...new Set(own.map(({ subject }) => subject))].sort();
    const lists = subjects.map((subject) => {
      const head = subjects.length > 1 ? `<h3>${escapeMarkup(subject || "general")}</h3>` : "";
      return head + listOf(own.filter((entry) => entry.subject === subject));
    });
    return `<h2 id="${module.replace("/", "-")}"><code>${escapeMarkup(module)}</code></h2>${lists.join("\n")}`;
  });
  const body = `<h1>Reference, by subject</h1>
<p>Every function and type that can be imported, under what it is imported from and the part of it that it belongs to. In a
notebook's cell <code>empathy-notebooks</code> gives all that the study's part lists, and much of the packages'.</p>
${modules.join("\n")}`;
  return { path: "reference.html", title: "Reference, by subject", body, group: "Packages" };
}

function listOf(entries: readonly Listed[]): string {
  const items = entries.map(
    ({ url, name, text }) =>
      `<li><a href="${escapeMarkup(url)}"><code>${escapeMarkup(name)}</code></a> ${escapeMarkup(text)}</li>`,
  );
  return `<ul class="entries">${items.join("\n")}</ul>`;
}
