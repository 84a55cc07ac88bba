// `empathy class`: a synthetic class of five, slides, and how long lessons take.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readCsvFile } from "kit/tables";
import { readNotebook } from "run-notebooks";
import { openChromium } from "test-support/chromium";
import { chromium, itNeeds, patience } from "test-support/needs";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { collectClass } from "../../apps/teaching/collect-class";
import { listLinks, repositoryOf } from "../../apps/teaching/launch-links";
import { isAnswer, type Lesson, readLessons } from "../../apps/teaching/lessons";
import { measurePage } from "../../apps/teaching/reading-time";
import { formatSlides } from "../../apps/teaching/slides";
import { projectPath } from "../../src/project";
import { writeClass } from "./made-class";

const lessons = readLessons();
const lesson = lessons.find(({ name }) => name === "02-random-intercept") as Lesson;
const CHANGED = "the lesson's cell 9 was changed";
const UNKNOWN = [
  ["notes.ipynb", "", "has none of the lessons' exercises"],
  ["torn.ipynb", "", /^is not JSON/],
] as const;

describe("empathy class --collect", () => {
  it("makes a row of every copy and a column of every exercise, and runs nothing", async () => {
    const [folder, csv] = [temporaryFolder(), join(temporaryFolder(), "class.csv")];
    writeClass(folder, lesson);
    const { status, stdout } = await runEmpathy(["class", "--collect", folder, "--csv", csv]);
    assert.equal(status, 0);
    assert.match(stdout, /^7 copies:\n/);
    assert.match(stdout, /Read from what the copies hold, which a student can edit; --run runs/);
    const header = ["copy", "lesson", "exercise 1", "exercise 2", "exercise 3", "right", "notes"];
    const rows = readCsvFile(csv, header).map(({ copy, lesson: _, ...rest }) => [
      copy?.split("/")[0],
      ...Object.values(rest),
    ]);
    assert.deepEqual(rows.slice(0, 5), [
      ["ana", "right", "right", "right", "3", ""],
      ["ben", "not tried", "not tried", "not tried", "0", ""],
      ["cem", "wrong", "error", "not tried", "0", ""],
      ["dora", "check changed", "error", "not tried", "0", "the check of systemSd was changed"],
      ["eli", "not run", "cell removed", "right", "1", CHANGED],
    ]);
    assert.deepEqual(
      rows.slice(5).map((row) => [row[0], ...row.slice(1, 4)]),
      UNKNOWN.map(([copy]) => [copy, "", "", ""]),
    );
    for (const [at, [, , why]] of UNKNOWN.entries())
      assert.match(String(rows[5 + at]?.at(-1)), new RegExp(why));
  }).timeout(20_000);

  itNeeds(
    patience,
    "runs answers in the committed lesson when asked, where no changed check has a say",
    async () => {
      const folder = temporaryFolder();
      writeClass(folder, lesson);
      const judged = await collectClass(folder, { isRun: true });
      assert.deepEqual(
        judged.slice(0, 5).map(({ results }) => results),
        [
          ["right", "right", "right"],
          ["not tried", "not tried", "not tried"],
          ["wrong", "error", "not tried"],
          ["wrong", "error", "not tried"],
          ["right", "cell removed", "right"],
        ],
      );
      assert.deepEqual(judged[3]?.notes, ["the check of systemSd was changed"]);
    },
  );

  it("says in one line what is wrong with what it was given", async () => {
    for (const [args, line] of [
      [["--collect", "absent"], /^empathy: absent: cannot be read \(ENOENT\); name the folder/],
      [["--collect", temporaryFolder()], /holds no notebook \(\.ipynb\); put the students' copies/],
      [["--run"], /^empathy: class: say one of --collect FOLDER, --slides, --minutes, --links\n$/],
      [["--slides", "--csv", "a.csv"], /^empathy: class: --run and --csv go with --collect/],
      [
        ["--collect", "x", "--csv", "a.txt"],
        /^empathy: --csv a\.txt: the name should end in \.csv/,
      ],
    ] as const) {
      const { status, stderr } = await runEmpathy(["class", ...args]);
      assert.equal(status, 1);
      assert.match(stderr, line);
      assert.equal(stderr.trim().split("\n").length, 1);
    }
  }).timeout(20_000);
});

describe("npm run class -- --lessons", () => {
  it("writes the lessons without their answers, and over no file", () => {
    const folder = join(temporaryFolder(), "handed-out");
    const write = () =>
      spawnSync(process.execPath, [projectPath("environment/class.mjs"), "--lessons", folder], {
        encoding: "utf8",
      });
    assert.equal(write().status, 0);
    for (const { path, notebook } of lessons) {
      const bare = readNotebook(join(folder, path.split("/").at(-1) as string));
      assert.deepEqual(
        bare.cells,
        notebook.cells.filter((cell) => !isAnswer(cell)),
      );
      assert.ok(bare.cells.length < notebook.cells.length);
    }
    const again = write();
    assert.equal(again.status, 1);
    assert.match(again.stderr, /^empathy: .*\(EEXIST\); name a folder that is empty or new\n$/);
  }).timeout(20_000);
});

describe("the lessons' pages", () => {
  for (const { name, notebook, exercises } of lessons) {
    const opening = notebook.cells[0]?.source ?? "";

    it(`in ${name} state goals, and the time that \`empathy class --minutes\` measures`, () => {
      assert.match(opening, /\*\*Question\.\*\*[\s\S]*\*\*Goals\.\*\*[\s\S]*\*\*Time\.\*\*/);
      const { words, codeLines } = measurePage(notebook);
      assert.ok(opening.includes(`: ${words.toLocaleString("en-US")} words of prose`), `${words}`);
      assert.ok(opening.includes(`${codeLines} lines of code`), String(codeLines));
    });

    it(`in ${name} tell no answer before its exercise, and name each const after its exercise`, () => {
      assert.doesNotMatch(opening, /\*\*Answer\.\*\*/);
      for (const exercise of exercises) {
        assert.match(exercise.source, new RegExp(`^const ${exercise.name}: unknown = `, "m"));
        assert.match(exercise.check, /\bcheck\(/);
      }
    });
  }
});

describe("formatSlides", () => {
  it("makes a slide of each heading, with tables and code, without answers, checks and a network", async () => {
    for (const one of lessons) {
      const html = formatSlides(one);
      const markdown = one.notebook.cells.filter(({ cell_type }) => cell_type === "markdown");
      const headings = markdown.filter(({ source }) => /^#{1,2} /.test(source));
      assert.equal(html.match(/<section /g)?.length, headings.length);
      assert.match(html, /<table>/);
      assert.doesNotMatch(
        html,
        /click to open|\bcheck\(|<script src|<link rel="stylesheet"|\.ipynb"/,
      );
    }
  });

  itNeeds(chromium, "goes from slide to slide by keys, and fits a phone", async () => {
    const folder = temporaryFolder();
    await runEmpathy(["class", "--slides", folder]);
    assert.equal(readdirSync(folder).length, lessons.length);
    const browser = await openChromium();
    try {
      const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
      await page.goto(pathToFileURL(join(folder, "01-mechanisms.html")).href);
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("PageDown");
      await page.keyboard.press("ArrowLeft");
      // The page itself knows its address at once; the browser tells it later.
      assert.equal(await page.evaluate("location.hash"), "#2");
      await page.keyboard.press("End");
      assert.equal(await page.evaluate("location.hash"), "#9");
      assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"));
    } finally {
      await browser.close();
    }
  });
});

describe("listLinks", () => {
  it("names the clone's place on GitHub, or a pattern", () => {
    for (const address of [
      "https://github.com/someone/a.b-c.git",
      "git@github.com:someone/a.b-c.git",
      "ssh://git@github.com/someone/a.b-c",
    ])
      assert.equal(repositoryOf(address), "someone/a.b-c");
    assert.equal(repositoryOf("https://example.org/someone/clone.git"), undefined);
    const [first] = listLinks(lessons, "someone/clone");
    assert.equal(
      first,
      "01-mechanisms: https://mybinder.org/v2/gh/someone/clone/HEAD?urlpath=lab%2Ftree%2Fnotebooks%2Fteaching%2F01-mechanisms.ipynb",
    );
    assert.match(listLinks(lessons, undefined)[0] ?? "", /gh\/OWNER\/REPOSITORY\/HEAD/);
  });
});
