# Writes student-t.golden.json: R's own t and F distributions. Run in this folder: Rscript student-t.R
# From 4e5 degrees of freedom on, R takes an approximation that is good to ten digits only.
suppressPackageStartupMessages(library(jsonlite))
tails <- expand.grid(t = c(0, 1e-6, 0.3, 1, 2.5, 12, 400), df = c(0.3, 1, 2.7, 3, 10, 87.5, 1e4, 3e5))
tails$p <- with(tails, pt(t, df, lower.tail = FALSE))
quantiles <- expand.grid(p = c(0.9, 0.5, 0.3, 0.025, 1e-4, 1e-9), df = c(0.4, 1, 2.7, 3, 10, 87.5, 1e4, 3e5))
quantiles$t <- with(quantiles, qt(p, df, lower.tail = FALSE))
fs <- expand.grid(f = c(0.01, 0.7, 1, 3.2, 40), above = c(1, 2, 5, 30), below = c(0.6, 1, 4, 21.3, 1e3))
fs$p <- with(fs, pf(f, above, below, lower.tail = FALSE))
betas <- expand.grid(a = c(0.2, 1, 3.5, 14.9, 15, 80, 5e6), b = c(0.5, 2, 15.1, 300))
betas$log <- with(betas, lbeta(a, b))
golden <- list(
  origin = sprintf("student-t.R; R %s", getRversion()), tails = tails, quantiles = quantiles, fs = fs, betas = betas
)
write(toJSON(golden, auto_unbox = TRUE, digits = NA), "student-t.golden.json")
