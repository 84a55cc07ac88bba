// What holds for the repository as a whole: its layout, its documents, what may not be in it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { readRows } from "kit/tables";
import { readNotebook } from "run-notebooks";
import { itNeeds, mirror } from "test-support/needs";
import { readConversations } from "../apps/sources/read-conversations";
import { readPostReplies } from "../apps/sources/read-post-replies";
import { projectPath } from "../src/project";
import { defaultPlaces } from "../src/sources/locate-source";

const root = projectPath();

function filesBelow(folder: string, ending: string): string[] {
  const names = readdirSync(projectPath(folder), { recursive: true }) as string[];
  return names.filter((name) => name.endsWith(ending)).map((name) => projectPath(folder, name));
}

function trackedFiles(): string[] {
  const listed = execFileSync(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    {
      cwd: root,
      encoding: "utf8",
    },
  );
  return listed.split("\0").filter((name) => name !== "" && existsSync(projectPath(name)));
}

// Each room may import itself and the rooms named here; files directly in src are everyone's.
const ROOMS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  src: {
    tables: [],
    sources: [],
    notebook: [],
    figures: ["systems", "claims"],
    corpus: [],
    systems: ["tables", "sources", "corpus"],
    asking: ["tables", "sources", "corpus", "systems"],
    scoring: ["tables"],
    validity: ["corpus"],
    study: ["corpus", "systems", "scoring"],
    readings: [],
    claims: ["corpus", "systems", "asking", "scoring", "study", "readings"],
    people: ["corpus", "systems", "study", "claims"],
    instructions: ["systems", "asking", "scoring", "validity"],
    conversations: ["scoring"],
  },
  apps: {
    asking: [],
    scoring: [],
    claims: [],
    replies: ["scoring"],
    readings: ["asking", "replies", "sources"],
    sources: ["claims", "replies", "scoring"],
    report: ["claims"],
    annotate: ["replies", "scoring"],
    view: ["annotate", "replies", "scoring", "sources"],
    train: ["replies", "scoring", "sources"],
    pipeline: ["claims", "readings", "replies", "report", "scoring", "sources"],
    archive: ["pipeline", "replies", "scoring"],
    teaching: ["pipeline"],
    cli: ["*"],
  },
  "packages/kit/src": { files: [], registry: [], tables: [] },
  "packages/mixed-models/src": {
    agreement: ["numerics", "inference"],
    meta: ["numerics"],
    formula: [],
    numerics: [],
    design: ["formula", "numerics"],
    objective: ["numerics", "design"],
    fit: ["formula", "numerics", "design", "objective"],
    inference: ["formula", "numerics", "design", "objective", "fit"],
  },
  "packages/empathy-scorer/src": {
    text: [],
    features: ["text"],
    models: ["text", "features"],
    embedded: ["text", "features", "models"],
  },
};

const PACKAGES = readdirSync(projectPath("packages"));

