import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv-draft-04";
import {
  aroundDifference,
  type Cell,
  type Displays,
  findDifference,
  formatNotebook,
  type Notebook,
  OutputCollector,
  readNotebook,
} from "run-notebooks";
import { codeCell, notebookOf } from "run-notebooks/test/notebook-of";
import { itNeeds, jupyter } from "test-support/needs";
import { temporaryFolder } from "test-support/temporary";
import { type CorpusRow, readCorpusTable } from "../../src/corpus/corpus-table";
import { formatHtmlTable } from "../../src/notebook/html-table";
import { projectPath } from "../../src/project";

const folder = temporaryFolder();

function write(content: string): string {
  const path = join(folder, "a.ipynb");
  writeFileSync(path, content);
  return path;
}

describe("readNotebook and formatNotebook", () => {
  const notebook = notebookOf(
    codeCell("1 + 1\n2", [
      { output_type: "stream", name: "stdout", text: "a\nb" },
      { output_type: "display_data", data: { "text/html": "<b>\n</b>" }, metadata: {} },
    ]),
    { id: "text", cell_type: "markdown", source: "# Title\n\nText", metadata: { b: 1, a: [] } },
  );

  it("are inverses", () => {
    assert.deepEqual(readNotebook(write(formatNotebook(notebook))), notebook);
  });

  it("write texts as lists of lines and keys in order", () => {
    const written = formatNotebook(notebook);
    assert.match(written, /"source": \[\n {4}"1 \+ 1\\n",\n {4}"2"\n {3}\]/);
    assert.ok(written.indexOf('"a": []') < written.indexOf('"b": 1'));
    assert.ok(written.endsWith("}\n"));
  });

  it("give cells of older notebooks an id", () => {
    const old = {
      nbformat: 4,
      nbformat_minor: 4,
      metadata: {},
      cells: [{ cell_type: "code", source: "1" }],
    };
    assert.equal(readNotebook(write(JSON.stringify(old))).cells[0]?.id, "cell-1");
  });

  for (const [content, pattern] of [
    ["", /a\.ipynb: is not JSON/],
    ["[1", /a\.ipynb: is not JSON/],
    ["null", /is not a notebook of format 4/],
    ['{"nbformat": 3}', /is not a notebook of format 4/],
    [
      '{"nbformat": 4, "cells": [{"cell_type": "heading"}]}',
      /cell 1 has the unknown type 'heading'/,
    ],
  ] as const) {
    it(`answer ${JSON.stringify(content)} with one line`, () => {
      assert.throws(() => readNotebook(write(content)), pattern);
    });
  }

  it("read a file with a byte order mark", () => {
    assert.deepEqual(readNotebook(write(`\uFEFF${formatNotebook(notebook)}`)), notebook);
  });

  it("answer a missing file with one line", () => {
    assert.throws(
      () => readNotebook(join(folder, "none.ipynb")),
      /none\.ipynb: cannot be read \(ENOENT\)/,
    );
  });

  itNeeds(jupyter, "write notebooks that pass the official 4.5 schema", () => {
    const schema = "/usr/lib/python3/dist-packages/nbformat/v4/nbformat.v4.5.schema.json";
    const validate = new Ajv({ strict: false, allErrors: true }).compile(
      JSON.parse(readFileSync(schema, "utf8")),
    );
    const names = readdirSync(projectPath("notebooks")).filter((name) => name.endsWith(".ipynb"));
    const written = names.map((name) =>
      formatNotebook(readNotebook(projectPath("notebooks", name))),
    );
    for (const text of [...written, formatNotebook(notebook)]) {
      validate(JSON.parse(text));
      assert.deepEqual(validate.errors, null);
    }
    assert.equal(validate({ cells: [{}] }), false, "the schema refuses what is no notebook");
  });
});

