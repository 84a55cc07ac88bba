# Writes nominal.golden.json: cumulative models with nominal terms by ordinal's clmm2 (one random intercept, Laplace and
# adaptive quadrature), by clm (no group), and likelihood-ratio tests of proportional odds.
# Run in this folder: Rscript nominal.R
suppressPackageStartupMessages({
  library(ordinal)
  library(jsonlite)
})
invisible(Sys.setlocale("LC_COLLATE", "C"))

set.seed(41)
n <- 360
drawn <- data.frame(
  kind = sample(c("a", "b", "c"), n, TRUE),
  x = round(rnorm(n, 30, 8), 2),
  g = sprintf("g%02d", rep(1:24, length.out = n))
)
move <- 0.7 * rnorm(24)[as.integer(factor(drawn$g))]
chance <- function(cut, slope) {
  plogis(cut + move - 0.8 * (drawn$kind == "b") + slope * (drawn$x - 30) / 8)
}
above <- runif(n)
drawn$y <- c("1", "2", "3")[1 + (above < chance(1.2, 0.3)) + (above < chance(-0.9, 0.7))]
columns <- list(
  drawn = drawn,
  wine = transform(wine[c("rating", "temp", "contact", "judge")],
                   temp = as.character(temp), contact = as.character(contact),
                   judge = as.character(judge), rating = as.character(rating)),
  soup = transform(soup[c("SURENESS", "PROD", "DAY", "RESP")],
                   SURENESS = as.character(SURENESS), PROD = as.character(PROD),
                   DAY = as.character(DAY), RESP = as.character(RESP))
)
frames <- list(
  drawn = transform(drawn, y = ordered(y), kind = factor(kind), g = factor(g)),
  wine = wine, soup = soup
)

# Thresholds in the order of their names: of each, the constant and what the nominal columns add.
by_name <- function(fit, rough) {
  se <- sqrt(diag(vcov(rough)))
  all <- fit$coefficients
  names(se) <- names(all)[seq_along(se)]
  location <- names(fit$beta)
  list(thresholds = unname(fit$Theta), location = as.list(all[location]),
       location_se = as.list(se[location]), theta_names = rownames(fit$Theta),
       threshold_se = unname(se[seq_along(fit$Theta)]))
}

one <- function(data, location, nominal, random, formula, freed, link = "logit", nAGQ = 1) {
  # clmm2 names the distributions of the smallest and the largest of many values the other way round than clm and clmm do.
  theirs <- c(logit = "logistic", probit = "probit", cloglog = "loglog", loglog = "cloglog")[[link]]
  frame <- frames[[data]]
  frame$random <- frame[[random]]
  fit_to <- function(tolerance) eval(substitute(
    clmm2(location = L, nominal = N, random = random, data = frame, link = theirs, Hess = TRUE,
          nAGQ = nAGQ, control = clmm2.control(gradTol = tolerance, maxIter = 500, maxLineIter = 200,
                                               innerCtrl = "noWarn")),
    list(L = location, N = nominal)))
  # Where modes are sought to 1e-9 the likelihood is clmm's to 1e-8, but some are not found at all points of the Hessian's
  # differences; those to 1e-6 leave the likelihood off by up to 1e-4, and the errors by 1e-4 of themselves.
  fit <- fit_to(1e-9)
  rough <- fit_to(1e-6)
  c(list(data = data, formula = formula, nominal = freed, link = link, nodes = nAGQ,
         logLik = as.numeric(logLik(fit)), sd = unname(as.numeric(fit$stDev)),
         max_gradient = max(abs(fit$gradient))), by_name(fit, rough))
}

cases <- list(
  one("wine", rating ~ temp, ~ contact, "judge", "rating ~ temp + contact + (1 | judge)", "contact"),
  one("drawn", y ~ kind, ~ x, "g", "y ~ kind + x + (1 | g)", "x"),
  one("drawn", y ~ 1, ~ kind + x, "g", "y ~ kind + x + (1 | g)", "kind + x"),
  one("drawn", y ~ kind, ~ x, "g", "y ~ kind + x + (1 | g)", "x", nAGQ = 9),
  one("drawn", y ~ x, ~ kind, "g", "y ~ kind + x + (1 | g)", "kind", link = "probit"),
  one("drawn", y ~ x, ~ kind, "g", "y ~ kind + x + (1 | g)", "kind", link = "cloglog"),
  one("drawn", y ~ x, ~ kind, "g", "y ~ kind + x + (1 | g)", "kind", link = "loglog"),
  one("soup", SURENESS ~ DAY, ~ PROD, "RESP", "SURENESS ~ DAY + PROD + (1 | RESP)", "PROD")
)
plain <- one("drawn", y ~ kind + x, ~ 1, "g", "y ~ kind + x + (1 | g)", "")
fixed <- clm(rating ~ temp, nominal = ~ contact, data = wine, control = clm.control(gradTol = 1e-10))
without <- list(logLik = as.numeric(logLik(fixed)), temp = unname(fixed$beta),
                no = unname(unlist(fixed$Theta[1, -1])), yes = unname(unlist(fixed$Theta[2, -1])))
origin <- list(script = "test/nominal.R", R = R.version.string,
               ordinal = as.character(packageVersion("ordinal")))
write_json(list(origin = origin, data = columns, cases = cases, proportional = plain,
                without = without),
           "nominal.golden.json", digits = NA, auto_unbox = TRUE, dataframe = "columns")
for (case in c(cases, list(plain))) {
  cat(case$data, case$nominal, case$link, case$nodes, sprintf("%.6f", case$logLik), case$sd,
      case$max_gradient, "\n")
}
