// danfojs loads mathjs for five statistics and xlsx for spreadsheets, which takes each notebook half a second. Here either is
// loaded when something of it is asked for. danfojs loads this package before both.
const Module = require("node:module");

for (const name of ["mathjs", "xlsx"]) loadWhenAsked(name);

function loadWhenAsked(name) {
  const path = findBesideDanfojs(name);
  if (path === undefined || require.cache[path] !== undefined) return;
  const load = () => {
    if (require.cache[path] === stand) delete require.cache[path];
    return require(path);
  };
  const stand = new Module(path);
  stand.loaded = true;
  stand.exports = new Proxy(
    {},
    {
      get: (_, key) => load()[key],
      set: (_, key, value) => Reflect.set(load(), key, value),
      has: (_, key) => key in load(),
      ownKeys: () => Reflect.ownKeys(load()),
      getOwnPropertyDescriptor: (_, key) => {
        const found = Reflect.getOwnPropertyDescriptor(load(), key);
        // A proxy may report a property that its target lacks only as configurable.
        return found && { ...found, configurable: true };
      },
    },
  );
  require.cache[path] = stand;
}

function findBesideDanfojs(name) {
  try {
    return require.resolve(name, { paths: [require.resolve("danfojs-node")] });
  } catch {
    return undefined;
  }
}
