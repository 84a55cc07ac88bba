# Writes satterthwaite.golden.json: degrees of freedom, t and p by lmerTest, and means, contrasts and slopes by emmeans with
# them. Run in this folder: Rscript satterthwaite.R [FILE]
suppressPackageStartupMessages({
  library(lmerTest)
  library(emmeans)
  library(jsonlite)
})
invisible(Sys.setlocale("LC_COLLATE", "C"))
emm_options(lmer.df = "satterthwaite", lmerTest.limit = 1e6)

# R's own data sets; those of one column a name, in plain types.
plain <- function(data) {
  factors <- vapply(data, is.factor, TRUE)
  data[factors] <- lapply(data[factors], as.character)
  as.data.frame(data)
}
sleep <- plain(lme4::sleepstudy)
sleep$Group <- ifelse(as.integer(factor(sleep$Subject)) %% 3 == 0, "late", "early")
sleep$w <- 1 + (sleep$Days %% 3) / 2
cake <- plain(lme4::cake)
cake$temperature <- NULL
cake$batch <- paste0(cake$recipe, cake$replicate)
insteval <- plain(head(lme4::InstEval[lme4::InstEval$dept %in% c("1", "10", "14"), ], 700))
insteval$lectage <- as.integer(insteval$lectage)
set.seed(6)
few <- data.frame(
  a = rep(c("hi", "lo", "mid"), 20), x = round(rnorm(60, 5, 2), 2), g = sprintf("g%02d", rep(1:10, each = 6))
)
# Noise whose groups have one mean: the groups' variance is estimated as zero.
noise <- rnorm(60)
few$y <- round(with(few, 1 + (a == "lo") + 0.4 * x + noise - ave(noise, g)), 3)
tables <- list(
  sleep = sleep, cake = cake, penicillin = plain(lme4::Penicillin), pastes = plain(lme4::Pastes),
  dyestuff = plain(lme4::Dyestuff), insteval = insteval, few = few
)
models <- list(
  list("slopes", "sleep", "Reaction ~ Days + (Days | Subject)"),
  list("slopes-ml", "sleep", "Reaction ~ Days + (Days | Subject)", REML = FALSE),
  list("uncorrelated", "sleep", "Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)"),
  list("grouped", "sleep", "Reaction ~ Days * Group + (1 | Subject)"),
  list("curved", "sleep", "Reaction ~ Group + Days + I(Days^2) + (Days | Subject)"),
  list("weighted", "sleep", "Reaction ~ Days + (1 | Subject)", weights = "w"),
  list("split-plot", "cake", "angle ~ recipe * temp + (1 | batch)"),
  list("split-plot-ml", "cake", "angle ~ recipe + temp + (1 | batch)", REML = FALSE),
  list("crossed", "penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"),
  list("nested", "pastes", "strength ~ cask + (1 | batch) + (1 | batch:cask)"),
  list("one-way", "dyestuff", "Yield ~ 1 + (1 | Batch)"),
  list("teachers", "insteval", "y ~ service * lectage + (1 | s) + (1 | d)"),
  list("singular", "few", "y ~ a * x + (1 | g)"),
  list("singular-slope", "few", "y ~ a + x + (1 + x | g)")
)
control <- lmerControl(
  optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5), calc.derivs = FALSE,
  check.conv.singular = .makeCC("ignore", tol = 1e-4)
)
fitModel <- function(model) {
  table <- tables[[model[[2]]]]
  table$w <- if (is.null(model$weights)) 1 else table[[model$weights]]
  reml <- is.null(model$REML)
  suppressMessages(eval(bquote(
    lmerTest::lmer(.(as.formula(model[[3]])), .(table), REML = .(reml), weights = w, control = .(control))
  )))
}
fits <- setNames(lapply(models, fitModel), vapply(models, `[[`, "", 1))

