import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { printable } from "../../src/cli/printable";
import { Progress } from "../../src/cli/progress";
import { runEmpathy } from "../support/run-empathy";
import { temporaryFolder } from "../support/temporary";

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
    ]);
    assert.equal(status, 0);
    assert.ok(!stdout.includes("\u001b"));
    const wrong = await runEmpathy(["fit", "--data", path(), "--formula", "y ~ \u001b[31mx"]);
    assert.equal(wrong.status, 1);
    assert.ok(!wrong.stderr.includes("\u001b"));
  });

  it("is no HTML in a fit's Markdown", async () => {
    const args = ["fit", "--data", path(), "--formula", "y ~ g + (1 | g)", "--markdown"];
    const { status, stdout } = await runEmpathy(args);
    assert.equal(status, 0);
    assert.match(stdout, /&lt;script>/);
    assert.doesNotMatch(stdout, /<script/);
  });
});