describe("the layout", () => {
  for (const [place, rooms] of Object.entries(ROOMS)) {
    it(`lets the rooms of ${place} import in one direction only`, () => {
      assert.deepEqual(brokenImports(place, rooms), []);
      assert.deepEqual(foldersIn(place), Object.keys(rooms).sort());
    });
  }

  it("lets packages import what their manifests declare: no other package of ours but kit, nothing of src", () => {
    for (const name of PACKAGES) {
      const folder = `packages/${name}`;
      const { dependencies = {} } = readManifest(folder);
      const ours = Object.keys(dependencies).filter((one) => PACKAGES.includes(one));
      assert.deepEqual(ours, name === "kit" ? [] : ["kit"], name);
      for (const { file, target } of importsBelow(`${folder}/src`)) {
        if (target.startsWith("."))
          assert.match(resolvePlace(file, target), new RegExp(`^${folder}/src/`), file);
        else assert.ok(isDeclared(target, dependencies), `${file} imports ${target}`);
      }
    }
  });

  it("lets src import packages by their declared names, and apps import src, never back", () => {
    const { dependencies = {} } = readManifest(".");
    for (const { file, target } of [...importsBelow("src"), ...importsBelow("apps")]) {
      if (!target.startsWith(".")) {
        assert.ok(isDeclared(target, dependencies), `${file} imports ${target}`);
        continue;
      }
      const place = resolvePlace(file, target);
      assert.match(place, file.startsWith("src/") ? /^src\// : /^(src|apps)\//, file);
    }
  });

  it("lets the site import apps, src and packages, and what it is built with", () => {
    const { dependencies, devDependencies } = readManifest(".");
    for (const { file, target } of importsBelow("site")) {
      if (target.startsWith("."))
        assert.match(resolvePlace(file, target), /^(site|apps|src)\//, file);
      else
        assert.ok(
          isDeclared(target, { ...dependencies, ...devDependencies }),
          `${file}: ${target}`,
        );
    }
  });

  // Files that import each other can only be read together; types that both need belong in the lower one.
  for (const folder of [...PACKAGES.map((name) => `packages/${name}/src`), "src", "apps"]) {
    it(`has no circle of files in ${folder}`, () => assert.deepEqual(circlesBelow([folder]), []));
  }

  /** Circles of files that import each other, types included: strongly connected sets (Tarjan 1972), each as its files' names. */
  function circlesBelow(folders: readonly string[]): string[] {
    const targets = new Map<string, string[]>();
    for (const { file, target } of folders.flatMap(importsBelow)) {
      if (!target.startsWith(".")) continue;
      const place = resolvePlace(file, target);
      const found = [`${place}.ts`, `${place}/index.ts`].find((one) => existsSync(join(root, one)));
      if (found) targets.set(file, [...(targets.get(file) ?? []), found]);
    }
    const circles: string[] = [];
    const seen = new Map<string, { index: number; lowest: number; isOpen: boolean }>();
    const open: string[] = [];
    const visit = (file: string) => {
      const state = { index: seen.size, lowest: seen.size, isOpen: true };
      seen.set(file, state);
      open.push(file);
      for (const target of targets.get(file) ?? []) {
        const other = seen.get(target) ?? visit(target);
        if (other.isOpen) state.lowest = Math.min(state.lowest, other.lowest);
      }
      if (state.lowest < state.index) return state;
      const members = open.splice(open.indexOf(file));
      for (const member of members) (seen.get(member) as typeof state).isOpen = false;
      if (members.length > 1) circles.push(`${members.sort().join(", ")} import each other`);
      return state;
    };
    for (const file of targets.keys()) if (!seen.has(file)) visit(file);
    return circles;
  }

  function foldersIn(folder: string): string[] {
    const entries = readdirSync(projectPath(folder), { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  }

  function readManifest(
    folder: string,
  ): Readonly<Partial<Record<"dependencies" | "devDependencies", Record<string, string>>>> {
    return JSON.parse(readFileSync(projectPath(folder, "package.json"), "utf8"));
  }

  function isDeclared(target: string, dependencies: Readonly<Record<string, string>>): boolean {
    return (
      target.startsWith("node:") ||
      Object.keys(dependencies).some((name) => `${target}/`.startsWith(`${name}/`))
    );
  }

  function importsBelow(folder: string): { readonly file: string; readonly target: string }[] {
    return filesBelow(folder, ".ts").flatMap((path) => {
      const found = readFileSync(path, "utf8").matchAll(
        /(?:^|\} |^import )from "([^"]+)"|(?:import|require)\("([^"]+)"\)/gm,
      );
      const file = relative(root, path).split(sep).join("/");
      return [...found].map(([, from, loaded]) => ({ file, target: (from ?? loaded) as string }));
    });
  }

  function resolvePlace(file: string, target: string): string {
    return relative(root, resolve(root, dirname(file), target))
      .split(sep)
      .join("/");
  }

  function brokenImports(
    folder: string,
    allowed: Readonly<Record<string, readonly string[]>>,
  ): string[] {
    return importsBelow(folder).flatMap(({ file, target }) => {
      if (!target.startsWith(".")) return [];
      const [room, own] = file.slice(folder.length + 1).split("/") as [string, string | undefined];
      const place = resolvePlace(file, target);
      const [imported, inside] = place.slice(folder.length + 1).split("/") as [string, string?];
      const isOutside = !place.startsWith(`${folder}/`) || own === undefined || !inside;
      const mayImport = allowed[room] ?? [];
      if (isOutside || imported === room || mayImport.includes(imported) || mayImport.includes("*"))
        return [];
      return [`${file} imports ${place}`];
    });
  }
});

describe("tables", () => {
  for (const name of trackedFiles().filter((one) => /^data\/.*\.csv$/.test(one))) {
    it(`in ${name} hold no NaN and no infinite number`, () => {
      const text = readFileSync(projectPath(name), "utf8");
      assert.doesNotMatch(text, /(^|,)"?[+-]?(NaN|Infinity|inf)"?(,|$)/im);
    });
  }
});

describe("notebooks", () => {
  // A table read by hand turns a missing cell into a number: Number(null) is 0. The typed readers keep it null.
  for (const name of trackedFiles().filter((one) => one.endsWith(".ipynb"))) {
    it(`in ${name} read tables with the typed readers only, and make no number of a missing value`, () => {
      const code = readNotebook(projectPath(name)).cells.filter(
        (cell) => cell.cell_type === "code",
      );
      for (const { source } of code) {
        assert.doesNotMatch(
          source,
          /\bNumber\(|\bparseFloat\(|readCsv|JSON\.parse|\bas any\b|\?\? 0\b/,
        );
      }
    });

    // GitHub and a screen in class cut longer lines off.
    it(`in ${name} have no line of code above 110 columns`, () => {
      const cells = readNotebook(projectPath(name)).cells.filter(
        ({ cell_type }) => cell_type === "code",
      );
      const lines = cells.flatMap(({ source }) => source.split("\n"));
      assert.deepEqual(
        lines.filter((line) => line.length > 110),
        [],
      );
    });
  }
});

describe("links", () => {
  const documents = trackedFiles().filter((name) => name.endsWith(".md"));
  const notebooks = trackedFiles().filter((name) => name.endsWith(".ipynb"));

  function markdownOf(name: string): string {
    if (name.endsWith(".md")) return readFileSync(projectPath(name), "utf8");
    const cells = readNotebook(projectPath(name)).cells;
    return cells
      .filter((cell) => cell.cell_type === "markdown")
      .map((cell) => cell.source)
      .join("\n");
  }

  for (const name of [...documents, ...notebooks]) {
    it(`in ${name} lead to files and headings that exist`, () => {
      const text = markdownOf(name).replace(/```[\s\S]*?```/g, "");
      for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^(https?|mailto):/.test(target as string)) continue;
        const [path, heading] = (target as string).split("#") as [string, string | undefined];
        const file = path === "" ? projectPath(name) : join(root, dirname(name), path);
        assert.ok(existsSync(file), `${name}: ${target}`);
        if (heading)
          assert.ok(headingsOf(readFileSync(file, "utf8")).includes(heading), `${name}: ${target}`);
      }
    });
  }
});

function headingsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    (title as string)
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, "")
      .replace(/ /g, "-"),
  );
}