columns <- function(table, names, as) {
  found <- lapply(as.list(table)[match(names, names(table))], as.numeric)
  setNames(found, as)
}
describeFit <- function(model) {
  table <- coef(summary(fits[[model[[1]]]]))
  shown <- columns(
    as.data.frame(table), c("Estimate", "Std. Error", "df", "t value", "Pr(>|t|)"),
    c("estimate", "se", "df", "z", "p")
  )
  list(
    name = model[[1]], data = model[[2]], formula = model[[3]],
    method = if (is.null(model$REML)) "REML" else "ML", weights = model$weights, coefficients = shown
  )
}
tested <- function(found, adjust, level) {
  shown <- as.data.frame(summary(found, infer = TRUE, adjust = adjust, level = level))
  estimate <- intersect(c("emmean", "estimate", grep("trend$", names(shown), value = TRUE)), names(shown))
  columns(
    shown, c(estimate, "SE", "df", "lower.CL", "upper.CL", "t.ratio", "p.value"),
    c("estimate", "se", "df", "lower", "upper", "z", "p")
  )
}
# emmeans asks the fit for the degrees of freedom, and the fit for its data.
ask <- function(fit, over, slope = NULL, at = NULL, weights = "equal", by = NULL, adjusts = list(), level = 0.95) {
  model <- models[[match(fit, names(fits))]]
  args <- list(fits[[fit]], if (length(over)) over else ~1, weights = weights, data = tables[[model[[2]]]])
  if (!is.null(at)) args$at <- at
  # By default emtrends takes the difference to one side, a thousandth of the range wide: off by that where there is a square.
  if (!is.null(slope)) args <- c(args, var = slope, delta.var = 1e-6)
  means <- suppressMessages(do.call(if (is.null(slope)) emmeans else emtrends, args))
  shown <- tested(means, "none", level)
  contrasts <- lapply(adjusts, function(adjust) {
    list(adjust = adjust, result = tested(contrast(means, "pairwise", by = by), adjust, level))
  })
  list(
    fit = fit, slope = slope, over = as.list(over), at = lapply(at, as.list), weights = weights, level = level,
    by = as.list(by), means = shown[c("estimate", "se", "df", "lower", "upper")], contrasts = contrasts
  )
}
all4 <- list("none", "holm", "bonferroni", "tukey")
asks <- list(
  ask("split-plot", "recipe", adjusts = all4), ask("split-plot", "recipe", at = list(temp = 200), adjusts = all4),
  ask("split-plot-ml", "recipe", weights = "proportional", adjusts = list("tukey")),
  ask("split-plot", "recipe", slope = "temp", adjusts = all4), ask("split-plot", character(), slope = "temp"),
  ask("grouped", "Group", adjusts = list("tukey")), ask("grouped", "Group", slope = "Days", adjusts = list("none")),
  ask("grouped", character(), slope = "Days", weights = "proportional"), ask("slopes", character(), slope = "Days"),
  ask("curved", character(), slope = "Days"), ask("curved", character(), slope = "Days", at = list(Days = 2)),
  ask("curved", "Group", slope = "Days", level = 0.9),
  ask("nested", "cask", adjusts = all4), ask("teachers", "service", adjusts = list("tukey")),
  ask("teachers", "service", slope = "lectage", adjusts = list("tukey")),
  ask("singular", "a", adjusts = all4), ask("singular", "a", slope = "x", adjusts = list("holm"), level = 0.8),
  ask("singular-slope", "a", adjusts = list("tukey"))
)
ranges <- expand.grid(q = c(0.1, 1, 3, 4.5, 8), k = c(2, 3, 6), df = c(1, 2.5, 7, 17.3, 60, 1000))
# ptukey with finite df is off by up to 2e-6, with infinite df and so few variables by 1e-10.
averaged <- function(q, k, df) {
  inside <- function(u) {
    share <- exp(df * (u - expm1(2 * u) / 2) - log(constant))
    share * ptukey(q * exp(u), k, Inf, lower.tail = FALSE)
  }
  constant <- integrate(function(u) exp(df * (u - expm1(2 * u) / 2)), -40 / df - 1, 3, rel.tol = 1e-12, subdivisions = 5000)$value
  integrate(inside, -40 / df - 1, 3, rel.tol = 1e-11, subdivisions = 5000)$value
}
ranges$p <- with(ranges, mapply(averaged, q, k, df))
golden <- list(
  origin = paste0(
    "satterthwaite.R with R ", getRversion(), ", lmerTest ", packageVersion("lmerTest"), ", lme4 ",
    packageVersion("lme4"), ", emmeans ", packageVersion("emmeans"), "; df and p to 1e-4 relative: lmerTest's Hessian ",
    "and Jacobian are differences at the optimum of another search; ranges by R's integrate to 1e-9"
  ),
  data = lapply(tables, as.list), fits = lapply(models, describeFit), asks = asks, ranges = as.list(ranges)
)
file <- commandArgs(trailingOnly = TRUE)
json <- toJSON(golden, digits = NA, auto_unbox = TRUE, na = "null", null = "null")
writeLines(gsub('\\},\\{', '},\n{', json), if (length(file)) file[1] else "satterthwaite.golden.json")
