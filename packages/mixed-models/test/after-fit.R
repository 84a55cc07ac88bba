# Writes after-fit.golden.json: joint tests by lmerTest, pbkrtest and car, Kenward and Roger's tests, means and contrasts by emmeans.
# The tables are those of satterthwaite.golden.json. Run in this folder: Rscript after-fit.R [FILE]
# (Debian: r-cran-lmertest r-cran-pbkrtest r-cran-emmeans r-cran-car r-cran-ordinal r-cran-jsonlite)
suppressPackageStartupMessages({
  library(lmerTest)
  library(pbkrtest)
  library(emmeans)
  library(ordinal)
  library(jsonlite)
})
invisible(Sys.setlocale("LC_COLLATE", "C"))
emm_options(lmer.df = "kenward-roger", lmerTest.limit = 1e6, pbkrtest.limit = 1e6)
tables <- lapply(fromJSON("satterthwaite.golden.json", simplifyVector = TRUE)$data, as.data.frame)
tables$few$z <- (seq_len(60) %% 7) / 3 + (tables$few$a == "lo")
tables$few$b <- c("u", "v")[1 + (seq_len(60) * 7) %/% 4 %% 2]
# A cell without rows.
tables$few$c <- ifelse(tables$few$a == "mid", "u", tables$few$b)
example <- read.csv("../../../data/example/simulated-replies.csv")
example$grade <- example$er + (example$sentiment == "positive") * (example$dialogue < "d3")
# Around zero: clmm's Hessian, from differences, moves by half a percent where a covariate lies elsewhere.
example$size <- round(2 * ((seq_len(540) * 37) %% 101) / 101 - 1, 2)
tables$example <- example[-c(3, 4, 5, 60:69, 200, 400:430), ]
# Without some rows, so that type II and III differ.
tables$cake <- tables$cake[-c(1, 2, 3, 20, 77, 78, 150, 200, 201, 202), ]
control <- lmerControl(
  optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5), calc.derivs = FALSE,
  check.conv.singular = .makeCC("ignore", tol = 1e-4)
)
models <- list(
  list("slopes", "sleep", "Reaction ~ Days + (Days | Subject)"),
  list("uncorrelated", "sleep", "Reaction ~ Days + (1 | Subject) + (0 + Days | Subject)"),
  list("grouped", "sleep", "Reaction ~ Group * Days + (1 | Subject)"),
  list("split-plot", "cake", "angle ~ recipe * temp + (1 | batch)"),
  list("crossed", "penicillin", "diameter ~ 1 + (1 | plate) + (1 | sample)"),
  list("nested", "pastes", "strength ~ cask + (1 | batch) + (1 | batch:cask)"),
  list("teachers", "insteval", "y ~ service * lectage + (1 + lectage | s) + (1 | d)"),
  list("singular", "few", "y ~ a * x + (1 | g)"),
  list("several", "few", "y ~ a * x + z + (1 | g)"),
  list("factors", "few", "y ~ a * b + x + (1 | g)"),
  list("factors-sum", "few", "y ~ a * b + x + (1 | g)", sum = TRUE),
  list("three-way", "few", "y ~ a * b * x + (1 | g)"),
  list("empty-cell", "few", "y ~ a * c + x + (1 | g)"),
  list("no-intercept", "few", "y ~ 0 + a + x + (1 | g)")
)
fit <- function(model, contrasts = "contr.treatment") {
  options(contrasts = c(contrasts, "contr.poly"))
  suppressMessages(eval(bquote(lmerTest::lmer(.(as.formula(model[[3]])), .(tables[[model[[2]]]]), control = .(control)))))
}
fits <- setNames(lapply(models, function(model) fit(model, if (is.null(model$sum)) "contr.treatment" else "contr.sum")), vapply(models, `[[`, "", 1))
named <- function(table, from, to) setNames(lapply(as.list(as.data.frame(table)[from]), as.numeric), to)
joint <- function(fit, type, ddf) {
  table <- suppressMessages(anova(fit, type = type, ddf = ddf))
  c(list(term = rownames(table)), named(table, c("F value", "NumDF", "DenDF", "Pr(>F)"), c("statistic", "df", "denominatorDf", "p")))
}
describe <- function(model) {
  own <- fits[[model[[1]]]]
  table <- coef(summary(own, ddf = "Kenward-Roger"))
  tests <- if (model[[1]] == "crossed") NULL else lapply(c(2, 3), function(type) {
    list(type = type, satterthwaite = joint(own, type, "Satterthwaite"), kenwardRoger = joint(own, type, "Kenward-Roger"))
  })
  list(
    name = model[[1]], data = model[[2]], formula = model[[3]], contrasts = if (is.null(model$sum)) "treatment" else "sum",
    coefficients = named(table, c("Estimate", "Std. Error", "df", "t value", "Pr(>|t|)"), c("estimate", "se", "df", "z", "p")),
    covariance = as.numeric(as.matrix(vcovAdj(own))), tests = tests
  )
}
# emmeans with Kenward and Roger's covariance matrix and degrees of freedom.
asked <- function(name, over, method, adjust) {
  model <- models[[match(name, names(fits))]]
  means <- suppressMessages(emmeans(fits[[name]], over, data = tables[[model[[2]]]]))
  compared <- as.data.frame(summary(contrast(means, method), infer = TRUE, adjust = adjust))
  list(
    fit = name, over = over, adjust = adjust,
    means = named(as.data.frame(means), c("emmean", "SE", "df", "lower.CL", "upper.CL"), c("estimate", "se", "df", "lower", "upper")),
    contrasts = named(compared, c("estimate", "SE", "df", "t.ratio", "p.value", "lower.CL", "upper.CL"), c("estimate", "se", "df", "z", "p", "lower", "upper"))
  )
}
options(contrasts = c("contr.treatment", "contr.poly"))
adjusted <- list(asked("split-plot", "recipe", "pairwise", "tukey"), asked("teachers", "service", "pairwise", "none"))
# Contrasts by emmeans with Satterthwaite's degrees of freedom, and tests against a margin.
emm_options(lmer.df = "satterthwaite")
shown <- c("estimate", "SE", "df", "t.ratio", "p.value", "lower.CL", "upper.CL")
as <- c("estimate", "se", "df", "z", "p", "lower", "upper")
compared <- function(over, method, how, adjust, interaction = FALSE, by = NULL) {
  means <- suppressMessages(emmeans(fits$factors, over, data = tables$few))
  found <- if (interaction) contrast(means, interaction = method, by = by) else contrast(means, method, by = by)
  margins <- lapply(c("equivalent", "non-inferior", "non-superior"), function(side) {
    sides <- c(equivalent = "two-sided", "non-inferior" = "noninferiority", "non-superior" = "nonsuperiority")
    lapply(c("none", "holm", "sidak"), function(adjusted) {
      tested <- as.data.frame(test(found, delta = 0.4, side = sides[[side]], adjust = adjusted))
      c(list(side = side, adjust = adjusted), named(tested, c("t.ratio", "p.value"), c("z", "p")))
    })
  })
  list(
    over = as.list(over), by = as.list(by), method = how, adjust = adjust, interaction = interaction,
    contrasts = named(as.data.frame(summary(found, infer = TRUE, adjust = adjust)), shown, as), margins = unlist(margins, recursive = FALSE)
  )
}
contrasts <- list(
  compared("a", list(c(-0.5, 1, -0.5), c(1, 0, -1)), list(formulas = list("lo - (hi + mid)/2", "ends = hi - mid")), "sidak"),
  compared("a", "poly", "polynomial", "none"), compared("a", "consec", "consecutive", "holm"),
  compared(c("a", "b"), "pairwise", "pairwise", "sidak", by = "b"),
  compared(c("a", "b"), c("consec", "revpairwise"), list(a = "consecutive", b = "revpairwise"), "bonferroni", TRUE)
)

