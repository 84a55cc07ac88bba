// What pages are made of, without building the site.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseNotebook } from "run-notebooks";
import { temporaryFolder } from "test-support/temporary";
import { findDeadLinks } from "../../site/check-links";
import { createRender, openDocument } from "../../site/markdown";
import { writeNotebookPages } from "../../site/notebook-pages";
import { addressWithin, listPlaces } from "../../site/places";
import { sectionsOf } from "../../site/search-index";
import { type Found, firstPage, SHOWN } from "../../site/search-terms";
import { linkTo } from "../../site/site-page";

const notebook = (cells: readonly object[]) =>
  JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });

const code = (source: string, ...outputs: object[]) => {
  return { cell_type: "code", id: "a", source, metadata: {}, execution_count: 1, outputs };
};

describe("linkTo", () => {
  it("leads from any page to any other, in whatever folder the site lies", () => {
    assert.equal(linkTo("index.html", "lessons/a.html"), "lessons/a.html");
    assert.equal(
      linkTo("api/functions/a.html", "systems/b.html#shares"),
      "../../systems/b.html#shares",
    );
    assert.equal(linkTo("systems/a.html", "systems/b.html"), "b.html");
  });
});

describe("addressWithin", () => {
  const places = listPlaces();
  const from = { source: "docs/claims.md", path: "claims.html" };
  const files: string[] = [];
  const lead = (address: string) =>
    addressWithin(address, from, places, (file) => files.push(file));

  it("leads to the pages of documents, notebooks and lessons", () => {
    assert.equal(lead("../README.md#the-systems"), "overview.html#the-systems");
    assert.equal(lead("../notebooks/06-claims.ipynb"), "notebooks/06-claims.html");
    assert.equal(lead("../notebooks/teaching/01-mechanisms.ipynb"), "lessons/01-mechanisms.html");
    assert.equal(lead("../notebooks/teaching"), "teaching.html");
    assert.deepEqual(files, []);
  });

  it("has the pages of tasks in the order in which they are read", () => {
    const tasks = places.filter(({ group }) => group === "Mixed models");
    assert.deepEqual(
      tasks.map(({ path }) => path.replace(".html", "")),
      ["fitting", "checking", "comparing", "explaining", "reporting", "planning"],
    );
  });

  it("takes other files along, leaves out folders, and refuses what is not there", () => {
    assert.equal(lead("../data/claims.json"), "files/data/claims.json");
    assert.deepEqual(files, ["data/claims.json"]);
    assert.equal(lead("../data/formats/"), undefined);
    assert.throws(() => lead("nothing.md"), /docs\/claims\.md: no such file: docs\/nothing\.md/);
  });
});

describe("createRender", () => {
  const render = createRender({
    highlight: (text) => text,
    addressOf: (address) => (address === "gone" ? undefined : `to-${address}`),
  });
  const write = (markdown: string) =>
    render(markdown, openDocument({ source: "a.md", path: "a.html" }));

  it("names headings as GitHub does, and numbers those that stand twice", () => {
    const html = write("# What's `new`, 2?\n\n## Same\n\n## Same\n");
    assert.deepEqual(
      [...html.matchAll(/id="([^"]+)"/g)].map(([, id]) => id),
      ["whats-new-2", "same", "same-1"],
    );
  });

  it("redirects links and pictures within the repository, and takes away links that lead nowhere", () => {
    const html = write("[a](b.md) [c](https://d.org) [e](#f) [**g**](gone) [h](i) ![j](k.svg)");
    assert.match(
      html,
      /<a href="to-b\.md">a<\/a> <a href="https:\/\/d\.org">c<\/a> <a href="#f">e<\/a>/,
    );
    assert.match(
      html,
      /<span><strong>g<\/strong><\/span> <a href="to-i">h<\/a> <img src="to-k\.svg"/,
    );
  });
});

