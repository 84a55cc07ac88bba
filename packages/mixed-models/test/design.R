# Writes design.golden.json: model matrices by R's model.matrix and random terms by lme4's mkReTrms.
# Run in this folder: Rscript design.R
suppressPackageStartupMessages({
  library(lme4)
  library(jsonlite)
})
invisible(Sys.setlocale("LC_COLLATE", "C"))

data <- data.frame(
  y = c(2.1, 3.4, 1.2, 5.6, 4.4, 2.8, 3.9, 6.1, 0.7, 2.2, 5.3, 4.8, 1.9, 3.3, 4.1, 2.6, 3.8, 5.9),
  a = rep(c("lo", "hi", "mid"), 6),
  b = rep(c("no", "yes"), each = 3, times = 3),
  k = rep(c("k2", "k1", "k3", "k1", "k2", "k3"), times = 3),
  x = c(0.5, 1.5, 2, 3.5, 1, 2.5, 4, 0.25, 3, 1.25, 2.75, 0.75, 3.25, 1.75, 2.25, 0.1, 4.5, 3.75),
  z = c(-1, 2, 0, 1, -2, 3, 1, -1, 2, 0, -3, 1, 2, -2, 0, 3, 1, -1),
  flag = c(TRUE, FALSE, FALSE, TRUE, TRUE, FALSE, TRUE, FALSE, TRUE,
           TRUE, FALSE, TRUE, FALSE, FALSE, TRUE, FALSE, TRUE, FALSE),
  n = c(3L, 1L, 2L, 10L, 3L, 1L, 2L, 10L, 3L, 1L, 2L, 10L, 3L, 1L, 2L, 10L, 3L, 1L),
  d = c(0.1, 0.25, 100000, 0.1, 1e-5, 0.25, 100000, 0.1, 1e-5, 0.25, 1e-5, 0.1,
        100000, 0.25, 0.1, 1e-5, 0.25, 0.1),
  g = rep(c("g10", "g2", "g1"), each = 6),
  h = rep(c("h3", "h1", "h2", "h4", "h1", "h2", "h3", "h3", "h4"), 2),
  "my col" = c(1, 3, 2, 5, 4, 1, 2, 3, 5, 4, 2, 1, 3, 5, 4, 2, 1, 3),
  "my fac" = rep(c("u v", "w"), 9),
  check.names = FALSE
)

fixed <- c(
  "y ~ 1", "y ~ 0 + x", "y ~ a", "y ~ 0 + a", "y ~ a - 1", "y ~ -1 + a", "y ~ a + 0", "y ~ a + b",
  "y ~ a * b", "y ~ a:b", "y ~ a + a:b", "y ~ b + a:b", "y ~ 0 + a:b", "y ~ 0 + a * b",
  "y ~ 0 + a:x", "y ~ a:x", "y ~ x + a:x", "y ~ 0 + x + a:x", "y ~ a * x", "y ~ x * a",
  "y ~ a / x", "y ~ a / b", "y ~ b / a / x", "y ~ (a + b)^2", "y ~ (a + b + x)^2",
  "y ~ (a + b + x)^3 - a:b:x", "y ~ a * b * x", "y ~ a * b - a", "y ~ a * b - a:b",
  "y ~ (a + b) * x - x", "y ~ a * b - 1", "y ~ b:a + a", "y ~ x:a:b", "y ~ a + b + a:b:x",
  "y ~ x + I(x^2)", "y ~ I( x^2+z*2 )", "y ~ log(x) + exp(z) + sqrt(x) + abs(z)", "y ~ scale(x)",
  "y ~ a * scale(x)", "y ~ scale(log(x)) + I(-z / 2)", "y ~ factor(n)", "y ~ factor(n) * x",
  "y ~ 0 + factor(d)", "y ~ flag", "y ~ 0 + flag", "y ~ flag * a", "y ~ x:flag", "y ~ I(x > 2)",
  "y ~ `my col`", "y ~ `my fac`", "y ~ `my fac` * `my col`", "y ~ log(`my col`) + x:z",
  "y ~ x + z + I(x + z)", "y ~ x + I(2 * x) + z", "y ~ a + k + a:k", "y ~ g + h + g:h",
  "y ~ n + factor(n)", "y ~ I(x - 1e-3) + I(z * 100000) + I((x + 1)^-1)"
)

