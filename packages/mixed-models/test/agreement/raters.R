# Writes raters.golden.json: Gwet's AC2 by his formulas in matrices (irrCAC is not in Debian), Stuart and Maxwell's test as the
# generalised Cochran-Mantel-Haenszel test that it is (mantelhaen.test), components of variance by expected mean squares and by
# lme4, leniency by ordinal's clmm. Run in this folder: Rscript raters.R (Debian: r-cran-lme4 r-cran-ordinal r-cran-jsonlite)
suppressPackageStartupMessages({
  library(lme4)
  library(ordinal)
  library(jsonlite)
})
set.seed(30)

# Gwet 2014, equations 3.5.1 to 3.5.8 for several raters and missing ratings; weights as his chapter 3 lists them.
weightsOf <- function(x, kind) {
  span <- max(x) - min(x)
  w <- switch(kind,
    linear = 1 - abs(outer(x, x, "-")) / span,
    quadratic = 1 - outer(x, x, "-")^2 / span^2,
    radical = 1 - sqrt(abs(outer(x, x, "-"))) / sqrt(span),
    ratio = 1 - (outer(x, x, "-") / outer(x, x, "+"))^2 / (span / (max(x) + min(x)))^2,
    circular = 1 - sin(pi * outer(x, x, "-") / (span + 1))^2,
    bipolar = 1 - outer(x, x, "-")^2 / ((outer(x, x, "+") - 2 * min(x)) * (2 * max(x) - outer(x, x, "+"))),
    ordinal = 1 - outer(seq_along(x), seq_along(x), function(i, j) choose(abs(i - j) + 1, 2)) / choose(length(x), 2)
  )
  diag(w) <- 1
  if (kind == "circular") w <- 1 - (1 - w) / max(1 - w)
  w
}
ac2 <- function(ratings, kind) {
  x <- sort(unique(na.omit(as.vector(ratings))))
  w <- weightsOf(x, kind)
  r <- t(apply(ratings, 1, function(row) table(factor(row, x))))
  rated <- rowSums(r)
  r <- r[rated > 0, ]
  rated <- rated[rated > 0]
  two <- rated >= 2
  pa <- mean((rowSums(r * (r %*% t(w) - 1)) / (rated * (rated - 1)))[two])
  share <- colMeans(r / rated)
  pe <- sum(w) * sum(share * (1 - share)) / (length(x) * (length(x) - 1))
  (pa - pe) / (1 - pe)
}
truth <- rnorm(40)
grade <- function(latent) as.integer(cut(latent, c(-Inf, -0.8, 0.1, 0.9, Inf)))
leniency <- c(0, 0.5, -0.6)
wide <- sapply(leniency, function(own) grade(truth + own + rnorm(40, sd = 0.7)))
gaps <- wide
gaps[sample(length(gaps), 25)] <- NA
kinds <- c("linear", "quadratic", "ordinal", "radical", "ratio", "circular", "bipolar")
coefficients <- lapply(list(gaps, wide * 2 + (wide > 2)), function(ratings) {
  list(ratings = ratings, ac2 = sapply(kinds, function(kind) ac2(ratings, kind), simplify = FALSE))
})

homogeneity <- lapply(list(c(1, 2), c(1, 3), c(2, 3)), function(pair) {
  both <- na.omit(gaps[, pair])
  long <- data.frame(rating = factor(as.vector(both)), rater = rep(1:2, each = nrow(both)), unit = factor(rep(seq_len(nrow(both)), 2)))
  test <- mantelhaen.test(table(long$rating, long$rater, long$unit))
  paired <- t.test(both[, 1], both[, 2], paired = TRUE)
  list(pair = pair - 1, chiSquare = unname(test$statistic), df = unname(test$parameter), p = test$p.value,
    difference = list(estimate = unname(paired$estimate), lower = paired$conf.int[1], upper = paired$conf.int[2], p = paired$p.value))
})

# Twelve units, four raters, three ratings of each: expected mean squares of the balanced design (Brennan 2001, table 3.3).
d <- expand.grid(replicate = 1:3, rater = paste0("r", 1:4), unit = paste0("u", 1:12), stringsAsFactors = TRUE)
both <- interaction(d$unit, d$rater)
d$rating <- round(5 + rnorm(12, sd = 1.2)[d$unit] + c(-0.9, 0.4, 1.1, -0.3)[d$rater] + rnorm(48, sd = 0.5)[both] + rnorm(nrow(d), sd = 0.8), 2)
ms <- setNames(summary(aov(rating ~ unit * rater, d))[[1]][["Mean Sq"]], c("unit", "rater", "both", "residual"))
balanced <- list(
  rows = d[c("unit", "rater", "rating")],
  anova = list("unit" = (ms[["unit"]] - ms[["both"]]) / 12, "rater" = (ms[["rater"]] - ms[["both"]]) / 36,
    "unit x rater" = (ms[["both"]] - ms[["residual"]]) / 3, "residual" = ms[["residual"]])
)
some <- d[sort(sample(nrow(d), 60)), ]
some <- some[!duplicated(some[c("unit", "rater")]), ]
fit <- lmer(rating ~ 1 + (1 | unit) + (1 | rater), some, control = lmerControl("nloptwrap", optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-14)))
found <- as.data.frame(VarCorr(fit))
unbalanced <- list(rows = some[c("unit", "rater", "rating")],
  lme4 = list("unit" = found$vcov[found$grp == "unit"], "rater" = found$vcov[found$grp == "rater"], "residual" = found$vcov[found$grp == "Residual"]))

long <- na.omit(data.frame(rating = as.vector(gaps), rater = factor(rep(1:3, each = 40)), unit = factor(rep(1:40, 3))))
contrasts(long$rater) <- contr.sum(3)
rated <- suppressWarnings(clmm(factor(rating) ~ rater + (1 | unit), long, control = clmm.control(gradTol = 1e-8)))
alike <- suppressWarnings(clmm(factor(rating) ~ 1 + (1 | unit), long, control = clmm.control(gradTol = 1e-8)))
beta <- rated$beta
V <- vcov(rated)[names(beta), names(beta)]
L <- rbind(diag(2), -1)
lenient <- list(estimate = as.vector(L %*% beta), se = sqrt(diag(L %*% V %*% t(L))),
  chiSquare = 2 * as.numeric(logLik(rated) - logLik(alike)))

version <- function(name) paste(name, packageVersion(name))
writeLines(toJSON(list(
  origin = paste0("raters.R; R ", getRversion(), ", ", version("lme4"), ", ", version("ordinal")),
  coefficients = coefficients, homogeneity = homogeneity, balanced = balanced, unbalanced = unbalanced, leniency = lenient
), auto_unbox = TRUE, digits = 12, na = "null"), "raters.golden.json")
