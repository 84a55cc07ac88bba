# Writes marginal-means.golden.json: estimated marginal means and their contrasts by emmeans, of lme4's fits.
# Run in this folder: Rscript marginal-means.R
suppressPackageStartupMessages({
  library(lme4)
  library(emmeans)
  library(jsonlite)
})
invisible(Sys.setlocale("LC_COLLATE", "C"))
emm_options(lmer.df = "asymptotic")

set.seed(20)
n <- 360
draw <- function(levels, chances) sample(levels, n, replace = TRUE, prob = chances)
data <- data.frame(
  a = draw(c("hi", "lo", "mid"), c(0.5, 0.2, 0.3)),
  b = draw(c("no", "yes"), c(0.65, 0.35)),
  c = draw(c("u", "v", "w"), c(0.2, 0.5, 0.3)),
  n = draw(c(1L, 3L, 10L), c(0.3, 0.3, 0.4)),
  flag = sample(c(TRUE, FALSE), n, replace = TRUE),
  x = round(rnorm(n, 3, 2), 3),
  g = sprintf("g%02d", rep(1:18, length.out = n))
)
data$b[data$c == "w" & runif(n) < 0.6] <- "yes"
effect <- with(data, 0.6 * (a == "lo") - 0.4 * (a == "mid") + 0.5 * (b == "yes") + 0.2 * x +
  0.7 * (a == "lo" & b == "yes") - 0.3 * (c == "v") + 0.1 * log(n))
group <- rnorm(18)[as.integer(factor(data$g))] * 0.7
data$y <- round(2 + effect + group + rnorm(n), 3)
data$ok <- as.integer(runif(n) < plogis(effect + group - 1))
data$z <- as.integer(runif(n) < 0.35)
data$ok2 <- as.integer(runif(n) < plogis(effect + group - 1 + 0.8 * data$z * (data$a == "lo")))
holed <- data[!(data$a == "mid" & data$b == "yes"), ]

linear <- function(formula, table = data, contrasts = NULL) {
  lmer(as.formula(formula), table, contrasts = contrasts, control = lmerControl(
    optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5), calc.derivs = FALSE
  ))
}
logit <- function(formula) {
  glmer(as.formula(formula), data, binomial, control = glmerControl(
    optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5), tolPwrss = 1e-12
  ))
}
formulas <- list(
  one = "y ~ a + (1 | g)", two = "y ~ a * b + (1 | g)", covariate = "y ~ a * x + b + (1 | g)",
  three = "y ~ a * b + c + x + (1 | g)", summed = "y ~ a * b + c + x + (1 | g)",
  counted = "y ~ factor(n) * flag + scale(x) + I(x^2) + (1 | g)",
  holed = "y ~ a * b + c + x + (1 | g)", kept = "y ~ a * z + b + log(x + 20) + (1 | g)",
  keptlogit = "ok2 ~ a * z + (1 | g)", logit = "ok ~ a * b + c + x + (1 | g)"
)
sum3 <- list(a = "contr.sum", b = "contr.sum", c = "contr.sum")
fits <- lapply(names(formulas), function(name) {
  formula <- formulas[[name]]
  suppressMessages(switch(name,
    summed = linear(formula, contrasts = sum3), holed = linear(formula, holed),
    logit = , keptlogit = logit(formula), linear(formula)
  ))
})
names(fits) <- names(formulas)

columns <- function(table, names, as) {
  found <- lapply(as.list(table)[match(names, names(table))], as.numeric)
  setNames(found, as)
}

describeMeans <- function(means, level, adjust) {
  link <- summary(means, level = level, adjust = adjust, infer = TRUE, type = "link")
  rows <- columns(link, c("emmean", "SE", "asymp.LCL", "asymp.UCL"), c("estimate", "se", "lower", "upper"))
  levels <- lapply(as.data.frame(means@grid)[names(means@levels)], as.character)
  response <- NULL
  if (length(means@misc$tran)) {
    probability <- summary(means, level = level, adjust = adjust, infer = TRUE, type = "response")
    response <- columns(
      probability, c("prob", "SE", "asymp.LCL", "asymp.UCL"), c("estimate", "se", "lower", "upper")
    )
  }
  list(levels = levels, link = rows, response = response)
}

