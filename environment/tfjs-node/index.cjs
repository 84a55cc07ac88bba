// danfojs-node reads tensors, their methods and `data.array` from this name.
// The full @tensorflow/tfjs holds them too, at five times the size on disk.
const core = require("@tensorflow/tfjs-core");
const data = require("@tensorflow/tfjs-data");

require("@tensorflow/tfjs-backend-cpu");

// Silences the advice to install the native backend, which this package replaces.
core.enableProdMode();

// The method forms (`tensor.sub(other)`) are registered by the full package only.
for (const [name, operation] of Object.entries(core)) {
  const isOperation = typeof operation === "function" && /^[a-z]/.test(name);
  if (isOperation && !(name in core.Tensor.prototype)) {
    core.Tensor.prototype[name] = function (...rest) {
      return operation(this, ...rest);
    };
  }
}

require("./groups.cjs");
require("./later.cjs");

module.exports = { ...core, data };
