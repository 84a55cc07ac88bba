# Writes metafor.golden.json (or the file named as argument): meta-analyses by metafor.
# Run in this folder: Rscript metafor.R
#
# Effects and variances are facts computed from, or listed in, the published tables that metadat cites (its pages name
# each source); the rest is drawn with a seed. metafor's thresholds are tight, so that its own stopping does not show.
suppressPackageStartupMessages({
  library(metafor)
  library(jsonlite)
})
options(warn = 1)

uniControl <- list(threshold = 1e-13, maxiter = 10000, stepadj = 0.7, tol = 1e-14, tau2.max = 1e6)

describeCoefficients <- function(fit) {
  list(
    estimate = as.numeric(fit$beta), se = fit$se, statistic = fit$zval, p = fit$pval,
    lower = fit$ci.lb, upper = fit$ci.ub, covariance = unname(vcov(fit))
  )
}

describeFit <- function(fit) {
  c(describeCoefficients(fit), list(
    q = fit$QE, qP = fit$QEp, tested = fit$QM, testedP = fit$QMp, logLik = as.numeric(logLik(fit))
  ))
}

designOf <- function(data) {
  x <- data$X
  colnames(x) <- NULL
  x
}

# Profile limits take most of the time: with --quick they are left out.
isQuick <- "--quick" %in% commandArgs(trailingOnly = TRUE)

uni <- function(data, method, interval, truncated = FALSE, level = 0.95) {
  test <- switch(interval, "hartung-knapp" = if (truncated) "adhoc" else "knha", interval)
  fit <- suppressWarnings(rma.uni(
    data$y, data$V, mods = designOf(data), intercept = FALSE, method = method, test = test,
    level = 100 * level, control = uniControl
  ))
  heterogeneity <- list(tau2 = fit$tau2, i2 = fit$I2)
  if (method %in% c("REML", "ML")) heterogeneity$tau2Se <- fit$se.tau2
  if (method != "FE") {
    found <- suppressWarnings(confint(fit, level = 100 * level, control = list(tol = 1e-13, tau2.max = 1e6)))
    isNull <- isTRUE(found$ci.null)
    heterogeneity$tauLower <- if (isNull) NULL else found$random["tau", "ci.lb"]
    heterogeneity$tauUpper <- if (isNull) NULL else found$random["tau", "ci.ub"]
  }
  rows <- head(unique(designOf(data)), 2)
  c(
    describeFit(fit),
    list(heterogeneity = list(heterogeneity), rows = rows, scale = fit$s2w),
    list(predictions = predictUni(fit, rows, level))
  )
}

# predict takes no new rows for a fit that has an intercept only.
predictUni <- function(fit, rows, level) {
  newmods <- if (fit$int.only) NULL else if (fit$int.incl) rows[, -1, drop = FALSE] else rows
  predicted <- predict(fit, newmods = newmods, level = 100 * level)
  found <- list(
    estimate = predicted$pred, se = predicted$se, lower = predicted$ci.lb, upper = predicted$ci.ub
  )
  if (fit$method == "FE") found else c(found, list(predictionLower = predicted$pi.lb, predictionUpper = predicted$pi.ub))
}

mv <- function(data, method, interval, level = 0.95, limits = method == "REML") {
  groups <- if (is.null(data$groups)) rep("all", length(data$y)) else data$groups
  table <- data.frame(y = data$y, group = factor(groups, levels = unique(groups)), row = seq_along(groups))
  args <- list(
    data$y, as.matrix(data$V), mods = designOf(data), intercept = FALSE, method = method,
    test = if (interval == "z") "z" else "t", level = 100 * level, data = table
  )
  if (is.null(dim(data$V))) args[[2]] <- diag(data$V)
  several <- nlevels(table$group) > 1
  if (method != "FE") {
    args$random <- if (several) ~ group | row else ~ 1 | row
    if (several) args$struct <- "DIAG"
  }
  if (method == "FE") return(describeFit(do.call(rma.mv, args)))
  what <- if (several) "tau2" else "sigma2"
  searched <- searchAll(args, what)
  fit <- polish(args, searched, what)
  heterogeneity <- describeVariances(fit, data, several)
  if (limits && !isQuick) {
    heterogeneity <- lapply(seq_along(heterogeneity), function(at) {
      c(heterogeneity[[at]], describeLimits(args, what, at, level))
    })
  }
  described <- describeFit(fit)
  if (interval == "satterthwaite") described[c("tested", "testedP")] <- NULL
  if (interval == "hartung-knapp") described <- scaled(fit, data)
  if (interval == "satterthwaite") described <- c(described, withOwnDf(fit, args, what, data))
  c(described[!duplicated(names(described), fromLast = TRUE)], list(heterogeneity = heterogeneity))
}

