// Rules that hold in every test: no network beyond this machine, no warning that nobody expects.

const realFetch = globalThis.fetch;
const warnings: Error[] = [];

export const mochaHooks = {
  beforeAll() {
    globalThis.fetch = (input, init) => {
      const { hostname } = new URL(input instanceof Request ? input.url : String(input));
      if (hostname !== "127.0.0.1") throw new Error(`a test reached for ${hostname}`);
      return realFetch(input, init);
    };
    process.on("warning", (warning) => warnings.push(warning));
  },
  afterEach() {
    const [first] = warnings.splice(0);
    if (first) throw first;
  },
};
