// Exercise: spread
const systemSd: number | undefined = 0.1;
// Exercise: prompts
const moreprompts: "fewer" | "as many" | "more" | undefined = "more";
// Exercise: slope
const randomPart: string | undefined = "(1 + sentiment | system)";
