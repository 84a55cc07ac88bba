import { existsSync, readdirSync, statSync } from "node:fs";
import { posix } from "node:path";
import { projectPath } from "../src/project";
import { type Group, linkTo } from "./site-page";

/** A document of the repository that has a page. */
export interface Place {
  /** Below the repository's root. */
  readonly source: string;
  /** Below the site's root. */
  readonly path: string;
  readonly group?: Group;
}

/** Lists every document and notebook that has a page, in the menu's order. */
export function listPlaces(): Place[] {
  return [
    ...HAND_MADE,
    ...namesIn("notebooks", ".ipynb").map((name): Place => {
      return {
        source: `notebooks/${name}.ipynb`,
        path: `notebooks/${name}.html`,
        group: "Notebooks",
      };
    }),
    ...namesIn("notebooks/teaching", ".ipynb").map((name): Place => {
      return {
        source: `notebooks/teaching/${name}.ipynb`,
        path: `lessons/${name}.html`,
        group: "Lessons",
      };
    }),
    ...namesIn("docs", ".md")
      .filter((name) => !HAND_MADE.some(({ source }) => source === `docs/${name}.md`))
      .map((name): Place => {
        return { source: `docs/${name}.md`, path: `${name}.html`, group: "Guides" };
      }),
    ...packageNames().flatMap((name): Place[] => [
      {
        source: `packages/${name}/README.md`,
        path: `packages/${name}.html`,
        group: "Packages",
      },
      { source: `packages/${name}/CHANGELOG.md`, path: `packages/${name}-changes.html` },
    ]),
  ];
}

// Pages that stand elsewhere in the menu than their folder says, or that are called otherwise.
const HAND_MADE: readonly Place[] = [
  ...["fitting", "checking", "comparing", "explaining", "reporting", "planning"].map(
    (name): Place => {
      return { source: `docs/${name}.md`, path: `${name}.html`, group: "Mixed models" };
    },
  ),
  { source: "docs/index.md", path: "index.html", group: "Start" },
  { source: "README.md", path: "overview.html", group: "Start" },
  { source: "docs/teaching.md", path: "teaching.html", group: "Lessons" },
  { source: "CONTRIBUTING.md", path: "contributing.html", group: "About" },
  { source: "CHANGELOG.md", path: "changes.html", group: "About" },
  { source: "docs/design.md", path: "design.html", group: "About" },
  { source: "data/weights/model-card.md", path: "model-card.html" },
  { source: "data/readings/card.md", path: "readings-card.html" },
];

// Folders that documents link to, and the page that tells of them.
const FOLDERS: Readonly<Record<string, string>> = { "notebooks/teaching": "teaching.html" };

/**
 * Says where a document's address of another file leads on the site: to its page, or to the file, which the site carries along.
 *
 * @param onFile told of such a file.
 * @returns undefined for a folder of which the site has no page.
 * @throws Error if the repository has no such file.
 */
export function addressWithin(
  address: string,
  { source, path }: Pick<Place, "source" | "path">,
  places: readonly Place[],
  onFile: (source: string) => void,
): string | undefined {
  const [file = "", ...hash] = address.split("#");
  const wanted = posix.join(posix.dirname(source), decodeURI(file)).replace(/\/$/, "");
  const page = places.find((place) => place.source === wanted)?.path ?? FOLDERS[wanted];
  if (page !== undefined) return linkTo(path, [page, ...hash].join("#"));
  if (!existsSync(projectPath(wanted))) throw new Error(`${source}: no such file: ${wanted}`);
  if (statSync(projectPath(wanted)).isDirectory()) return undefined;
  onFile(wanted);
  return linkTo(path, `files/${wanted}`);
}

function namesIn(folder: string, ending: string): string[] {
  return readdirSync(projectPath(folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .sort();
}

function packageNames(): string[] {
  const names = readdirSync(projectPath("packages")).sort();
  return names.filter((name) => existsSync(projectPath("packages", name, "README.md")));
}
