// danfojs-node asks for `request` as soon as it is loaded, and uses it for addresses given to readCSV and readJSON.
const refuse = () => {
  throw new Error(
    "tables are read from files here; fetch the address yourself, then read the file",
  );
};

module.exports = Object.assign(refuse, { get: refuse });