# Means and contrasts on other scales, as regrid makes them; with the precise covariance matrix for the binomial model.
rescaled <- function(formula, family, own, over, adjust, ...) {
  means <- emmeans(own, over, data = tables$example, ...)
  responses <- regrid(means)
  shown <- c(est = NA, SE = "se")
  limits <- function(table) intersect(c("lower.CL", "asymp.LCL", "upper.CL", "asymp.UCL"), names(table))
  take <- function(table, estimate) {
    table <- as.data.frame(table)
    names(table)[match(c(estimate, limits(table)), names(table))] <- c("estimate", "lower", "upper")
    named(table, c("estimate", "SE", "lower", "upper"), c("estimate", "se", "lower", "upper"))
  }
  response <- intersect(c("prob", "response", "emmean"), names(as.data.frame(responses)))
  out <- list(
    formula = formula, family = family, over = over, adjust = adjust,
    means = take(responses, response),
    differences = take(summary(contrast(responses, "pairwise"), infer = TRUE, adjust = adjust), "estimate")
  )
  logs <- contrast(regrid(means, "log"), "pairwise")
  out$ratios <- take(summary(logs, infer = TRUE, adjust = adjust, type = "response"), "ratio")
  if (family == "binomial") out$odds <- take(summary(contrast(means, "pairwise"), infer = TRUE, adjust = adjust, type = "response"), "odds.ratio")
  out
}
options(contrasts = c("contr.treatment", "contr.poly"))
logit <- glmer(er ~ family + size + (1 | system) + (1 | dialogue), tables$example, family = binomial,
  control = glmerControl("nloptwrap", optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-14, maxeval = 1e5), tolPwrss = 1e-13))
