// Writes what machines read of this package, from package.json, CITATION.cff and the tables below data/:
// data/croissant.json (mlcommons.org/croissant/1.0), ro-crate-metadata.json (RO-Crate 1.1), codemeta.json
// (CodeMeta 3.0) and .zenodo.json. Same files, same bytes. Usage: npm run metadata
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "csv-parse/sync";
import { setUp } from "./setup.mjs";

setUp();
const root = fileURLToPath(new URL("..", import.meta.url));
const require = createRequire(import.meta.url);
const { version, description, license, engines } = require("../package.json");
const { formCrate, formFile, LICENCES, PAPER } = require("../dist/apps/archive/ro-crate.js");
const citation = readFileSync(join(root, "CITATION.cff"), "utf8");
const title = /^title: "(.+)"$/m.exec(citation)[1];
const author = /^authors:\n {2}- name: (.+)$/m.exec(citation)[1];
const released = /^date-released: "?([\d-]+)"?$/m.exec(citation)[1];
const DERIVED = "CC-BY-NC-4.0";
const keywords = ["empathy", "dialogue", "evaluation", "reproducibility", "mixed models"];

// What the tables of each folder are; a folder that is not named here has no metadata, which is an error.
const FOLDERS = {
  corpus: ["Dialogues of EmpatheticDialogues, without their texts", DERIVED],
  published: ["What is known of systems' published replies, without their texts", DERIVED],
  sample: ["The sample corpus: 64 dialogues written for this package", "MIT"],
  example: ["Simulated data for the documentation", "MIT"],
  scores: [
    "Levels of empathy that a scorer gave to a system's replies, without their texts",
    DERIVED,
  ],
  conversations: ["Levels of empathy of replies in conversations, without their texts", DERIVED],
  instructions: [
    "Levels of empathy of replies to posts, by instruction, without their texts",
    DERIVED,
  ],
  readings: [
    "Levels of empathy that a large language model gave to replies by reading them, without their texts",
    DERIVED,
  ],
  results: ["Results computed from the scores", DERIVED],
  validity: ["How far scorers and raters agree", DERIVED],
};
const LEFT_OUT = ["cache", "replies"];

/** Makes the four files: their paths and texts. */
export function makeMetadata() {
  const tables = listTables().map(readTable);
  const files = {
    "data/croissant.json": croissant(tables),
    "ro-crate-metadata.json": roCrate(tables),
    "codemeta.json": codemeta(),
    ".zenodo.json": zenodo(),
  };
  return Object.entries(files).map(([path, value]) => ({
    path,
    text: `${JSON.stringify(value, null, 2)}\n`,
  }));
}

function listTables() {
  const names = readdirSync(join(root, "data"), { recursive: true }).map((name) =>
    String(name).replaceAll("\\", "/"),
  );
  return names
    .filter((name) => name.endsWith(".csv") && !LEFT_OUT.includes(name.split("/")[0]))
    .sort();
}

function readTable(name) {
  const bytes = readFileSync(join(root, "data", name));
  const [folder] = name.split("/");
  if (!FOLDERS[folder]) {
    throw new Error(
      `data/${name}: its folder is not described; add it in environment/metadata.mjs`,
    );
  }
  const [about, licence] = FOLDERS[folder];
  const [header, ...rows] = parse(bytes);
  return {
    name,
    about,
    licence,
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    rows: rows.length,
    columns: header.map((column, at) => ({ column, type: typeOf(rows.map((row) => row[at])) })),
  };
}

// A column is what all its values are; an empty one is missing.
function typeOf(values) {
  const given = values.filter((value) => value !== "");
  const all = (pattern) => given.length > 0 && given.every((value) => pattern.test(value));
  if (all(/^(true|false)$/)) return "sc:Boolean";
  if (all(/^-?\d+$/)) return "sc:Integer";
  return all(/^-?\d+(\.\d+)?(e[+-]?\d+)?$/) ? "sc:Float" : "sc:Text";
}