summed <- c("y ~ a * b", "y ~ 0 + a + b", "y ~ a + a:b", "y ~ flag * a", "y ~ a:x", "y ~ factor(n)")

random <- c(
  "y ~ x + (1 | g)", "y ~ x + (1 + x | g)", "y ~ (x | g)", "y ~ (0 + x | g)", "y ~ (1 | g/k)",
  "y ~ (1 | g/k/b)", "y ~ (1 | g:h)", "y ~ (1 | g) + (1 | h)", "y ~ (1 + x || g)",
  "y ~ (x * z || g)", "y ~ (a || g)", "y ~ (1 + a | h)", "y ~ (0 + a | h)", "y ~ (a * x | g)",
  "y ~ (1 | n)", "y ~ (1 | d)", "y ~ (1 | n:g)", "y ~ a + (flag | h)", "y ~ (x - 1 | g)",
  "y ~ (1 | g) + x + (0 + I(x^2) | h) + z", "y ~ (1 | flag)", "y ~ (1 | `my fac`:g)", "y ~ (1 | `my fac`)",
  "y ~ (scale(x) | g)", "y ~ (1 | g / (h:k))", "y ~ x + (b | g/h)"
)

keepColumns <- function(X) {
  decomposed <- qr(X, tol = 1e-7, LAPACK = FALSE)
  decomposed$pivot[seq_len(decomposed$rank)]
}

describeFixed <- function(formula, contrast = NULL) {
  parsed <- as.formula(formula)
  args <- list(parsed, data)
  if (!is.null(contrast)) {
    isFactor <- vapply(model.frame(parsed, data)[-1], Negate(is.numeric), NA)
    args$contrasts.arg <- lapply(Filter(identity, as.list(isFactor)), function(one) contrast)
  }
  X <- do.call(model.matrix, args)
  keep <- keepColumns(X)
  list(
    formula = formula, columns = colnames(X)[keep], dropped = as.list(colnames(X)[-keep]),
    assign = attr(X, "assign")[keep], X = lapply(seq_along(keep), function(j) unname(X[, keep[j]]))
  )
}

describeTerm <- function(group, level, names, Zt) {
  width <- length(names)
  first <- (as.integer(level) - 1) * width
  Z <- sapply(seq_along(level), function(row) Zt[first[row] + seq_len(width), row])
  stopifnot(isTRUE(all.equal(sum(abs(Zt)), sum(abs(Z)))))
  list(
    group = group, levels = levels(level), index = as.integer(level) - 1, names = as.list(names),
    Z = matrix(Z, ncol = length(level))
  )
}

describeRandom <- function(formula) {
  expanded <- lme4:::expandDoubleVerts(as.formula(formula))
  frame <- lFormula(expanded, data, control = lmerControl(
    check.nobs.vs.nlev = "ignore", check.nobs.vs.nRE = "ignore", check.nlev.gtr.1 = "ignore",
    check.nlev.gtreq.5 = "ignore"
  ))$fr
  terms <- mkReTrms(findbars(lme4:::RHSForm(expanded)), frame, reorder.terms = FALSE)
  groups <- names(terms$flist)[attr(terms$flist, "assign")]
  list(formula = formula, terms = lapply(seq_along(groups), function(term) {
    Zt <- as.matrix(terms$Ztlist[[term]])
    describeTerm(groups[term], terms$flist[[groups[term]]], terms$cnms[[term]], Zt)
  }))
}

golden <- list(
  origin = paste0(
    "design.R with R ", getRversion(), ", lme4 ", packageVersion("lme4"),
    "; compare to 1e-12 relative to a column's largest value: arithmetic in double precision"
  ),
  data = as.list(data),
  fixed = lapply(fixed, describeFixed),
  summed = lapply(summed, describeFixed, contrast = "contr.sum"),
  random = lapply(random, describeRandom)
)
json <- toJSON(golden, digits = NA, auto_unbox = FALSE)
writeLines(gsub('\\},\\{', '},\n{', json), "design.golden.json")
