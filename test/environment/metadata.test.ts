// What machines read of the package. Their formats' validators are Python programs or web services: what the
// formats require is checked here field by field.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { projectPath } from "../../src/project";

// biome-ignore lint/suspicious/noExplicitAny: documents of four formats.
const readJson = (path: string): any => JSON.parse(readFileSync(projectPath(path), "utf8"));
const manifest = readJson("package.json");

function requireFields(record: Record<string, unknown>, names: readonly string[]): void {
  for (const name of names) {
    const value = record[name];
    assert.ok(
      value !== undefined && value !== "",
      `${name} of ${JSON.stringify(record).slice(0, 80)}`,
    );
  }
}

describe("npm run metadata", () => {
  it("would change nothing", async () => {
    const module = pathToFileURL(projectPath("environment", "metadata.mjs")).href;
    const { makeMetadata } = (await import(module)) as {
      makeMetadata(): { path: string; text: string }[];
    };
    for (const { path, text } of makeMetadata()) {
      const stale = readFileSync(projectPath(path), "utf8") !== text;
      assert.ok(!stale, `${path} is stale: npm run metadata`);
    }
  });
});

describe("Croissant, 1.0", () => {
  const dataset = readJson("data/croissant.json");

  it("has what the format requires of a dataset", () => {
    assert.equal(dataset.conformsTo, "http://mlcommons.org/croissant/1.0");
    assert.equal(dataset["@type"], "sc:Dataset");
    requireFields(dataset, [
      "@context",
      "name",
      "description",
      "license",
      "url",
      "creator",
      "datePublished",
    ]);
  });

  it("names every file with its place, kind and checksum", () => {
    for (const file of dataset.distribution) {
      requireFields(file, ["@id", "name", "contentUrl", "encodingFormat", "sha256"]);
      const bytes = readFileSync(projectPath("data", file.contentUrl));
      assert.equal(createHash("sha256").update(bytes).digest("hex"), file.sha256);
    }
  });

  it("gives every column a type, and takes it from a file that is there", () => {
    const files = new Map(
      dataset.distribution.map((file: { "@id": string; contentUrl: string }) => [
        file["@id"],
        file.contentUrl,
      ]),
    );
    for (const { field } of dataset.recordSet) {
      for (const one of field) {
        requireFields(one, ["@id", "name", "dataType"]);
        const file = files.get(one.source.fileObject["@id"]) as string;
        const [header] = readFileSync(projectPath("data", file), "utf8").split("\n");
        assert.ok(header?.split(",").includes(one.source.extract.column), one["@id"]);
      }
    }
  });
});

describe("RO-Crate, 1.1", () => {
  const graph = readJson("ro-crate-metadata.json")["@graph"] as Record<string, unknown>[];
  const byId = new Map(graph.map((entity) => [entity["@id"], entity]));

  it("describes itself and its root, as the format requires", () => {
    const self = byId.get("ro-crate-metadata.json") as Record<string, unknown>;
    assert.deepEqual(self.conformsTo, { "@id": "https://w3id.org/ro/crate/1.1" });
    assert.deepEqual(self.about, { "@id": "./" });
    requireFields(byId.get("./") ?? {}, ["name", "description", "license", "datePublished"]);
  });

  it("has every entity once, with a type, and each that another one names", () => {
    assert.equal(byId.size, graph.length);
    for (const entity of graph) {
      requireFields(entity, ["@type"]);
      const text = JSON.stringify({ ...entity, "@id": null, conformsTo: null });
      for (const [, id] of text.matchAll(/\{"@id":"([^"]+)"\}/g)) assert.ok(byId.has(id), id);
    }
  });
});

describe("CodeMeta, Zenodo and CITATION.cff", () => {
  const citation = readFileSync(projectPath("CITATION.cff"), "utf8");
  const [codemeta, zenodo] = [readJson("codemeta.json"), readJson(".zenodo.json")];

  it("have what they require", () => {
    requireFields(codemeta, ["@context", "type", "name", "author", "license", "version"]);
    requireFields(zenodo, ["title", "description", "creators", "license", "access_right"]);
    assert.equal(zenodo.upload_type, "software");
    for (const key of ["cff-version: 1.2.0", "message: ", "title: ", "authors:\n"]) {
      assert.ok(citation.includes(key), key);
    }
  });

  it("agree on version, title and day", () => {
    assert.match(citation, new RegExp(`^version: ${manifest.version}$`, "m"));
    assert.deepEqual([codemeta.version, zenodo.version], [manifest.version, manifest.version]);
    assert.equal(codemeta.name, zenodo.title);
    assert.match(citation, new RegExp(`^date-released: ${zenodo.publication_date}$`, "m"));
  });
});
