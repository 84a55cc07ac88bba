// Mocha's own report for readers, and its counts, what passed and what failed as JSON, in the file that TEST_COUNTS names.
import { writeFileSync } from "node:fs";
import Mocha from "mocha";

const MOST_CHARACTERS = 600;

module.exports = class Report extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    const file = process.env.TEST_COUNTS;
    const failed: string[] = [];
    const passed: string[] = [];
    runner.on("pass", (test) => {
      passed.push(test.fullTitle());
    });
    runner.on("fail", (test, error: Error) => {
      failed.push(`${test.fullTitle()}\n  ${String(error.message).slice(0, MOST_CHARACTERS)}`);
    });
    runner.once("end", () => {
      if (!file) return;
      const { passes, failures, pending } = this.stats;
      writeFileSync(file, JSON.stringify({ passes, failures, pending, failed, passed }));
    });
  }
};