describe("npm run site -- NOTEBOOK", () => {
  const svg = '<svg viewBox="0 0 300 200"><title>t</title></svg>';

  it("makes a page of one file: words, folded code, tables, figures, prints", async () => {
    const folder = temporaryFolder();
    const file = join(folder, "mine.ipynb");
    const table = {
      output_type: "display_data",
      metadata: {},
      data: { "text/html": "<table></table>" },
    };
    const drawn = { "image/svg+xml": svg, "text/plain": 'a "b" < c' };
    const text = notebook([
      { cell_type: "markdown", id: "b", source: "# Mine\n\n[next](other.ipynb)", metadata: {} },
      code(
        "const a = 1; // <b>",
        { output_type: "stream", name: "stdout", text: "<script>1</script>\n" },
        table,
        { output_type: "display_data", metadata: {}, data: drawn },
        { output_type: "error", ename: "Error", evalue: "no <i>", traceback: [] },
      ),
    ]);
    assert.ok(parseNotebook(Buffer.from(text), file));
    writeFileSync(file, text);
    const [path = ""] = await writeNotebookPages([file], join(folder, "out"));
    const html = readFileSync(path, "utf8");
    assert.match(html, /<h1 id="mine">Mine<\/h1>\s*<p><a href="other\.ipynb">next<\/a>/);
    assert.match(
      html,
      /<details class="code"><summary>Code: <code>const a = 1; \/\/ &lt;b&gt;<\/code><\/summary><pre tabindex="0"><code><i class="k">const/,
    );
    assert.match(
      html,
      /<pre class="output" tabindex="0">&lt;script&gt;1&lt;\/script&gt;<\/pre>\s*<div class="scroll" tabindex="0"><table>/,
    );
    assert.match(
      html,
      /<img src="data:image\/svg\+xml,%3Csvg[^"]*" alt="a &quot;b&quot; &lt; c" width="300" height="200"/,
    );
    assert.match(html, /Error: no &lt;i&gt;/);
    assert.doesNotMatch(html, /(?:src|href)="https?:/);
  });

  it("refuses two notebooks of one name, and what is no notebook", async () => {
    const folder = temporaryFolder();
    await assert.rejects(writeNotebookPages(["a/x.ipynb", "b/x.ipynb"], folder), {
      message: "b/x.ipynb: another notebook is called so too; convert it apart",
    });
    await assert.rejects(
      writeNotebookPages([join(folder, "gone.ipynb")], folder),
      /gone\.ipynb: cannot be read/,
    );
  });
});

describe("findDeadLinks", () => {
  it("names pages, files and headings that are not there, and nothing else", () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "b"));
    writeFileSync(join(folder, "b", "c.html"), '<h1 id="d">d</h1><a href="../a.html">a</a>');
    writeFileSync(
      join(folder, "a.html"),
      '<a href="b/c.html#d">1</a><a href="b/c.html#e">2</a><img src="f.svg"><a href="https://g.org">3</a><script src="h.js"></script>',
    );
    assert.deepEqual(findDeadLinks(folder), [
      "a.html: b/c.html#e",
      "a.html: f.svg",
      "a.html: h.js",
    ]);
  });
});

describe("the search", () => {
  it("splits a page at its headings, without code that is folded away", () => {
    const body =
      '<h1>T &amp; U</h1><p>one</p><h2 id="x">X</h2><details class="code"><pre>hidden</pre></details><p>two<br>three</p>';
    assert.deepEqual(
      sectionsOf({ path: "p.html", title: "P", body }).map(({ url, heading, text }) => [
        url,
        heading,
        text,
      ]),
      [
        ["p.html", "T & U", "one"],
        ["p.html#x", "X", "two three"],
      ],
    );
  });

  it("puts what holds every word of a question first, and at most two places of one page", () => {
    const found = (url: string, page: string, score: number, words: number): Found => {
      const queryTerms = Array.from({ length: words }, (_, at) => `w${at}`);
      return { url, page, heading: "", text: "", score, terms: queryTerms, queryTerms };
    };
    const many = Array.from({ length: 20 }, (_, at) => found(`m${at}`, `m${at}`, 1, 1));
    const shown = firstPage([
      found("rare", "r", 9, 1),
      found("a", "p", 4, 3),
      found("b", "p", 3, 3),
      found("c", "p", 2, 3),
      ...many,
    ]);
    assert.deepEqual(
      shown.slice(0, 3).map(({ url }) => url),
      ["a", "b", "rare"],
    );
    assert.equal(shown.length, SHOWN);
    assert.ok(!shown.some(({ url }) => url === "c"));
  });
});