# metafor searches over the logarithm of a variance from one start, and cannot leave a value that is nearly zero: the
# best of several starts. nlminb calls a tolerance that it cannot reach a failure: the tightest that it can.
searchAll <- function(args, what, tolerances = 10^-(14:8)) {
  starts <- list(NULL, 0.01, 0.1, 1)
  fits <- lapply(starts, function(start) {
    for (tolerance in tolerances) {
      args$control <- list(rel.tol = tolerance, iter.max = 2000, eval.max = 4000)
      if (!is.null(start)) args$control[[paste0(what, ".init")]] <- start
      fit <- tryCatch(suppressWarnings(do.call(rma.mv, args)), error = function(problem) NULL)
      if (!is.null(fit)) return(fit)
    }
    NULL
  })
  fits <- Filter(Negate(is.null), fits)
  if (length(fits) > 0) fits[[which.max(sapply(fits, logLik))]]
}

# Differences of metafor's likelihood by Richardson's method take the search's last digits: Newton's steps.
polish <- function(args, fit, what) {
  found <- fit[[what]]
  inside <- found > 1e-6
  at <- function(logs) {
    args[[what]] <- rep(0, length(found))
    args[[what]][inside] <- exp(logs)
    suppressWarnings(do.call(rma.mv, args))
  }
  logs <- log(found[inside])
  if (any(inside)) {
    value <- function(logs) as.numeric(logLik(at(logs)))
    curvature <- numDeriv::hessian(value, logs)
    for (step in 1:2) logs <- logs - solve(curvature, numDeriv::grad(value, logs))
  }
  at(logs)
}

# What rma.mv does not offer, from its fit: Hartung and Knapp's scaling with the whole covariance matrix.
scaled <- function(fit, data) {
  residuals <- data$y - data$X %*% fit$beta
  factor <- as.numeric(t(residuals) %*% solve(fit$M) %*% residuals) / (fit$k - fit$p)
  se <- sqrt(factor) * fit$se
  reach <- qt(0.975, fit$k - fit$p) * se
  list(
    estimate = as.numeric(fit$beta), se = se, lower = as.numeric(fit$beta) - reach,
    upper = as.numeric(fit$beta) + reach, covariance = factor * unname(vcov(fit)), scale = factor
  )
}

# Satterthwaite's degrees of freedom: derivatives of metafor's covariance by Richardson's method, and the information
# from explicit matrices.
withOwnDf <- function(fit, args, what, data) {
  x <- data$X
  w <- solve(fit$M)
  p <- w - w %*% x %*% solve(t(x) %*% w %*% x) %*% t(x) %*% w
  masks <- if (what == "tau2") lapply(unique(data$groups), function(g) diag(1 * (data$groups == g))) else list(diag(fit$k))
  information <- outer(seq_along(masks), seq_along(masks), Vectorize(function(i, j) {
    sum(diag(p %*% masks[[i]] %*% p %*% masks[[j]])) / 2
  }))
  variances <- function(tau2) {
    inverse <- solve(fit$V + Reduce(`+`, Map(`*`, masks, tau2)))
    diag(solve(t(x) %*% inverse %*% x))
  }
  slopes <- numDeriv::jacobian(variances, fit[[what]])
  spread <- rowSums((slopes %*% solve(information)) * slopes)
  df <- pmin(pmax(1, 2 * diag(vcov(fit))^2 / spread), fit$k - fit$p)
  reach <- qt(0.975, df) * fit$se
  list(
    df = unname(df), p = 2 * pt(-abs(fit$zval), df), lower = as.numeric(fit$beta) - reach,
    upper = as.numeric(fit$beta) + reach
  )
}

describeVariances <- function(fit, data, several) {
  x <- data$X
  v <- if (is.null(dim(data$V))) diag(data$V) else data$V
  w <- solve(v)
  p <- w - w %*% x %*% solve(t(x) %*% w %*% x) %*% t(x) %*% w
  labels <- if (several) unique(data$groups) else "all"
  lapply(seq_along(labels), function(at) {
    tau2 <- if (several) fit$tau2[at] else fit$sigma2
    own <- if (several) data$groups == labels[at] else TRUE
    typical <- (if (several) sum(own) - 1 else fit$k - fit$p) / sum(diag(p)[own])
    list(tau2 = tau2, i2 = 100 * tau2 / (tau2 + typical))
  })
}

