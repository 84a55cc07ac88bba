# Writes tidy.golden.json: broom.mixed's tidy, glance and augment of lme4's, lmerTest's and ordinal's fits of
# data/example/simulated-replies.csv. Run in this folder: Rscript tidy.R (Debian: r-cran-broom.mixed and those of the parity tests)
suppressPackageStartupMessages({
  library(lme4)
  library(ordinal)
  library(broom.mixed)
  library(jsonlite)
})
options(warn = -1)
d <- read.csv("../../../data/example/simulated-replies.csv")
d$grade <- d$er + (d$sentiment == "positive")
tight <- list(xtol_abs = 1e-12, ftol_abs = 1e-14, maxeval = 100000)
fits <- list(
  linear = lmerTest::lmer(er ~ family + (1 + sentiment | system) + (1 | dialogue), d, control = lmerControl("nloptwrap", optCtrl = tight)),
  ml = lmerTest::lmer(er ~ family + (1 | dialogue), d, REML = FALSE, control = lmerControl("nloptwrap", optCtrl = tight)),
  binomial = glmer(er ~ family + (1 | system) + (1 | dialogue), d, family = binomial,
    control = glmerControl("nloptwrap", optCtrl = tight, tolPwrss = 1e-13)),
  grades = clmm(factor(grade) ~ family + (1 | system), d, control = clmm.control(gradTol = 1e-8))
)
rowsOf <- function(table) as.data.frame(lapply(as.data.frame(table), function(x) if (is.numeric(x)) as.numeric(x) else as.character(x)), optional = TRUE)
# lme4's Hessian comes from coarse differences, which move standard errors by half a percent here: numDeriv's in its place.
withOwnErrors <- function(table, fit) {
  hessian <- numDeriv::hessian(update(fit, devFunOnly = TRUE), c(getME(fit, "theta"), fixef(fit)))
  se <- tail(sqrt(diag(solve(hessian / 2))), nrow(table))
  table$std.error <- se
  table$statistic <- table$estimate / se
  table$p.value <- 2 * pnorm(-abs(table$statistic))
  table$conf.low <- table$estimate - qnorm(0.975) * se
  table$conf.high <- table$estimate + qnorm(0.975) * se
  table
}
# lme4's hat values take prior weights for working ones, which its own warning calls senseless in generalised models: those of the
# weighted least squares at the modes in their place, and Cook's distances from them.
withOwnHat <- function(table, fit) {
  a <- cbind(t(as.matrix(getME(fit, "Lambdat") %*% getME(fit, "Zt"))), getME(fit, "X"))
  mu <- fitted(fit)
  root <- sqrt(mu * (1 - mu) * weights(fit, type = "prior")) * a
  effects <- ncol(getME(fit, "X"))
  penalty <- diag(c(rep(1, ncol(a) - effects), rep(0, effects)))
  table$.hat <- rowSums((root %*% solve(crossprod(root) + penalty)) * root)
  table$.cooksd <- (residuals(fit, type = "pearson") / (1 - table$.hat))^2 * table$.hat / effects
  table
}
describe <- function(name) {
  fit <- fits[[name]]
  if (name == "grades") return(list(fixed = rowsOf(tidy(fit)), glance = rowsOf(glance(fit))))
  rows <- c(1, 2, 100, 333, 540)
  fixed <- rowsOf(tidy(fit, effects = "fixed", conf.int = TRUE))
  list(
    fixed = if (name == "binomial") withOwnErrors(fixed, fit) else fixed,
    ran_pars = rowsOf(tidy(fit, effects = "ran_pars")),
    ran_vals = subset(rowsOf(tidy(fit, effects = "ran_vals")), level %in% c("s1", "d7")),
    glance = rowsOf(glance(fit)),
    augment = (if (name == "binomial") withOwnHat(rowsOf(augment(fit)), fit) else rowsOf(augment(fit)))[rows, c(".fitted", ".resid", ".fixed", ".mu", ".hat", ".cooksd")]
  )
}
golden <- list(
  origin = sprintf("tidy.R; R %s, broom.mixed %s, lme4 %s, ordinal %s", getRversion(), packageVersion("broom.mixed"), packageVersion("lme4"), packageVersion("ordinal")),
  fits = setNames(lapply(names(fits), describe), names(fits))
)
write(toJSON(golden, auto_unbox = TRUE, digits = I(10), na = "null", rownames = FALSE), "tidy.golden.json")
