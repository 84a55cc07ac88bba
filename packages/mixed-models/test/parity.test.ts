// Every model of parity/models.json, R beside the library: two or three minutes, nearly all of them R's.
import assert from "node:assert/strict";
import { itNeeds, rPackages } from "test-support/needs";
import { temporaryFolder } from "test-support/temporary";
import { compareAll, listIds, runR } from "./parity/parity";
import { formatRows } from "./parity/print";

const PROCESSES = 2;
const PATIENCE_MS = 1_200_000;

describe("parity with R", () => {
  itNeeds(
    rPackages,
    "agrees with lme4, glmmTMB and clmm on every model",
    async () => {
      const folder = temporaryFolder();
      const rows = compareAll(await runR(listIds(false), folder, PROCESSES), folder);
      const failed = rows.filter(({ faults }) => faults.length > 0);
      assert.equal(rows.length, listIds(false).length);
      assert.ok(failed.length === 0, `\n${formatRows(rows)}`);
    },
    PATIENCE_MS,
  );
});