describe("OutputCollector", () => {
  function collect(...messages: [string, Record<string, unknown>][]) {
    const collector = new OutputCollector();
    for (const [msg_type, content] of messages) collector.take({ header: { msg_type }, content });
    return collector.outputs;
  }
  const html = (text: string, id?: string) => ({
    data: { "text/html": text },
    metadata: {},
    ...(id ? { transient: { display_id: id } } : {}),
  });

  it("keeps the order and merges the chunks of a stream until something else comes", () => {
    const outputs = collect(
      ["stream", { name: "stdout", text: "a" }],
      ["stream", { name: "stdout", text: "b" }],
      ["stream", { name: "stderr", text: "!" }],
      ["stream", { name: "stdout", text: "c" }],
      ["display_data", html("x")],
      ["stream", { name: "stdout", text: "d" }],
    );
    assert.deepEqual(
      outputs.map((output) => (output.output_type === "stream" ? output.text : "display")),
      ["ab", "!", "c", "display", "d"],
    );
  });

  it("replaces a display by its update, and drops its id", () => {
    const outputs = collect(
      ["display_data", html("before", "one")],
      ["stream", { name: "stdout", text: "between" }],
      ["update_display_data", html("after", "one")],
      ["update_display_data", html("unknown", "two")],
    );
    assert.equal(outputs.length, 2);
    assert.deepEqual(outputs[0], {
      output_type: "display_data",
      data: { "text/html": "after" },
      metadata: {},
    });
  });

  it("updates a display of an earlier cell, everywhere it is shown", () => {
    const displays: Displays = new Map();
    const [first, second] = [new OutputCollector(displays), new OutputCollector(displays)];
    const take = (to: OutputCollector, msg_type: string, content: Record<string, unknown>) =>
      to.take({ header: { msg_type }, content });
    take(first, "display_data", html("one", "id"));
    take(second, "display_data", html("two", "id"));
    take(second, "update_display_data", html("three", "id"));
    for (const { outputs } of [first, second]) {
      assert.deepEqual(outputs, [
        { output_type: "display_data", data: { "text/html": "three" }, metadata: {} },
      ]);
    }
  });

  it("clears at once, or before the next output", () => {
    const stream = { name: "stdout", text: "x" };
    assert.equal(collect(["stream", stream], ["clear_output", {}]).length, 0);
    assert.equal(collect(["stream", stream], ["clear_output", { wait: true }]).length, 1);
    const replaced = collect(
      ["stream", stream],
      ["clear_output", { wait: true }],
      ["display_data", html("y")],
    );
    assert.deepEqual(
      replaced.map((output) => output.output_type),
      ["display_data"],
    );
  });

  it("keeps results and errors", () => {
    const outputs = collect(
      ["execute_result", { ...html("r"), execution_count: 3 }],
      ["error", { ename: "E", evalue: "v", traceback: ["t"] }],
      ["status", { execution_state: "idle" }],
    );
    assert.deepEqual(
      outputs.map((output) => output.output_type),
      ["execute_result", "error"],
    );
  });
});

describe("findDifference", () => {
  const stream = (text: string): Cell =>
    codeCell("x", [{ output_type: "stream", name: "stdout", text }]);
  const committed: Notebook = notebookOf(stream("one"), stream("two"));

  it("finds none between equals", () => {
    assert.equal(findDifference(committed, structuredClone(committed)), undefined);
  });

  it("names the first cell that differs, and shows both sides", () => {
    assert.deepEqual(findDifference(committed, notebookOf(stream("one"), stream("three"))), {
      cellNumber: 2,
      what: "output 1 (stdout)",
      stored: "two",
      rerun: "three",
    });
  });

  it("notices an output that is missing, added, or of another kind", () => {
    for (const other of [
      codeCell("x", []),
      codeCell("x", [...(stream("one").outputs ?? []), ...(stream("y").outputs ?? [])]),
    ]) {
      assert.equal(findDifference(committed, notebookOf(other, stream("two")))?.cellNumber, 1);
    }
  });

  it("cuts long texts down to the place of the difference", () => {
    const before = `${"a".repeat(1000)}X${"b".repeat(1000)}`;
    const around = aroundDifference(before, before.replace("X", "Y"));
    assert.match(around.stored, /^…a{40}Xb+…$/);
    assert.match(around.rerun, /^…a{40}Yb+…$/);
  });
});

describe("formatHtmlTable", () => {
  const frame = (columns: string[], ...values: unknown[][]) => ({ columns, values });

  it("puts numbers to the right, thousands apart, and escapes texts", () => {
    const html = formatHtmlTable(frame(["name", "n"], ["a < b & c", 1234567], ["d", -1000]));
    assert.match(
      html,
      /<td align="left"[^>]*><div align="left">a &lt; b &amp; c<\/div><\/td><td align="right"[^>]*>1,234,567<\/td>/,
    );
    assert.match(html, /−1,000/);
  });

  it("takes rows that an interface describes, as the readers of tables give them", () => {
    const [row] = readCorpusTable(projectPath("data", "corpus", "test.csv"));
    const html = formatHtmlTable([row as CorpusRow]);
    assert.match(html, /<th [^>]*><div align="left">dialogue<\/div><\/th>/);
  });

  it("rounds where it is told to, and shows what is missing as a dash", () => {
    const html = formatHtmlTable(frame(["p"], [0.12345], [null], [-0.0001]), {
      decimals: { p: 2 },
    });
    assert.deepEqual(html.match(/(?<=<td [^>]*>)[^<]*/g), ["0.12", "–", "0.00"]);
  });

  it("asks for the decimals of a number that is not whole", () => {
    assert.throws(
      () => formatHtmlTable(frame(["p"], [0.5])),
      /column 'p' holds 0.5; give its decimals/,
    );
  });
});
