// The same analysis in R, and as this package's command.

/** R's lines for a fit: lme4, lmerTest for linear models, ordinal for grades, emmeans for means. */
export function fitInR(file, flags) {
  const { formula, family } = flags;
  const groups = groupsOf(formula);
  const { library, call } = MODELS[family](flags);
  const [response = ""] = formula.split("~");
  const libraries = [library, ...(flags.means ? ["emmeans"] : [])];
  return [
    ...libraries.map((name) => `library(${name})`),
    readTable(file),
    ...groups.map((name) => `d$${name} <- factor(d$${name})`),
    ...(flags.levels ? [gradesInR(response.trim(), flags.levels)] : []),
    ...(flags.success
      ? [`d$${response.trim()} <- d$${response.trim()} == ${quote(flags.success)}`]
      : []),
    `m <- ${call}`,
    "summary(m)",
    ...meansInR(flags),
  ].join("\n");
}

// Every model here has random effects.
const MODELS = {
  gaussian: ({ formula, method, weights }) => ({
    library: "lmerTest",
    call: `lmer(${formula}, data = d${weightsInR(weights)}, REML = ${method === "ML" ? "FALSE" : "TRUE"})`,
  }),
  binomial: ({ formula, weights }) => ({
    library: "lme4",
    call: `glmer(${formula}, data = d, family = binomial${weightsInR(weights)})`,
  }),
  cumulative: ({ formula, weights }) => ({
    library: "ordinal",
    call: `clmm(${formula}, data = d${weightsInR(weights)})`,
  }),
};

function weightsInR(weights) {
  return weights ? `, weights = ${weights}` : "";
}

function gradesInR(response, levels) {
  const names = levels.split(",").map((level) => quote(level.trim()));
  return `d$${response} <- factor(d$${response}, levels = c(${names.join(", ")}), ordered = TRUE)`;
}

function meansInR({ means, contrasts }) {
  if (!means) return [];
  const lines = [`e <- emmeans(m, ~ ${names(means).join(" * ")})`, "summary(e, infer = TRUE)"];
  if (!contrasts) return lines;
  const [kind, level] = contrasts.split("=");
  const method = kind === "reference" ? `"trt.vs.ctrl", ref = ${quote(level)}` : quote(kind);
  return [...lines, `summary(contrast(e, ${method}), infer = TRUE)`];
}

/** R's lines for a meta-analysis, by metafor. */
export function metaInR(file, { effect, variance, moderators, groups, labels, method = "REML" }) {
  const mods = moderators ? `, mods = ~ ${names(moderators.replaceAll("+", ",")).join(" + ")}` : "";
  const own = labels && !groups ? `, slab = ${labels}` : "";
  const test = method === "FE" ? "z" : "knha";
  const call = groups
    ? `rma.mv(${effect}, ${variance}${mods}, random = ~ ${groups} | id, struct = "DIAG", data = d, method = ${quote(method)})`
    : `rma(${effect}, ${variance}${mods}, data = d, method = ${quote(method)}, test = ${quote(test)}${own})`;
  return [
    "library(metafor)",
    readTable(file),
    ...(groups ? ["d$id <- seq_len(nrow(d))"] : []),
    `m <- ${call}`,
    "summary(m)",
    ...(groups
      ? ["# Its intervals are the normal distribution's; here they are Satterthwaite's."]
      : []),
    ...(groups || moderators ? [] : ["predict(m)", "forest(m, addpred = TRUE)"]),
  ].join("\n");
}

/** The command that does the same. */
export function toCommand(kind, file, flags) {
  const words = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, shellWord(value)]);
  return ["npx empathy", kind, "--data", shellWord(file), ...words].join(" ");
}

function readTable(file) {
  return `d <- read.csv(${quote(file)}, na.strings = c("", "NA"), stringsAsFactors = TRUE)`;
}

// What stands behind a bar: the factors whose levels have effects of their own.
function groupsOf(formula) {
  const found = [...formula.matchAll(/\|\|?\s*([\w.:/ ]+)\)/g)];
  return [...new Set(found.flatMap(([, group]) => group.split(/[:/]/)).map((name) => name.trim()))];
}

function names(list) {
  return list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function quote(text) {
  return JSON.stringify(text);
}

function shellWord(text) {
  return /^[\w./,=-]+$/.test(text) ? text : `"${text.replace(/["\\$`]/g, "\\$&")}"`;
}
