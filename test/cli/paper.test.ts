// What goes into a paper: `empathy study figures`, `empathy study tables`, `--figure --width` and `--table`.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { itNeeds, patience } from "test-support/needs";
import { projectPath } from "test-support/project";
import { copyClone, runCopy } from "test-support/run-copy";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { formatTable } from "../../apps/cli/table-file";
import { formatHtmlTable, readHtmlTable } from "../../src/notebook/html-table";

const SHOWN = [
  { claim: "a & b", "these systems": -1234, from: -1300, to: 20, models: null, "to ": 3 },
  { claim: "<i>", "these systems": 5, from: 1, to: 9, models: 7, "to ": 4 },
];

/** A clone with a study `mine` that has run: two figures, and a notebook that shows two tables. */
function cloneWithStudy(): string {
  const root = copyClone();
  const mine = join(root, "studies", "mine");
  for (const folder of ["figures", "notebooks"]) mkdirSync(join(mine, folder), { recursive: true });
  writeFileSync(join(mine, "study.json"), JSON.stringify({ name: "mine", systems: ["human"] }));
  for (const name of ["04-confusion", "05-models"]) {
    cpSync(projectPath("figures", `${name}.json`), join(mine, "figures", `${name}.json`));
  }
  writeFileSync(join(mine, "notebooks", "06-claims.ipynb"), JSON.stringify(notebook()));
  return root;
}

function notebook() {
  const show = (html: string) => ({
    output_type: "display_data",
    data: { "text/html": html },
    metadata: {},
  });
  const outputs = [
    show(formatHtmlTable(SHOWN, { caption: "Leads & shares" })),
    show("<table><tr><td>of another origin</td></tr></table>"),
  ];
  const cell = {
    id: "a",
    cell_type: "code",
    source: "",
    metadata: {},
    outputs,
    execution_count: 1,
  };
  const language = { kernelspec: { name: "tslab", language: "typescript", display_name: "" } };
  return { cells: [cell], metadata: language, nbformat: 4, nbformat_minor: 5 };
}

describe("empathy study figures and tables", function () {
  this.timeout(60_000);
  let root: string;
  before(() => {
    root = cloneWithStudy();
  });

  itNeeds(
    patience,
    "writes what can be read at a width, names what cannot, and ends with status 1",
    async () => {
      const args = "study figures mine --width 50mm --format pdf,svg";
      const { status, stdout, stderr } = await runCopy(root, args.split(" "));
      assert.equal(status, 1);
      assert.match(
        stderr,
        /^empathy: 04-confusion: cannot be read at 50 mm: '0' and '1' would .*\n$/,
      );
      assert.match(stdout, /^05-models {2}50 × \d+ mm.*\n1 figure as pdf, svg in /);
      const folder = join(root, "studies", "mine", "paper", "figures-50mm");
      assert.deepEqual(readdirSync(folder).sort(), ["05-models.pdf", "05-models.svg"]);
      assert.match(readFileSync(join(folder, "05-models.svg"), "utf8"), /<svg [^>]*width="50mm"/);
      assert.equal(readFileSync(join(folder, "05-models.pdf")).subarray(0, 5).toString(), "%PDF-");
    },
  );

  it("writes the tables of the notebooks, and says what it left out", async () => {
    const out = temporaryFolder();
    const { status, stdout, stderr } = await runCopy(root, [
      "study",
      "tables",
      "mine",
      "--out",
      out,
    ]);
    assert.equal(status, 0);
    assert.match(stdout, /^1 table as csv, md, tex in /);
    assert.match(stderr, /06-claims\.ipynb: 1 table not shown by `showTable`, and left out/);
    const names = ["csv", "md", "tex"].map((ending) => `06-leads-shares.${ending}`);
    assert.deepEqual(readdirSync(out).sort(), names);
    assert.match(readFileSync(join(out, "06-leads-shares.tex"), "utf8"), /a \\& b & \$-\$1,234 &/);
  });

  const refusals: [string, RegExp][] = [
    ["figures mine --width 3in", /--width 3in: should be in millimetres/],
    ["figures mine --format pdf,gif", /--format pdf,gif: there is no format 'gif'/],
    ["tables mine --format html", /--format html: there is no format 'html'.*tex/],
    ["tables main", /no study is called 'main'; did you mean 'mine'\?/],
    ["figures published", /has no figures yet; make them with `npm run reproduce`/],
  ];
  for (const [args, message] of refusals) {
    it(`refuses ${args} in one line`, async () => {
      const { status, stderr } = await runCopy(root, ["study", ...args.split(" ")]);
      assert.equal(status, 1);
      assert.match(stderr, message);
      assert.equal(stderr.trimEnd().split("\n").length, 1);
    });
  }
});