hessian <- numDeriv::hessian(update(logit, devFunOnly = TRUE), c(getME(logit, "theta"), fixef(logit)))
covariance <- tail(t(tail(t(solve(hessian / 2)), 4)), 4)
dimnames(covariance) <- list(names(fixef(logit)), names(fixef(logit)))
emm_options(lmer.df = "asymptotic")
line <- lme4::lmer(er ~ family + size + (1 | dialogue), tables$example, control = control)
scales <- list(
  rescaled("er ~ family + size + (1 | system) + (1 | dialogue)", "binomial", logit, "family", "sidak", vcov. = covariance),
  rescaled("er ~ family + size + (1 | dialogue)", "gaussian", line, "family", "none")
)

# Wald tests by car, with coefficients that sum to zero, and a covariance matrix by numDeriv: lme4's own comes from coarse differences.
options(contrasts = c("contr.sum", "contr.poly"))
wald <- function(own, covariance) {
  lapply(c(2, 3), function(type) {
    table <- car::Anova(own, type = type, vcov. = covariance)
    table <- table[rownames(table) != "(Intercept)", ]
    c(list(type = type, term = rownames(table)), named(table, c("Chisq", "Df", "Pr(>Chisq)"), c("statistic", "df", "p")))
  })
}
yes <- glmer(er ~ family * sentiment + size + (1 | system) + (1 | dialogue), tables$example, family = binomial,
  control = glmerControl("nloptwrap", optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-14, maxeval = 1e5), tolPwrss = 1e-13))
