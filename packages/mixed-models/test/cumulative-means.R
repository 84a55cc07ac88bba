# Writes cumulative-means.golden.json: marginal means of clmm's fits by emmeans, latent, as probabilities and as
# expected grades, and their pairwise contrasts.
# Run in this folder: Rscript cumulative-means.R
suppressPackageStartupMessages({
  library(ordinal)
  library(emmeans)
  library(jsonlite)
})
invisible(Sys.setlocale("LC_COLLATE", "C"))

set.seed(21)
n <- 400
data <- data.frame(
  a = sample(c("hi", "lo", "mid"), n, TRUE, c(0.5, 0.2, 0.3)),
  b = sample(c("no", "yes"), n, TRUE),
  x = round(rnorm(n, 3, 2), 3),
  g = sprintf("g%02d", rep(1:20, length.out = n))
)
eta <- with(data, 0.6 * (a == "lo") - 0.4 * (a == "mid") + 0.8 * (b == "yes") + 0.2 * x) +
  0.8 * rnorm(20)[as.integer(factor(data$g))]
data$y <- c("Bad", "Okay", "Good")[1 + (eta + rlogis(n) > 0) + (eta + rlogis(n) > 1.6)]
fitted <- transform(data, y = ordered(y, c("Bad", "Okay", "Good")), a = factor(a), b = factor(b),
                    g = factor(g))

means_of <- function(fit, mode) {
  specs <- if (mode == "prob") ~ a | y else ~ a
  means <- emmeans(fit, specs, mode = mode)
  pairs <- as.data.frame(pairs(means, adjust = "none"))
  table <- as.data.frame(means)
  estimates <- table[[c(latent = "emmean", prob = "prob", mean.class = "mean.class")[[mode]]]]
  list(levels = as.character(table$a), estimate = estimates,
       se = table$SE, lower = table$asymp.LCL, upper = table$asymp.UCL,
       contrasts = list(name = as.character(pairs$contrast), estimate = pairs$estimate,
                        se = pairs$SE))
}

cases <- list(
  list(link = "logit", thresholds = "flexible"),
  list(link = "probit", thresholds = "flexible")
)
results <- lapply(cases, function(case) {
  fit <- clmm(y ~ a * b + x + (1 | g), fitted, link = case$link, threshold = case$thresholds,
              Hess = TRUE)
  c(case, list(latent = means_of(fit, "latent"), probabilities = means_of(fit, "prob"),
               expected = means_of(fit, "mean.class")))
})
origin <- list(script = "test/mixed/cumulative-means.R", R = R.version.string,
               ordinal = as.character(packageVersion("ordinal")),
               emmeans = as.character(packageVersion("emmeans")))
write_json(list(origin = origin, data = data, formula = "y ~ a * b + x + (1 | g)", cases = results),
           "cumulative-means.golden.json", digits = NA, auto_unbox = TRUE, dataframe = "columns")