describe("what belongs to others", () => {
  const texts = () =>
    trackedFiles()
      .filter((name) => !name.endsWith(".png"))
      .map((name) => [name, readFileSync(projectPath(name), "utf8")] as const);

  it("gives no committed table a column of ratings, raters or other projects' levels", () => {
    const foreign =
      /^(rating|annotator|rater|worker|pred_|gt_|Dim\d|empathy_(propensity|arr)|reply$|response$|text$)/i;
    for (const name of trackedFiles().filter((one) =>
      /^data\/(?!sample|example).*\.csv$/.test(one),
    )) {
      const [header = ""] = readFileSync(projectPath(name), "utf8").split("\n", 1);
      const columns = header.split(",").filter((column) => foreign.test(column));
      assert.deepEqual(columns, [], name);
    }
  });

  itNeeds(
    mirror,
    "is in no committed file: neither replies of the published systems nor who rated them",
    async () => {
      const raters = new Set<string>();
      const replies: string[] = [];
      for (const file of ["four-llms.csv", "gpt-4-two-prompts.csv"]) {
        const path = join(mirror.folder, "welivita-pu", file);
        for await (const { line, cells } of readRows(path, { columns: [], name: "ratings" })) {
          for (const [column, cell] of Object.entries(cells)) {
            if (column.startsWith("annotator_")) raters.add(cell);
            if (column.startsWith("response_") && line % 97 === 0) replies.push(cell);
          }
        }
      }
      const places = { ...defaultPlaces(), mirror: mirror.folder };
      const posts = await readPostReplies(places);
      const conversations = await readConversations(places);
      replies.push(...posts.filter((_, at) => at % 97 === 0).map(({ text }) => text));
      replies.push(...posts.filter((_, at) => at % 97 === 1).map(({ post }) => post));
      replies.push(...conversations.flatMap(({ messages }) => messages.map(({ text }) => text)));
      const long = replies.filter((reply) => reply.length > 60).map((reply) => reply.slice(0, 60));
      assert.ok(raters.size > 500 && long.length > 50);
      for (const [name, text] of texts()) {
        for (const [id] of text.matchAll(/\b[0-9a-f]{24}\b/g)) assert.ok(!raters.has(id), name);
        const found = long.find((reply) => text.includes(reply));
        assert.equal(found, undefined, name);
      }
    },
    60_000,
  );
});

describe("the repository", () => {
  it("names no path of a machine and no registry", () => {
    const patterns = [/\/(home|root|Users|work)\/\w/, /registry\.npmjs/, /"resolved": "http/];
    for (const name of trackedFiles()) {
      if (name.endsWith(".png") || name === "test/repository.test.ts") continue;
      const text = readFileSync(projectPath(name), "utf8");
      for (const pattern of patterns) assert.doesNotMatch(text, pattern, name);
    }
  });

  it("pins every package to an exact version", () => {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(projectPath("package.json"), "utf8"),
    );
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      if (name !== "empathy-notebooks")
        assert.match(version as string, /^(npm:[@\w/-]+@)?\d+\.\d+\.\d+$/, name);
    }
  });

  it("locks the packages of every platform, not only of the one that wrote the lockfile", () => {
    const { packages } = JSON.parse(readFileSync(projectPath("package-lock.json"), "utf8"));
    for (const platform of ["darwin-arm64", "win32-x64", "linux-arm64", "linux-x64"]) {
      assert.ok(packages[`node_modules/@biomejs/cli-${platform}`], platform);
    }
  });

  it("imports the package by its name in notebooks, never by path", () => {
    for (const name of trackedFiles().filter((one) => one.endsWith(".ipynb"))) {
      for (const cell of readNotebook(projectPath(name)).cells) {
        if (cell.cell_type === "code") assert.doesNotMatch(cell.source, /from "\.\.?\//, name);
      }
    }
  });
});
