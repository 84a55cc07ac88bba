# Usage: Rscript satterthwaite.R DATA.csv FORMULA REPEATS [TABLE]
#
# Times lmerTest on one linear model and prints one line of JSON: the fit with its
# tests, and of that what the degrees of freedom take. With TABLE, a data set of
# lme4, that table is first written to DATA.csv.
suppressPackageStartupMessages(library(lmerTest))

args <- commandArgs(trailingOnly = TRUE)
if (length(args) == 4) {
  write.csv(get(args[4], asNamespace("lme4")), args[1], row.names = FALSE)
}
data <- read.csv(args[1])
formula <- as.formula(args[2])
seconds <- function(run) system.time(run())[["elapsed"]]
median_of <- function(run) median(replicate(as.integer(args[3]), seconds(run)))

plain <- lme4::lmer(formula, data)
whole <- function() summary(lmer(formula, data))
tests <- function() summary(as_lmerModLmerTest(plain))
invisible(whole())
cat(jsonlite::toJSON(list(
  version = as.character(packageVersion("lmerTest")), whole = median_of(whole),
  tests = median_of(tests), df = as.numeric(coef(whole())[, "df"])
), auto_unbox = TRUE, digits = NA), "\n", sep = "")