function croissant(tables) {
  return {
    "@context": {
      "@language": "en",
      "@vocab": "https://schema.org/",
      citeAs: "cr:citeAs",
      column: "cr:column",
      conformsTo: "dct:conformsTo",
      cr: "http://mlcommons.org/croissant/",
      dataType: { "@id": "cr:dataType", "@type": "@vocab" },
      dct: "http://purl.org/dc/terms/",
      extract: "cr:extract",
      field: "cr:field",
      fileObject: "cr:fileObject",
      recordSet: "cr:recordSet",
      sc: "https://schema.org/",
      source: "cr:source",
    },
    "@type": "sc:Dataset",
    conformsTo: "http://mlcommons.org/croissant/1.0",
    name: "empathy-notebooks-tables",
    description: `The committed tables of ${title}. They hold identifiers, labels and computed figures, and no text of EmpatheticDialogues.`,
    version,
    license: [...new Set(tables.map(({ licence }) => LICENCES[licence]))].sort(),
    creator: { "@type": "sc:Organization", name: author },
    url: PAPER,
    datePublished: released,
    citeAs: readReference(),
    keywords,
    distribution: tables.map((table) => ({
      "@type": "cr:FileObject",
      "@id": table.name,
      name: table.name,
      description: `${table.about}; ${table.rows} rows`,
      contentUrl: table.name,
      contentSize: `${table.bytes} B`,
      encodingFormat: "text/csv",
      license: LICENCES[table.licence],
      sha256: table.sha256,
    })),
    recordSet: tables.map(recordSet),
  };
}

function recordSet({ name, about, columns }) {
  const id = name.replace(/\.csv$/, "");
  return {
    "@type": "cr:RecordSet",
    "@id": id,
    name: id,
    description: about,
    field: columns.map(({ column, type }) => ({
      "@type": "cr:Field",
      "@id": `${id}/${column}`,
      name: column,
      dataType: type,
      source: { fileObject: { "@id": name }, extract: { column } },
    })),
  };
}

function readReference() {
  return `${title}, version ${version}. It reproduces ${PAPER}.`;
}

function roCrate(tables) {
  const folders = ["docs/", "figures/", "notebooks/", "src/"];
  return formCrate(
    {
      name: title,
      description,
      version,
      license: { "@id": LICENCES[license] },
      author: { "@id": "#authors" },
      datePublished: released,
      citation: { "@id": PAPER },
    },
    [{ "@id": "#authors", "@type": "Organization", name: author }],
    [
      ...folders.map((id) => ({ "@id": id, "@type": "Dataset", name: id.slice(0, -1) })),
      ...tables.map(({ name, about, bytes, sha256, licence }) =>
        formFile({
          path: `data/${name}`,
          description: about,
          format: "text/csv",
          bytes,
          sha256,
          licence,
        }),
      ),
    ],
  );
}

function codemeta() {
  return {
    "@context": "https://w3id.org/codemeta/3.0",
    type: "SoftwareSourceCode",
    name: title,
    description,
    version,
    license: LICENCES[license],
    datePublished: released,
    author: [{ type: "Organization", name: author }],
    keywords,
    programmingLanguage: "TypeScript",
    runtimePlatform: `Node ${engines.node}`,
    operatingSystem: ["Linux", "macOS", "Windows"],
    referencePublication: PAPER,
    developmentStatus: "active",
  };
}

function zenodo() {
  return {
    title,
    description: `<p>${description}</p>`,
    upload_type: "software",
    version,
    license: license.toLowerCase(),
    publication_date: released,
    creators: [{ name: author }],
    keywords,
    access_right: "open",
    language: "eng",
    related_identifiers: [
      { identifier: "arXiv:2310.08017", relation: "isSupplementTo", scheme: "arxiv" },
    ],
    notes:
      "Tables below data/corpus and data/published derive from EmpatheticDialogues (CC BY-NC 4.0); see README.md.",
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { path, text } of makeMetadata()) writeFileSync(join(root, path), text);
}
