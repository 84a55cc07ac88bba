// Exercise: spread
const systemSd: unknown = 0.1;
// Exercise: prompts
const moreprompts: unknown = "more"; // "fewer", "as many" or "more"
// Exercise: slope
const randomPart: unknown = "(1 + sentiment | system)";