describeContrasts <- function(contrasts, adjust, level) {
  by <- contrasts@misc$by.vars
  link <- summary(contrasts, level = level, adjust = adjust, infer = TRUE, type = "link")
  keys <- setdiff(names(contrasts@levels), by)
  rows <- columns(
    link, c("estimate", "SE", "z.ratio", "p.value", "asymp.LCL", "asymp.UCL"),
    c("estimate", "se", "z", "p", "lower", "upper")
  )
  odds <- NULL
  if (length(contrasts@misc$tran)) {
    ratio <- summary(contrasts, level = level, adjust = adjust, infer = TRUE, type = "response")
    odds <- columns(
      ratio, c("odds.ratio", "SE", "asymp.LCL", "asymp.UCL"), c("estimate", "se", "lower", "upper")
    )
  }
  name <- do.call(paste, c(lapply(contrasts@grid[keys], as.character), sep = " : "))
  list(name = name, by = lapply(contrasts@grid[by], as.character), link = rows, odds = odds)
}

runContrast <- function(means, ask, level) {
  if (!is.null(ask$interaction)) {
    methods <- lapply(ask$interaction, function(one) if (is.list(one)) one$custom else "pairwise")
    found <- contrast(means, interaction = methods, by = ask$by)
  } else if (is.list(ask$method) && !is.null(ask$method$reference)) {
    keys <- setdiff(names(means@levels), ask$by)
    labels <- do.call(paste, unique(means@grid[keys]))
    found <- contrast(means, "trt.vs.ctrl", ref = match(ask$method$reference, labels), by = ask$by)
  } else {
    found <- contrast(means, if (is.list(ask$method)) ask$method$custom else ask$method, by = ask$by)
  }
  result <- describeContrasts(found, ask$adjust, level)
  ask$by <- as.list(ask$by)
  list(ask = ask, result = result)
}

describe <- function(fit, over, at = NULL, weights = "equal", level = 0.95, adjust = "none", asks = list(),
                     twoValued = NULL) {
  args <- list(fits[[fit]], over, weights = weights, data = if (fit == "holed") holed else data)
  if (!is.null(at)) args$at <- at
  if (identical(twoValued, "mean")) args$cov.keep <- character(0)
  means <- suppressMessages(do.call(emmeans, args))
  list(
    fit = fit,
    options = c(
      list(over = as.list(over), at = lapply(at, as.list), weights = weights, level = level, adjust = adjust),
      if (!is.null(twoValued)) list(twoValued = twoValued)
    ),
    means = describeMeans(means, level, adjust),
    contrasts = lapply(asks, function(ask) suppressMessages(runContrast(means, ask, level)))
  )
}

pairs <- function(adjust, by = NULL) list(method = "pairwise", adjust = adjust, by = by)
against <- function(reference, adjust, by = NULL) {
  list(method = list(reference = reference), adjust = adjust, by = by)
}
custom <- function(weights, adjust, by = NULL) list(method = list(custom = weights), adjust = adjust, by = by)
all4 <- lapply(c("none", "holm", "bonferroni", "tukey"), pairs)
ends <- list("ends against the middle" = c(0.5, 0.5, -1), "hi against lo" = c(1, -1, 0))
twice <- function(adjust, by = NULL) {
  list(interaction = list(a = "pairwise", b = "pairwise"), adjust = adjust, by = by)
}
weighed <- list(
  interaction = list(a = list(custom = list("ends" = c(0.5, 0.5, -1))), b = "pairwise"), adjust = "none"
)
byB <- lapply(c("none", "holm", "bonferroni", "tukey"), pairs, by = "b")

