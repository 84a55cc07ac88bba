// Exercise: systemSd
const systemSd: unknown = 0.1;
// Exercise: errors
const errors: unknown = countErrors(forgetful, 1, 60);
// Exercise: formula
const formula: unknown = "score ~ sentiment + (1 | prompt) + (1 + sentiment | system)";
