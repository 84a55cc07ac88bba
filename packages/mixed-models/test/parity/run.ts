// The program behind `npm run parity`: all models of models.json, or those whose ids are given.
import { parseArgs } from "node:util";
import { hasRPackages, R_PACKAGES } from "test-support/needs";
import { temporaryFolder } from "test-support/temporary";
import { writeGolden } from "./golden";
import { compareAll, listIds, runR } from "./parity";
import { formatRows } from "./print";

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { simulated: { type: "boolean" }, "write-golden": { type: "boolean" } },
    allowPositionals: true,
  });
  const isGolden = values["write-golden"] ?? false;
  const known = listIds(false);
  const unknown = positionals.find((id) => !known.includes(id));
  if (unknown !== undefined) return fail(`no model '${unknown}'; the ids are in models.json`);
  const foreign = positionals.find((id) => isGolden && !listIds(true).includes(id));
  if (foreign !== undefined)
    return fail(`'${foreign}' is not on simulated data: it has no golden values`);
  if (!hasRPackages()) return fail(`R or one of its packages is missing: ${R_PACKAGES}`);
  const ids =
    positionals.length > 0 ? positionals : listIds(isGolden || (values.simulated ?? false));
  const folder = temporaryFolder();
  const raw = await runR(ids, folder);
  if (isGolden) writeGolden(raw, listIds(true));
  const rows = compareAll(raw, folder);
  process.stdout.write(`${formatRows(rows)}\n`);
  return rows.every(({ faults }) => faults.length === 0) ? 0 : 1;
}

function fail(message: string): number {
  process.stderr.write(`parity: ${message}\n`);
  return 1;
}

main().then((code) => {
  process.exitCode = code;
});
