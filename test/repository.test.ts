// What holds for the repository as a whole: its layout, its documents, what may not be in it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { readNotebook } from "../src/notebook/notebook-file";
import { projectPath } from "../src/project";
import { defaultPlaces } from "../src/sources/locate-source";
import { readConversations } from "../src/study/conversations/read-conversations";
import { readPostReplies } from "../src/study/instructions/post-replies";
import { readRows } from "../src/tables/read-rows";
import { itNeeds, mirror } from "./support/needs";

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
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  tables: [],
  sources: [],
  corpus: ["tables"],
  systems: ["tables", "sources", "corpus"],
  agreement: [],
  mixed: [],
  meta: ["mixed"],
  figures: [],
  notebook: [],
  replies: ["tables", "sources", "corpus", "systems"],
  empathy: ["tables", "agreement", "sources", "corpus", "systems", "replies"],
  study: [
    ...["tables", "agreement", "sources", "corpus", "systems", "replies"],
    ...["empathy", "mixed", "meta", "figures", "notebook"],
  ],
  annotate: [
    ...["tables", "agreement", "sources", "corpus", "systems", "empathy", "mixed", "figures"],
    "study",
  ],
  view: [...["tables", "sources", "corpus", "systems", "replies", "empathy", "study", "annotate"]],
  report: ["sources", "systems", "figures", "study"],
  pipeline: ["sources", "systems", "notebook", "study", "report"],
  cli: [
    ...["tables", "agreement", "sources", "corpus", "systems", "replies", "empathy", "mixed"],
    ...["meta", "figures", "notebook", "study", "annotate", "view", "report", "pipeline"],
  ],
};

// The rooms inside a room, likewise; files directly in the room may be imported by all of them.
const INNER: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  mixed: {
    formula: [],
    numerics: [],
    design: ["formula", "numerics"],
    objective: ["numerics", "design"],
    fit: ["formula", "numerics", "design", "objective"],
    inference: ["formula", "numerics", "design", "objective", "fit"],
  },
  empathy: {
    text: [],
    features: ["text"],
    models: ["text", "features"],
    labels: ["text"],
    embedded: ["text", "features", "models", "labels"],
    training: ["text", "features", "models", "labels", "embedded"],
    remote: ["text", "embedded", "training"],
    validity: ["text", "features", "models", "labels", "embedded", "training"],
  },
  study: { claims: [], people: ["claims"], instructions: [], conversations: [] },
};

describe("the rooms of src", () => {
  it("import in one direction only", () => {
    assert.deepEqual(brokenImports("src", ALLOWED), []);
  });

  for (const [room, inner] of Object.entries(INNER)) {
    it(`within ${room} import in one direction only`, () => {
      assert.deepEqual(brokenImports(`src/${room}`, inner), []);
      assert.deepEqual(foldersIn(`src/${room}`), Object.keys(inner).sort());
    });
  }

  it("give the meta-analysis no more of the mixed models than their numerics", () => {
    const imports = filesBelow("src/meta", ".ts").flatMap((file) => [
      ...readFileSync(file, "utf8").matchAll(/from "\.\.\/mixed\/(\w+)\//g),
    ]);
    assert.deepEqual([...new Set(imports.map(([, inner]) => inner))], ["numerics"]);
  });

  it("give the claims no more of the study's own files than what it is of, and its scored replies", () => {
    const imports = filesBelow("src/study/claims", ".ts").flatMap((file) => [
      ...readFileSync(file, "utf8").matchAll(/from "\.\.\/([\w-]+)"/g),
    ]);
    assert.deepEqual([...new Set(imports.map(([, file]) => file))].sort(), [
      "scored-replies",
      "study",
    ]);
  });

  it("give the study by people no more of the mixed models than their numerics", () => {
    const imports = filesBelow("src/annotate", ".ts").flatMap((file) => [
      ...readFileSync(file, "utf8").matchAll(/from "\.\.\/mixed\/(\w+)\//g),
    ]);
    assert.deepEqual([...new Set(imports.map(([, inner]) => inner))], ["numerics"]);
  });

  it("are all known", () => {
    assert.deepEqual(foldersIn("src"), Object.keys(ALLOWED).sort());
  });

  function foldersIn(folder: string): string[] {
    const entries = readdirSync(projectPath(folder), { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  }

  function brokenImports(
    folder: string,
    allowed: Readonly<Record<string, readonly string[]>>,
  ): string[] {
    const top = projectPath(folder);
    return filesBelow(folder, ".ts").flatMap((file) => {
      const room = relative(top, file).split(sep)[0] as string;
      const imports = [...readFileSync(file, "utf8").matchAll(/(?:from |import\()"(\.[^"]+)"/g)];
      return imports.flatMap(([, target]) => {
        const place = relative(top, resolve(dirname(file), target as string));
        const [imported, inside] = place.split(sep) as [string, string | undefined];
        const isShared = !inside || imported === ".." || room.endsWith(".ts");
        if (isShared || imported === room || allowed[room]?.includes(imported)) return [];
        return [`${relative(root, file)} imports ${place}`];
      });
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
      if (name !== "empathy-notebooks") assert.match(version as string, /^\d+\.\d+\.\d+$/, name);
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