cases <- list(
  describe("one", "a", asks = c(all4, list(against("lo", "holm"), custom(ends, "bonferroni")))),
  describe("one", "a", level = 0.9, adjust = "bonferroni", asks = list(pairs("tukey"), pairs("holm"))),
  describe("two", c("a", "b"), asks = c(all4, byB, list(
    twice("none"), twice("holm"), twice("bonferroni"), weighed, against("lo yes", "holm"),
    against("mid", "none", "b"), custom(ends, "none", "b"), pairs("tukey", "a")
  ))),
  describe("two", "a"), describe("two", "a", weights = "proportional", asks = list(pairs("tukey"))),
  describe("two", c("b", "a")), describe("covariate", "a"),
  describe("covariate", "a", at = list(x = 0), asks = list(pairs("tukey"))),
  describe("covariate", c("a", "x"), at = list(x = c(1, 4.5)), asks = list(pairs("tukey", "x"))),
  describe("covariate", "a", at = list(x = c(1, 4.5)), weights = "proportional"),
  describe("three", "a"), describe("three", "a", weights = "proportional", asks = all4),
  describe("three", c("a", "b"), weights = "proportional", asks = c(byB, list(twice("none")))),
  describe("three", "a", at = list(c = c("u", "w")), weights = "proportional"),
  describe("three", "c", at = list(c = c("u", "w"), a = c("hi", "mid")), weights = "proportional"),
  describe("three", c("a", "b", "c"), asks = list(twice("none", "c"), pairs("tukey", c("b", "c")))),
  describe("summed", c("a", "b"), weights = "proportional", asks = c(byB, list(twice("none")))),
  describe("summed", "a"),
  describe("counted", "n"), describe("counted", c("flag", "n"), asks = list(pairs("holm", "n"))),
  describe("counted", "flag", weights = "proportional"),
  describe("holed", c("a", "b"), asks = list(
    pairs("none"), pairs("holm"), pairs("bonferroni"), pairs("tukey", "b"), pairs("none", "a"), twice("none")
  )),
  describe("holed", "a", asks = list(pairs("none"))), describe("holed", "b"),
  describe("holed", "a", weights = "proportional"), describe("holed", "c", asks = list(pairs("tukey"))),
  describe("holed", "c", at = list(a = c("hi", "lo")), weights = "proportional"),
  describe("kept", "a", asks = list(pairs("tukey"))), describe("kept", c("a", "z"), asks = list(pairs("tukey", "z"))),
  describe("kept", "a", twoValued = "mean", asks = list(pairs("tukey"))), describe("kept", "a", at = list(z = 1)),
  describe("keptlogit", "a", asks = list(pairs("tukey"))), describe("keptlogit", "z"),
  describe("keptlogit", "a", twoValued = "mean", asks = list(pairs("tukey"))),
  describe("logit", c("a", "b"), asks = c(byB, list(twice("none"), against("lo", "bonferroni", "b")))),
  describe("logit", "a", weights = "proportional", asks = c(all4, list(custom(ends, "holm"))))
)

fitOf <- function(name) {
  fit <- fits[[name]]
  list(
    name = name, formula = formulas[[name]], family = if (name %in% c("logit", "keptlogit")) "binomial" else "gaussian",
    contrasts = if (name == "summed") "sum" else "treatment", data = if (name == "holed") "holed" else "data",
    names = names(fixef(fit)), beta = unname(fixef(fit)), vcov = unname(as.numeric(as.matrix(vcov(fit))))
  )
}
ranges <- expand.grid(q = c(0.1, 0.5, 1, 2, 3, 3.314493, 4, 5, 6, 8), k = c(2, 3, 4, 6, 10, 32, 100))
# ptukey itself is off by up to 2e-6 where k is large; the integral is not.
integral <- function(q, k) {
  inside <- function(z) k * dnorm(z) * (pnorm(z) - pnorm(z - q))^(k - 1)
  1 - integrate(inside, -9, 9 + q, rel.tol = 1e-13, abs.tol = 0, subdivisions = 5000)$value
}
ranges$integral <- mapply(integral, ranges$q, ranges$k)
ranges$ptukey <- mapply(function(q, k) ptukey(q, k, Inf, lower.tail = FALSE), ranges$q, ranges$k)
raw <- c(0.011, 0.6, 0.002, 0.04, 0.02)
golden <- list(
  origin = paste0(
    "marginal-means.R with R ", getRversion(), ", emmeans ", packageVersion("emmeans"), ", lme4 ",
    packageVersion("lme4"), "; with R's beta and vcov compare to 1e-9 relative (double precision, and ",
    "qtukey's own 1e-6 for Tukey's limits); own fits to 1e-4 standard errors"
  ),
  data = as.list(data), holed = as.list(holed), fits = lapply(names(fits), fitOf), cases = cases,
  ranges = as.list(ranges), adjusted = list(
    z = qnorm(raw / 2, lower.tail = FALSE), holm = p.adjust(raw, "holm"),
    bonferroni = p.adjust(raw, "bonferroni"), holmOfEight = p.adjust(raw, "holm", n = 8)
  )
)
json <- toJSON(golden, digits = NA, auto_unbox = TRUE, na = "null", null = "null")
writeLines(gsub('\\},\\{', '},\n{', json), "marginal-means.golden.json")
