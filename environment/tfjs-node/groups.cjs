// danfojs's means, sums and other reductions of a group take a missing value for 0 and count it; those of a column leave it out.
// Here those of a group do, too. danfojs loads this package before its groups, so these are mended as they are loaded.
const Module = require("node:module");
const { join } = require("node:path");

const GROUPS = join("danfojs-base", "aggregators", "groupby.js");
const REDUCTIONS = ["max", "min", "sum", "count", "mean", "std", "var", "median", "mode"];
const OF_NOTHING = { sum: 0, count: 0 };

const load = Module._extensions[".js"];

Module._extensions[".js"] = (module, file) => {
  load(module, file);
  if (!file.endsWith(GROUPS)) return;
  Module._extensions[".js"] = load;
  leaveMissingOut(module.exports.default.prototype);
};

function leaveMissingOut(groups) {
  const { groupMathLog } = groups;
  groups.groupMathLog = function (values, operation) {
    if (!REDUCTIONS.includes(operation)) return groupMathLog.call(this, values, operation);
    const given = values.filter((value) => value !== null && !Number.isNaN(value ?? Number.NaN));
    return given.length > 0
      ? groupMathLog.call(this, given, operation)
      : [OF_NOTHING[operation] ?? Number.NaN];
  };
}
