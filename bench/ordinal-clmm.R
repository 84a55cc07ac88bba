# Usage: Rscript ordinal-clmm.R DATA.csv FORMULA
#
# Times one cumulative link mixed model with ordinal's clmm, standard errors included, and prints one line of JSON.
# The grades are those of the column `rating`: Bad, Okay, Good.

suppressPackageStartupMessages(library(ordinal))
invisible(Sys.setlocale("LC_COLLATE", "C"))

args <- commandArgs(trailingOnly = TRUE)
data <- read.csv(args[1], stringsAsFactors = TRUE)
data$rating <- ordered(data$rating, c("Bad", "Okay", "Good"))
formula <- as.formula(args[2])
seconds <- system.time(fit <- clmm(formula, data, Hess = TRUE))[["elapsed"]]
table <- summary(fit)$coefficients
coefficients <- lapply(rownames(table), function(name) {
  list(name = name, estimate = table[name, "Estimate"], se = table[name, "Std. Error"])
})
terms <- VarCorr(fit)
sds <- lapply(names(terms), function(group) list(group, "(Intercept)", attr(terms[[group]], "stddev")[[1]]))
cat(jsonlite::toJSON(list(version = as.character(packageVersion("ordinal")), seconds = seconds, nobs = fit$dims$n,
                          logLik = as.numeric(logLik(fit)), coefficients = coefficients, sds = sds),
                     auto_unbox = TRUE, digits = NA), "\n")