precise <- function(own) {
  hessian <- numDeriv::hessian(update(own, devFunOnly = TRUE), c(getME(own, "theta"), fixef(own)))
  count <- length(fixef(own))
  found <- tail(t(tail(t(solve(hessian / 2)), count)), count)
  dimnames(found) <- list(names(fixef(own)), names(fixef(own)))
  found
}
grades <- clmm(factor(grade) ~ family * sentiment + size + (1 | system), tables$example, control = clmm.control(method = "nlminb", gradTol = 1e-9))
# car has no method for clmm: its formulas by hand, from the coefficients and their covariance matrix.
waldOf <- function(own, rows) {
  beta <- own$beta
  V <- vcov(own)[names(beta), names(beta)]
  L <- diag(length(beta))[rows, , drop = FALSE]
  c(t(L %*% beta) %*% solve(L %*% V %*% t(L), L %*% beta))
}
terms <- list(family = 1:2, sentiment = 3, size = 4, "family:sentiment" = 5:6)
above <- list(family = 5:6, sentiment = 5:6, size = integer(), "family:sentiment" = integer())
ofGrades <- lapply(c(2, 3), function(type) {
  statistic <- vapply(names(terms), function(term) {
    if (type == 3) return(waldOf(grades, terms[[term]]))
    waldOf(grades, c(terms[[term]], above[[term]])) - if (length(above[[term]])) waldOf(grades, above[[term]]) else 0
  }, 0)
  df <- lengths(terms)
  list(type = type, term = names(terms), statistic = unname(statistic), df = unname(df), p = unname(pchisq(statistic, df, lower.tail = FALSE)))
})
# Profile intervals: where the deviance, minimised over the other parameters, has risen by the quantile of chi-square. lme4's confint
# interpolates between some 20 points and is off by up to 1e-5, for binomial models by 1e-2, so its own deviance is solved for.
limitsOf <- function(deviance, best, at, low, high) {
  reached <- best[at]
  least <- deviance(best)
  rise <- function(value) {
    if (length(best) == 1) return(deviance(value) - least - qchisq(0.95, 1))
    start <- best[-at]
    for (turn in 1:3) {
      found <- nlminb(start, function(rest) deviance(append(rest, value, at - 1)), lower = low[-at], upper = high[-at],
        control = list(rel.tol = 1e-15, x.tol = 1e-12, abs.tol = 0, iter.max = 1000, eval.max = 5000))
      start <- found$par
    }
    found$objective - least - qchisq(0.95, 1)
  }
  end <- function(edge) {
    if (rise(edge) <= 0) edge else uniroot(rise, sort(c(edge, reached)), tol = 1e-11, maxiter = 1000)$root
  }
  c(end(low[at]), end(high[at]))
}
profiled <- function(name, formula, data, family) {
  if (family == "gaussian") {
    own <- eval(bquote(lme4::lmer(.(as.formula(formula)), .(tables[[data]]), REML = FALSE, control = .(control))))
    dd <- lme4:::devfun2(own, useSc = TRUE, signames = FALSE)
    best <- attr(dd, "optimum")[seq_len(length(getME(own, "theta")) + 1)]
    isCor <- grepl("^cor", names(best))
    low <- ifelse(isCor, -1, 0)
    high <- ifelse(isCor, 1, 10 * pmax(best, 0.1))
    low[length(low)] <- best[length(best)] / 3
    deviance <- function(x) as.numeric(dd(x))
    # The optimum of the ML fit is polished.
    best <- nlminb(best, deviance, lower = low, upper = high, control = list(rel.tol = 1e-15, x.tol = 1e-12))$par
    at <- seq_along(best)
  } else {
    own <- eval(bquote(glmer(.(as.formula(formula)), .(tables[[data]]), family = binomial, control =
      glmerControl("nloptwrap", optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-14, maxeval = 1e5), tolPwrss = 1e-13))))
    dd <- update(own, devFunOnly = TRUE)
    deviance <- function(x) as.numeric(dd(x))
    theta <- getME(own, "theta")
    best <- c(theta, fixef(own))
    low <- c(rep(0, length(theta)), rep(-10, length(best) - length(theta)))
    high <- rep(10, length(best))
    best <- nlminb(best, deviance, lower = low, upper = high, control = list(rel.tol = 1e-15, x.tol = 1e-12))$par
    at <- seq_along(theta)
  }
  limits <- vapply(at, function(one) limitsOf(deviance, unname(best), one, unname(low), unname(high)), c(0, 0))
  list(
    formula = formula, data = data, family = family, term = names(best)[at], estimate = unname(best[at]),
    lower = limits[1, ], upper = limits[2, ]
  )
}
profiles <- list(
  profiled("slopes", "Reaction ~ Days + (Days | Subject)", "sleep", "gaussian"),
  profiled("nested", "strength ~ cask + (1 | batch) + (1 | batch:cask)", "pastes", "gaussian"),
  profiled("singular", "y ~ a * x + (1 | g)", "few", "gaussian"),
  profiled("binomial", "er ~ family + size + (1 | system) + (1 | dialogue)", "example", "binomial")
)
# R2 and ICC by performance, likelihood-ratio tests by lme4.
explained <- function(fit, formula, data, family) {
  r2 <- performance::r2_nakagawa(fit)
  icc <- performance::icc(fit)
  list(
    formula = formula, data = data, family = family, r2Marginal = unname(r2$R2_marginal), r2Conditional = unname(r2$R2_conditional),
    iccAdjusted = icc$ICC_adjusted, iccUnadjusted = icc$ICC_unadjusted
  )
}
tight <- clmm(factor(grade) ~ family + size + (1 | system), tables$example, control = clmm.control(method = "nlminb", gradTol = 1e-9))
shares <- c(lapply(c("slopes", "grouped", "nested"), function(name) {
  model <- models[[match(name, names(fits))]]
  explained(fits[[name]], model[[3]], model[[2]], "gaussian")
}), list(
  explained(glmer(er ~ family + size + (1 | system) + (1 | dialogue), tables$example, family = binomial, control =
    glmerControl("nloptwrap", optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-14, maxeval = 1e5), tolPwrss = 1e-13)),
    "er ~ family + size + (1 | system) + (1 | dialogue)", "example", "binomial"),
  explained(tight, "grade ~ family + size + (1 | system)", "example", "cumulative")
))
nested <- c("angle ~ recipe * temp + (1 | batch)", "angle ~ temp + (1 | batch)", "angle ~ recipe + temp + (1 | batch)")
table <- do.call(anova, unname(lapply(nested, function(formula) {
  eval(bquote(lme4::lmer(.(as.formula(formula)), .(tables$cake), control = .(control))))
})))
compared <- list(
  formulas = nested, parameters = table$npar, aic = table$AIC, bic = table$BIC, logLik = table$logLik,
  chiSquare = table$Chisq[-1], df = table$Df[-1], p = table[["Pr(>Chisq)"]][-1]
)
golden <- list(
  origin = paste0(
    "after-fit.R with R ", getRversion(), ", lmerTest ", packageVersion("lmerTest"), ", lme4 ", packageVersion("lme4"),
    ", pbkrtest ", packageVersion("pbkrtest"), ", emmeans ", packageVersion("emmeans"), ", car ", packageVersion("car"),
    ", ordinal ", packageVersion("ordinal")
  ),
  data = lapply(tables, as.list), fits = lapply(models, describe),
  adjusted = adjusted, contrasts = contrasts, scales = scales, profiles = profiles, shares = shares, compared = compared, wald = list(binomial = wald(yes, precise(yes)), cumulative = ofGrades)
)
file <- commandArgs(trailingOnly = TRUE)
json <- toJSON(golden, digits = NA, auto_unbox = TRUE, na = "null", null = "null")
writeLines(gsub('\\},\\{', '},\n{', json), if (length(file)) file[1] else "after-fit.golden.json")
