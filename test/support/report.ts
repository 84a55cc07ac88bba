// Mocha's own report for readers, and its counts as JSON for CI, in the file that TEST_COUNTS names.
import { writeFileSync } from "node:fs";
import Mocha from "mocha";

module.exports = class Report extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    const file = process.env.TEST_COUNTS;
    runner.once("end", () => {
      if (!file) return;
      const { passes, failures, pending } = this.stats;
      writeFileSync(file, JSON.stringify({ passes, failures, pending }));
    });
  }
};
