// The reference of every package and of the study: typedoc's Markdown of docstrings, as pages of the site, and a page that lists
// all of it by subject.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { escapeMarkup } from "kit";
import type { DeclarationReflection, ProjectReflection } from "typedoc";
import { projectPath } from "../src/project";
import type { Highlight } from "./highlight";
import { createRender, openDocument } from "./markdown";
import type { Entry } from "./search-index";
import type { SitePage } from "./site-page";

const FOLDER = "api";

const STUDY = "empathy-notebooks";
const PACKAGES = ["mixed-models", "ask-models", "empathy-scorer", "run-notebooks", "plotly-stills"];

/** The reference: its pages, and what can be looked up in them. */
export interface Reference {
  readonly pages: readonly SitePage[];
  readonly entries: readonly Entry[];
}

interface Listed extends Entry {
  readonly module: string;
  /** The folder of its source, which is what it is about. */
  readonly subject: string;
}

/**
 * Makes the reference.
 *
 * @throws Error if typedoc warns of anything.
 */
export async function makeReference(highlight: Highlight): Promise<Reference> {
  const folder = mkdtempSync(join(tmpdir(), "empathy-reference-"));
  try {
    const { project, subjects } = await writeMarkdown(folder);
    const names = (readdirSync(folder, { recursive: true }) as string[])
      .map((name) => name.split("\\").join("/"))
      .filter((name) => name.endsWith(".md") && name !== "README.md");
    const entries = (project.children ?? []).flatMap((module) =>
      (module.children ?? []).flatMap((one) => listed(module, one, names, subjects)),
    );
    const pages = names.map((name) =>
      toPage(name, readFileSync(join(folder, name), "utf8"), highlight),
    );
    return { pages: [listPage(entries), ...pages], entries };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function writeMarkdown(folder: string) {
  const { Application } = await import("typedoc");
  const entries = listEntries();
  const app = await Application.bootstrapWithPlugins(
    {
      name: STUDY,
      plugin: ["typedoc-plugin-markdown"],
      entryPoints: entries.map(([, declarations]) => projectPath(declarations)),
      tsconfig: projectPath("tsconfig.json"),
      outputs: [{ name: "markdown", path: folder }],
      ...READING,
      ...FORM,
    },
    [],
  );
  const project = await app.convert();
  if (!project) throw new Error("typedoc could not read the sources; its messages stand above");
  nameModules(project, entries);
  const subjects = takeSubjects(project);
  await app.generateOutputs(project);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) {
    throw new Error("typedoc warned; its messages stand above");
  }
  return { project, subjects };
}

// Where things are declared says what they are about; addresses of sources are not needed. The compiler has checked types before.
const READING = {
  disableGit: true,
  sourceLinkTemplate: "{path}",
  skipErrorChecking: true,
  excludeInternal: true,
  readme: "none",
  validation: { notExported: false, invalidLink: true, notDocumented: false },
  logLevel: "Warn",
} as const;

const FORM = {
  router: "kind",
  hideBreadcrumbs: true,
  hidePageHeader: true,
  useCodeBlocks: true,
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  typeDeclarationFormat: "table",
} as const;

function toPage(name: string, markdown: string, highlight: Highlight): SitePage {
  const path = `${FOLDER}/${name.replace(/md$/, "html")}`;
  const render = createRender({
    highlight,
    addressOf: (address) => address.replace(/\.md(?=#|$)/, ".html"),
  });
  const title = name.replace(/^.*\/|\.md$/g, "");
  return { path, title, body: render(markdown, openDocument({ source: name, path })) };
}

function nameModules(
  { children = [] }: ProjectReflection,
  entries: readonly (readonly [string, string])[],
): void {
  for (const module of children) {
    const [path] =
      entries.find(([, file]) => file.replace(/(\/index)?(\.d)?\.ts$/, "") === module.name) ?? [];
    if (path === undefined) throw new Error(`no entry is declared in ${module.name}`);
    module.name = path;
  }
}

/** What is imported, by manifests, and the declarations that say so, as paths in the project. */
function listEntries(): (readonly [string, string])[] {
  const packages = PACKAGES.flatMap((name) => {
    const folder = `packages/${name}`;
    const { exports } = JSON.parse(readFileSync(projectPath(folder, "package.json"), "utf8")) as {
      exports: Record<string, string | { types: string }>;
    };
    return Object.entries(exports).flatMap(([path, entry]) =>
      typeof entry === "string" || path.includes("*")
        ? []
        : [[name + path.slice(1), folder + entry.types.slice(1)] as const],
    );
  });
  return [...packages, [STUDY, "src/index.ts"]];
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
  names: readonly string[],
  subjects: Subjects,
): Listed[] {
  const { owner = "", folder = "" } = subjects.get(one.id) ?? {};
  const isOthers = module.name === STUDY && owner !== "";
  const file = `/${module.name.replace("/", "_")}.${one.name}.md`;
  const page = names.find((name) => name.endsWith(file));
  if (one.isReference() || isOthers || page === undefined) return [];
  const comment = one.comment ?? one.signatures?.[0]?.comment;
  const words = (comment?.summary ?? []).map(({ text }) => text).join("");
  const [sentence = ""] = /^.*?\.(?=\s|$)/s.exec(words) ?? [words];
  return [
    {
      module: module.name,
      subject: folder,
      url: posix.join(FOLDER, page.replace(/md$/, "html")),
      name: one.name,
      text: sentence.replace(/[\s`]+/g, " ").trim(),
    },
  ];
}

function listPage(entries: readonly Listed[]): SitePage {
  const modules = [...new Set(entries.map(({ module }) => module))].map((module) => {
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