# Limits cost many fits, so that only some cases have them; one that fails on the way leaves NA, and a looser tolerance
# helps.
describeLimits <- function(args, what, at, level) {
  for (tolerance in 10^-(11:7)) {
    fit <- searchAll(args, what, tolerance)
    if (is.null(fit)) next
    asked <- list(fit, level = 100 * level, control = list(tol = 1e-13, vc.max = 1e3))
    asked[[what]] <- at
    random <- tryCatch(suppressWarnings(do.call(confint, asked))$random, error = function(problem) NULL)
    if (!is.null(random) && !anyNA(random[2, ])) {
      return(list(tauLower = random[2, "ci.lb"], tauUpper = random[2, "ci.ub"]))
    }
  }
  stop("no limits at any tolerance")
}

# Data sets -----------------------------------------------------------------------------------------------------------

intercept <- function(k) matrix(1, k, 1, dimnames = list(NULL, "intercept"))
of <- function(y, V, X = intercept(length(y)), groups = NULL, source) {
  list(y = as.numeric(y), V = unname(V), X = X, groups = groups, source = source)
}
fromTable <- function(table, name, formula = ~ 1, groups = NULL) {
  table <- table[stats::complete.cases(table[c("yi", "vi", all.vars(formula))]), ]
  x <- model.matrix(formula, table)
  rownames(x) <- NULL
  colnames(x)[colnames(x) == "(Intercept)"] <- "intercept"
  of(table$yi, as.numeric(table$vi), x, if (!is.null(groups)) as.character(table[[groups]]), paste0("metadat::", name))
}

bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
normand <- escalc(measure = "SMD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat.normand1999)
hart <- escalc(measure = "IRR", x1i = x1i, t1i = t1i, x2i = x2i, t2i = t2i, data = dat.hart1999)
li <- escalc(measure = "OR", ai = ai, n1i = n1i, ci = ci, n2i = n2i, data = dat.li2007, add = 0.5, to = "all")
molloy <- escalc(measure = "ZCOR", ri = ri, ni = ni, data = dat.molloy2014)
curtis <- escalc(measure = "ROM", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat.curtis1998)
konstantopoulos <- dat.konstantopoulos2011
konstantopoulos$band <- cut(konstantopoulos$year, c(0, 1980, 1995, 2100), c("early", "middle", "late"))
knapp <- dat.knapp2017
knapp$tower <- ifelse(knapp$difficulty < median(knapp$difficulty, na.rm = TRUE), "easy", "hard")
berkey <- dat.berkey1998
berkeyV <- vcalc(vi = 1, cluster = author, rvars = c(v1i, v2i), data = berkey)
berkeyX <- cbind(AL = as.numeric(berkey$outcome == "AL"), PD = as.numeric(berkey$outcome == "PD"))

# k effects in `groups`; those that share a comparison group correlate by what it contributes to their variance.
draw <- function(seed, sizes, tau, correlated = 0, spread = 1) {
  set.seed(seed)
  k <- sum(sizes)
  groups <- rep(paste0("g", seq_along(sizes)), sizes)
  own <- round(runif(k, 0.02, 0.02 + 0.2 * spread), 4)
  shared <- correlated * min(own) / (1 - correlated)
  V <- diag(own) + shared
  u <- rnorm(k, 0, rep(tau, sizes))
  y <- round(as.numeric(rep(seq_along(sizes) / 3, sizes) + u + t(chol(V)) %*% rnorm(k)), 4)
  x <- 1 * outer(groups, unique(groups), "==")
  colnames(x) <- unique(groups)
  list(y = y, V = if (correlated > 0) V else own, X = if (length(sizes) > 1) x else intercept(k),
    groups = if (length(sizes) > 1) groups, source = paste("drawn with seed", seed))
}

sets <- list(
  bcg = fromTable(bcg, "dat.bcg"),
  bcgLatitude = fromTable(bcg, "dat.bcg", ~ ablat + year),
  bcgAllocation = fromTable(bcg, "dat.bcg", ~ alloc),
  normand = fromTable(normand, "dat.normand1999"),
  bangertdrowns = fromTable(dat.bangertdrowns2004, "dat.bangertdrowns2004", ~ length + factor(grade)),
  raudenbush = fromTable(dat.raudenbush1985, "dat.raudenbush1985", ~ weeks + tester),
  hackshaw = fromTable(dat.hackshaw1998, "dat.hackshaw1998"),
  hart = fromTable(hart, "dat.hart1999"),
  li = fromTable(li, "dat.li2007"),
  molloy = fromTable(molloy, "dat.molloy2014", ~ design),
  curtis = fromTable(curtis, "dat.curtis1998", ~ fungrp),
  konstantopoulos = fromTable(konstantopoulos, "dat.konstantopoulos2011"),
  konstantopoulosBands = fromTable(konstantopoulos, "dat.konstantopoulos2011", ~ 0 + band, "band"),
  assinkGroups = fromTable(dat.assink2016, "dat.assink2016", ~ deltype, "deltype"),
  knappGroups = fromTable(knapp, "dat.knapp2017", ~ difficulty, "tower"),
  raudenbushGroups = fromTable(dat.raudenbush1985, "dat.raudenbush1985", ~ weeks, "tester"),
  berkey = of(berkey$yi, berkeyV, berkeyX, as.character(berkey$outcome), "metadat::dat.berkey1998"),
  zero = of(c(0.11, 0.12, 0.1, 0.13, 0.09), c(0.04, 0.05, 0.03, 0.06, 0.02), source = "made up: hardly any spread"),
  three = of(c(0.2, 0.9, 0.5), c(0.04, 0.01, 0.09), source = "made up: three effects"),
  wide = of(c(-3.1, 2.4, 0.3, 5.2), c(0.01, 0.02, 4, 0.05), source = "made up: one effect is hardly known"),
  few = draw(11, c(3, 4, 5), c(0.3, 0.8, 0.5)),
  unequal = draw(12, c(3, 20, 6), c(0.6, 0.2, 1)),
  shared = draw(13, 8, 0.4, correlated = 0.5),
  sharedGroups = draw(14, c(4, 6, 5), c(0.5, 0.3, 0.8), correlated = 0.5),
  strong = draw(15, c(5, 5), c(0.3, 0.5), correlated = 0.95),
  strongOne = draw(16, 7, 0.2, correlated = 0.98),
  boundary = draw(17, c(4, 5, 6), c(0, 0.9, 0), correlated = 0.3)
)

case <- function(data, model, method = "REML", interval = "t", ...) {
  result <- if (model == "uni") uni(sets[[data]], method, interval, ...) else mv(sets[[data]], method, interval, ...)
  asked <- list(...)[setdiff(names(list(...)), "limits")]
  list(data = data, model = model, options = c(list(method = method, interval = interval), asked), result = result)
}

unisets <- c(
  "bcg", "bcgLatitude", "bcgAllocation", "normand", "bangertdrowns", "raudenbush", "hackshaw", "hart", "li", "molloy",
  "curtis", "konstantopoulos", "zero", "three", "wide"
)
mvsets <- c(
  "konstantopoulosBands", "assinkGroups", "knappGroups", "raudenbushGroups", "berkey", "few", "unequal", "shared",
  "sharedGroups", "strong", "strongOne", "boundary"
)
cases <- c(
  lapply(unisets, case, "uni", "REML", "hartung-knapp"),
  lapply(unisets, case, "uni", "ML", "z"),
  lapply(unisets, case, "uni", "DL", "t"),
  lapply(unisets, case, "uni", "PM", "hartung-knapp"),
  lapply(unisets, case, "uni", "FE", "z"),
  list(
    case("bcg", "uni", "FE", "hartung-knapp"),
    case("zero", "uni", "REML", "hartung-knapp", truncated = TRUE),
    case("hart", "uni", "REML", "hartung-knapp", level = 0.9)
  ),
  lapply(mvsets, case, "mv", "REML", "t"),
  lapply(mvsets, case, "mv", "ML", "z"),
  lapply(c("shared", "strongOne", "berkey"), case, "mv", "REML", "hartung-knapp", limits = FALSE),
  lapply(mvsets, case, "mv", "REML", "satterthwaite", limits = FALSE),
  list(case("few", "mv", "REML", "z", level = 0.9), case("shared", "mv", "ML", "t", limits = TRUE)),
  lapply(mvsets, case, "mv", "FE", "z")
)

target <- setdiff(commandArgs(trailingOnly = TRUE), "--quick")
if (length(target) == 0) target <- "metafor.golden.json"
origin <- sprintf(
  "metafor.R; R %s, metafor %s, metadat %s", getRversion(), packageVersion("metafor"), packageVersion("metadat")
)
data <- lapply(sets, function(set) {
  set$names <- I(colnames(set$X))
  set$X <- unname(set$X)
  attr(set$X, "assign") <- attr(set$X, "contrasts") <- NULL
  set
})
write(toJSON(list(origin = origin, data = data, cases = cases), auto_unbox = TRUE, digits = NA, null = "null"), target)
