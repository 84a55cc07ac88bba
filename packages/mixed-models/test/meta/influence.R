# Writes influence.golden.json (or the file named as argument): what single effects and groups do to meta-analyses, and
# whether their funnels are lopsided, by metafor. Run in this folder: Rscript influence.R
#
# The data are those of metafor.golden.json and multilevel.golden.json, which say where they are from.
suppressPackageStartupMessages({
  library(metafor)
  library(jsonlite)
})
options(warn = 1)

# Groups take most of the time: with --quick they are left out.
isQuick <- "--quick" %in% commandArgs(trailingOnly = TRUE)

plain <- fromJSON("metafor.golden.json")$data
nested <- fromJSON("multilevel.golden.json", simplifyDataFrame = FALSE)$data
control <- list(threshold = 1e-13, maxiter = 10000, stepadj = 0.7, tol = 1e-14, tau2.max = 1e6)

fitPlain <- function(name, method, test) {
  set <- plain[[name]]
  suppressWarnings(rma.uni(
    set$y, set$V, mods = as.matrix(set$X), intercept = FALSE, method = method, test = test, control = control
  ))
}

ofEffects <- function(name, method, interval) {
  fit <- fitPlain(name, method, if (interval == "hartung-knapp") "knha" else interval)
  found <- suppressWarnings(influence(fit))
  dfbetas <- do.call(cbind, lapply(seq_len(fit$p), function(at) found$dfbs[[at]]))
  list(
    data = name, options = list(method = method, interval = interval),
    result = list(
      residual = found$inf$rstudent, dffits = found$inf$dffits, cooksDistance = found$inf$cook.d,
      covarianceRatio = found$inf$cov.r, tau2 = found$inf$tau2.del, q = found$inf$QE.del, hat = found$inf$hat,
      weight = found$inf$weight, dfbetas = dfbetas, isInfluential = as.integer(found$is.infl)
    )
  )
}

# metafor's leave1out is for means only.
leftOut <- function(name, method, interval) {
  fit <- fitPlain(name, method, if (interval == "hartung-knapp") "knha" else interval)
  found <- suppressWarnings(leave1out(fit))
  list(
    data = name, options = list(method = method, interval = interval),
    result = c(list(
      estimate = found$estimate, se = found$se, statistic = if (is.null(found$zval)) found$tval else found$zval, p = found$pval, lower = found$ci.lb,
      upper = found$ci.ub, q = found$Q, qP = found$Qp, i2 = found$I2
    ), if (method != "FE") list(tau2 = found$tau2))
  )
}

egger <- function(name, model, predictor, method = "REML", interval = "z") {
  fit <- fitPlain(name, method, if (interval == "hartung-knapp") "knha" else interval)
  found <- suppressWarnings(regtest(fit, model = if (model == "classic") "lm" else "rma", predictor = if (predictor == "se") "sei" else "vi"))
  list(
    data = name,
    options = c(list(model = model, predictor = predictor), if (model != "classic") list(method = method, interval = interval)),
    result = list(
      statistic = found$zval, p = found$pval,
      limit = if (!is.null(found$est)) list(estimate = unname(found$est), lower = unname(found$ci.lb), upper = unname(found$ci.ub))
    )
  )
}

# Cook's distances of whole groups; rma.mv fits again without each. nlminb calls a tolerance that it cannot reach a failure:
# the tightest that it can.
ofGroups <- function(name) {
  set <- nested[[name]]
  table <- data.frame(y = set$y)
  random <- lapply(seq_along(set$terms), function(at) {
    table[[paste0("group", at)]] <<- set$terms[[at]]$groups
    as.formula(paste0("~ 1 | group", at))
  })
  v <- if (is.null(dim(set$V))) diag(unlist(set$V)) else set$V
  x <- set$X
  fit <- function(rows) {
    for (tolerance in 10^-(13:8)) {
      found <- tryCatch(suppressWarnings(rma.mv(
        set$y[rows], v[rows, rows], mods = x[rows, , drop = FALSE], intercept = FALSE, random = random,
        data = table[rows, , drop = FALSE], control = list(rel.tol = tolerance, iter.max = 2000, eval.max = 4000),
        test = "t"
      )), error = function(problem) NULL)
      if (!is.null(found)) return(found)
    }
    stop("no fit at any tolerance")
  }
  by <- set$clusters
  whole <- fit(seq_along(by))
  found <- lapply(unique(by), function(left) fit(which(by != left)))
  moved <- lapply(found, function(one) as.numeric(whole$beta - one$beta))
  list(
    data = name,
    result = list(
      left = unique(by),
      estimate = do.call(rbind, lapply(found, function(one) as.numeric(one$beta))),
      se = do.call(rbind, lapply(found, function(one) one$se)),
      cooksDistance = sapply(moved, function(d) as.numeric(d %*% solve(vcov(whole)) %*% d))
    )
  )
}

golden <- list(
  origin = sprintf("influence.R; R %s, metafor %s", getRversion(), packageVersion("metafor")),
  influence = c(
    lapply(c("bcg", "bcgLatitude", "bcgAllocation", "raudenbush", "hart", "molloy", "wide", "zero"), ofEffects, "REML", "z"),
    lapply(c("bcg", "bcgLatitude", "raudenbush"), ofEffects, "REML", "hartung-knapp"),
    lapply(c("bcg", "hackshaw"), ofEffects, "DL", "t"),
    lapply(c("bcg", "li"), ofEffects, "FE", "z"),
    list(ofEffects("bangertdrowns", "ML", "z"))
  ),
  leftOut = c(
    lapply(c("bcg", "normand", "hart", "zero", "wide"), leftOut, "REML", "hartung-knapp"),
    lapply(c("bcg", "hackshaw"), leftOut, "DL", "z"),
    list(leftOut("bcg", "FE", "z"), leftOut("normand", "PM", "t"))
  ),
  egger = c(
    lapply(c("bcg", "hackshaw", "li", "normand", "molloy", "wide"), egger, "random", "se"),
    lapply(c("bcg", "hackshaw", "raudenbush", "hart"), egger, "classic", "se"),
    list(
      egger("bcg", "random", "variance", "DL", "hartung-knapp"), egger("hackshaw", "classic", "variance"),
      egger("li", "random", "se", "FE", "z")
    )
  ),
  groups = if (isQuick) list() else lapply(c("schools", "assink"), ofGroups)
)
target <- setdiff(commandArgs(trailingOnly = TRUE), "--quick")
if (length(target) == 0) target <- "influence.golden.json"
write(toJSON(golden, auto_unbox = TRUE, digits = I(12), null = "null", na = "null"), target)