describe("formatTable", () => {
  const shown = readHtmlTable(formatHtmlTable(SHOWN, { caption: "Leads <1>" }));

  it("reads back what showTable wrote", () => {
    assert.equal(shown?.caption, "Leads <1>");
    assert.deepEqual(shown?.columns, ["claim", "these systems", "from", "to", "models", "to "]);
    assert.deepEqual(shown?.rows[1], ["<i>", "5", "1", "9", "7", "4"]);
    assert.equal(readHtmlTable("<table><tr></tr></table>"), undefined);
  });

  it("writes CSV that programs read: plain numbers, no dash, no head twice", () => {
    const table = { title: "Leads", columns: shown?.columns ?? [], rows: shown?.rows ?? [] };
    assert.equal(
      formatTable(table, "csv", "leads"),
      "claim,these systems,from,to,models,models: to\n" +
        "a & b,-1234,-1300,20,,3\n<i>,5,1,9,7,4\n",
    );
  });
});

describe("empathy fit and meta", function () {
  this.timeout(60_000);
  const data = projectPath("data", "example", "simulated-replies.csv");

  it("write the figure at a width, as PDF, and coefficients and means as tables", async () => {
    const folder = temporaryFolder();
    const [pdf, csv] = [join(folder, "means.pdf"), join(folder, "fit.csv")];
    const formula = "er ~ family * sentiment + (1 | system)";
    const { status, stderr } = await runEmpathy([
      "fit",
      ...`--data ${data} --family binomial --means family`.split(" "),
      ...`--figure ${pdf} --width 85mm --table ${csv}`.split(" "),
      "--formula",
      formula,
    ]);
    assert.equal(status, 0, stderr);
    const [, wide] = /MediaBox \[0 0 ([\d.]+) /.exec(readFileSync(pdf, "latin1")) ?? [];
    assert.ok(Math.abs(Number(wide) - (85 * 72) / 25.4) < 0.01, wide);
    assert.match(readFileSync(csv, "utf8"), /^name,estimate,se,z,p,95 % from,to\n\(Intercept\),/);
    const files = readdirSync(folder)
      .filter((name) => name.endsWith(".csv"))
      .sort();
    assert.deepEqual(files, ["fit-marginal-means-over-family-log-odds-of-er.csv", "fit.csv"]);
    assert.match(stderr, /^wrote .*fit\.csv, .*fit-marginal-means/m);
  });

  it("write all tables of a meta-analysis to one LaTeX file", async () => {
    const folder = temporaryFolder();
    const [effects, tex] = [join(folder, "effects.csv"), join(folder, "meta.tex")];
    writeFileSync(effects, "trial,y,v\na_1,0.3,0.02\nb,0.1,0.03\nc,0.5,0.04\nd,0.2,0.02\n");
    const { status, stderr } = await runEmpathy(
      `meta --data ${effects} --effect y --variance v --table ${tex}`.split(" "),
    );
    assert.deepEqual([status, stderr], [0, ""]);
    const text = readFileSync(tex, "utf8");
    assert.equal(text.split("\\begin{tabular}").length, 5);
    assert.equal(new Set(text.match(/\\label\{[^}]*\}/g)).size, 4);
  });
});
