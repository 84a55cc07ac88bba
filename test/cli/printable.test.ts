import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runOnTerminal } from "test-support/run-copy";
import { runEmpathy } from "test-support/run-empathy";
import { temporaryFolder } from "test-support/temporary";
import { printable } from "../../apps/cli/printable";
import { Progress } from "../../apps/cli/progress";

describe("printable", () => {
  it("writes control characters out, and leaves texts of every language alone", () => {
    assert.equal(
      printable("\u001b]0;title\u0007\r\u007f\u009b2J"),
      "\\x1b]0;title\\x07\\x0d\\x7f\\x9b2J",
    );
    assert.equal(printable("\u202egnp.exe\u2028"), "\\u202egnp.exe\\u2028");
    const text = "naïve\tשלום 🙂 \u200d\n−1";
    assert.equal(printable(text), text);
  });
});

describe("Progress", () => {
  it("shows and notes what servers and files say without obeying it", () => {
    let written = "";
    const stream = { isTTY: true, columns: 80, write: (text: string) => (written += text) };
    const progress = new Progress(stream as unknown as NodeJS.WriteStream);
    progress.show("a\u001b[31m\nb");
    progress.note("c\u001b[2Jd");
    assert.equal(written, "\r\x1b[2Ka\\x1b[31m b\r\x1b[2Kc\\x1b[2Jd\n");
  });
});

describe("progress on a terminal", function () {
  this.timeout(30_000);
  const write = (text: string) => {
    const path = join(temporaryFolder(), "table.csv");
    writeFileSync(path, text);
    return path;
  };
  const ratings = () => write("y,g,who\n1,a,x\n2,a,z\n3,b,x\n2,b,z\n2,c,x\n4,c,z\n");
  const replies = () => write("dialogue,turn,reply\nsample:1,2,I see.\n");

  for (const [name, args, words] of [
    ["fit", () => ["--data", ratings(), "--formula", "y ~ who + (1 | g)"], /fitting y ~ who/],
    [
      "agree",
      () => ["--data", ratings(), "--unit", "g", "--rater", "who", "--value", "y"],
      /resampling 'y'/,
    ],
    [
      "import",
      () => ["--format", "csv", "--system", "test-dry", "--dry-run", replies()],
      /reading the dialogues [^\n]*joining /,
    ],
    ["report", () => ["--out", join(temporaryFolder(), "report.html")], /writing .*report\.html/],
    ["ask", () => ["--dry-run", "--system", "retrieval"], /retrieval: counting/],
  ] as const) {
    it(`says what \`empathy ${name}\` is doing while it lasts`, async () => {
      const { status, stderr } = await runOnTerminal([name, ...args()]);
      assert.equal(status, 0, stderr);
      assert.match(stderr, words);
      assert.ok(stderr.replace(/empathy: note: .*\n/g, "").endsWith("\r\x1b[2K"));
    });
  }

  it("is taken away where a step fails", async () => {
    let written = "";
    const stream = { isTTY: true, columns: 80, write: (text: string) => (written += text) };
    const progress = new Progress(stream as unknown as NodeJS.WriteStream);
    const failing = progress.during("step", () => {
      throw new Error("broken");
    });
    await assert.rejects(failing, /broken/);
    assert.equal(written, "\r\x1b[2Kstep …\r\x1b[2K");
  });
});

describe("what a file holds", () => {
  const path = () => {
    const file = join(temporaryFolder(), "data.csv");
    const rows = [1, 2, 3, 4, 5, 6].map((y) => `${y},${y % 2 ? "<script>" : "\u001b[2Jb"}`);
    writeFileSync(file, `y,g\n${rows.join("\n")}\n`);
    return file;
  };

  it("reaches the terminal written out, in results and in messages", async () => {
    const { status, stdout } = await runEmpathy([
      "fit",
      "--data",
      path(),
      "--formula",
      "y ~ g + (1 | g)",
      "--method",
      "ML",
    ]);
    assert.equal(status, 0);
    assert.ok(!stdout.includes("\u001b"));
    const wrong = await runEmpathy(["fit", "--data", path(), "--formula", "y ~ \u001b[31mx"]);
    assert.equal(wrong.status, 1);
    assert.ok(!wrong.stderr.includes("\u001b"));
  });

  it("is no HTML in a fit's Markdown", async () => {
    const args = [
      "fit",
      "--data",
      path(),
      "--formula",
      "y ~ g + (1 | g)",
      "--method",
      "ML",
      "--markdown",
    ];
    const { status, stdout } = await runEmpathy(args);
    assert.equal(status, 0);
    assert.match(stdout, /&lt;script>/);
    assert.doesNotMatch(stdout, /<script/);
  });
});
