# Golden values for prior.test.ts: lme4's Laplace deviance and a prior's minus twice log-density, minimised together.
# Usage: Rscript prior.R > prior.golden.json
suppressMessages(library(lme4))
invisible(Sys.setlocale("LC_COLLATE", "C"))

set.seed(8)
n <- 120
d <- data.frame(g = sprintf("g%02d", rep(1:12, 10)), x = round(rnorm(n, 3, 2), 3))
d$kind <- ifelse(seq_len(n) %% 3 == 0, "a", ifelse(seq_len(n) %% 5 == 0, "c", "b"))
eta <- 0.2 * d$x + rnorm(12, 0, 0.7)[as.integer(factor(d$g))]
d$y <- ifelse(d$kind == "c", 1, as.integer(runif(n) < plogis(eta)))

deviance_of <- glmer(y ~ kind + x + (1 | g), d, binomial, devFunOnly = TRUE, control = glmerControl(tolPwrss = 1e-13))
# Two-valued columns as they are, numbers by two standard deviations (of all rows, with n), the intercept by itself.
sd_of <- function(x) sqrt(mean((x - mean(x))^2))

mode_of <- function(kind, scale, intercept) {
  scales <- c(intercept, scale, scale, scale / (2 * sd_of(d$x)))
  penalty <- function(beta) {
    z <- beta / scales
    if (kind == "normal") sum(z^2) else sum(2 * log1p(z^2))
  }
  f <- function(p) deviance_of(c(abs(p[1]), p[-1])) + penalty(p[-1])
  start <- c(0.8, 0, 0, 3, 0.2)
  for (round in 1:8) start <- optim(start, f, method = if (round %% 2) "Nelder-Mead" else "BFGS",
                                    control = list(reltol = 1e-14, maxit = 5000))$par
  list(kind = kind, scale = scale, interceptScale = intercept, theta = abs(start[1]), beta = start[-1],
       logLik = -0.5 * deviance_of(c(abs(start[1]), start[-1])))
}

cases <- list(mode_of("cauchy", 2.5, 10), mode_of("normal", 2.5, 10), mode_of("cauchy", 0.5, 1))
cat(jsonlite::toJSON(list(data = d, cases = cases), auto_unbox = TRUE, digits = 12, dataframe = "columns"), "\n")
