# Writes power.golden.json: the power of tests whose distribution is known, by noncentral t, and exact binomial intervals. Run in
# this folder: Rscript power.R (Debian: r-cran-jsonlite)
library(jsonlite)
twoSided <- function(ncp, df) pt(qt(0.025, df), df, ncp) + pt(qt(0.975, df), df, ncp, lower.tail = FALSE)

# n subjects under two conditions once each: the paired t test, of variance 2 sigma^2 / n.
paired <- function(n, effect, sigma) list(n = n, effect = effect, sigma = sigma, power = twoSided(effect / (sigma * sqrt(2 / n)), n - 1))
# n subjects in each of two arms, m rows of each: a t test of subjects' means.
arms <- function(n, m, effect, tau, sigma) {
  list(n = n, m = m, effect = effect, tau = tau, sigma = sigma, power = twoSided(effect / sqrt(2 * (tau^2 + sigma^2 / m) / n), 2 * n - 2))
}
interval <- function(x, n, level) list(x = x, n = n, level = level, limits = as.vector(binom.test(x, n, conf.level = level)$conf.int))
stopifnot(abs(paired(20, 0.6, 0.8)$power - power.t.test(20, 0.6, 0.8 * sqrt(2), type = "paired", strict = TRUE)$power) < 1e-6)
writeLines(toJSON(list(
  origin = paste("power.R; R", getRversion()),
  paired = list(paired(20, 0.6, 0.8), paired(40, 0.6, 0.8)),
  arms = list(arms(12, 5, 0.8, 0.6, 1), arms(24, 5, 0.8, 0.6, 1), arms(12, 10, 0.8, 0.6, 1)),
  intervals = list(interval(8, 10, 0.95), interval(0, 20, 0.95), interval(20, 20, 0.9), interval(644, 1000, 0.95))
), auto_unbox = TRUE, digits = 12), "power.golden.json")
