# Golden values for links.test.ts: probit and complementary log-log links of binomial and cumulative models, and offsets.
# glmmTMB's Laplace approximation takes the observed information, as ours does; lme4's takes the expected one, and agrees only
# where many quadrature nodes leave nothing to approximate. Usage: Rscript links.R > links.golden.json
suppressMessages({library(lme4); library(glmmTMB); library(ordinal)})
invisible(Sys.setlocale("LC_COLLATE", "C"))

set.seed(30)
n <- 400
d <- data.frame(g = sprintf("g%02d", rep(1:25, 16)), h = sprintf("h%d", rep(1:8, each = 50)),
                x = round(rnorm(n), 3), o = round(runif(n, -0.5, 0.5), 3))
eta <- 0.3 + 0.6 * d$x + d$o + rnorm(25, 0, 0.7)[as.integer(factor(d$g))] + rnorm(8, 0, 0.4)[as.integer(factor(d$h))]
d$y <- as.integer(runif(n) < pnorm(eta))
d$z <- round(eta + rnorm(n), 3)
d$k <- as.integer(cut(eta + rnorm(n), c(-Inf, -0.8, 0.4, 1.5, Inf)))
d$m <- 10
d$s <- rbinom(n, d$m, 1 - exp(-exp(eta - 1)))
d$f <- d$m - d$s

keep <- function(id, formula, family, options, beta, vcov, logLik, tolerance) {
  list(id = id, formula = formula, family = family, options = options, estimates = unname(beta),
       se = unname(sqrt(diag(as.matrix(vcov)))), logLik = as.numeric(logLik), tolerance = tolerance)
}

tmb <- function(id, formula, link, options) {
  m <- glmmTMB(as.formula(formula), d, family = binomial(link))
  keep(id, formula, "binomial", options, fixef(m)$cond, vcov(m)$cond, logLik(m), 1e-4)
}

control <- glmerControl(optimizer = "bobyqa", tolPwrss = 1e-12, optCtrl = list(rhoend = 1e-9))

nodes <- function(id, link) {
  m <- glmer(y ~ x + (1 | g), d, binomial(link), nAGQ = 25, control = control)
  keep(id, "y ~ x + (1 | g)", "binomial", list(link = link, nodes = 25), fixef(m), vcov(m), logLik(m), 2e-3)
}

# clmm stops before its optimum, and its Hessian is by differences there.
grades <- function(id, link, theirs) {
  m <- clmm(factor(k) ~ x + (1 | g) + (1 | h), d, link = theirs, control = clmm.control(gradTol = 1e-7))
  keep(id, "k ~ x + (1 | g) + (1 | h)", "cumulative", list(link = link), coef(m), vcov(m)[names(coef(m)), names(coef(m))], logLik(m), 2e-3)
}

linear <- lmer(z ~ x + offset(o) + (1 | g), d, REML = TRUE)
logistic <- glmmTMB(y ~ x + offset(o) + (1 | g), d, family = binomial)

cases <- list(
  tmb("probit", "y ~ x + (1 | g) + (1 | h)", "probit", list(link = "probit")),
  tmb("cloglog", "cbind(s, f) ~ x + (1 | g) + (1 | h)", "cloglog", list(link = "cloglog")),
  nodes("probit-nodes", "probit"), nodes("cloglog-nodes", "cloglog"),
  grades("grades-probit", "probit", "probit"), grades("grades-cloglog", "cloglog", "cloglog"),
  grades("grades-loglog", "loglog", "loglog"),
  keep("offset", "z ~ x + (1 | g)", "gaussian", list(offset = "o"), fixef(linear), vcov(linear), logLik(linear), 1e-4),
  keep("offset-logit", "y ~ x + (1 | g)", "binomial", list(offset = "o"), fixef(logistic)$cond, vcov(logistic)$cond, logLik(logistic), 1e-4)
)
cat(jsonlite::toJSON(list(data = d, cases = cases), auto_unbox = TRUE, digits = 12, dataframe = "columns"), "\n")
