# Writes multilevel.golden.json (or the file named as argument): multilevel meta-analyses by metafor's rma.mv, and
# cluster-robust tests of them by clubSandwich. Run in this folder: Rscript multilevel.R
#
# Effects and variances are facts computed from, or listed in, the published tables that metadat cites (its pages name
# each source); the rest is drawn with a seed.
suppressPackageStartupMessages({
  library(metafor)
  library(clubSandwich)
  library(jsonlite)
})
options(warn = 1)

# Fits ----------------------------------------------------------------------------------------------------------------

# A term is `sigma2` where it has no levels; the first with levels is metafor's `tau2`, the second its `gamma2`.
kindsOf <- function(terms) {
  withLevels <- cumsum(!sapply(terms, function(term) is.null(term$by)))
  ifelse(sapply(terms, function(term) is.null(term$by)), "sigma2", c("tau2", "gamma2")[pmax(1, withLevels)])
}

argumentsOf <- function(set, method, interval) {
  table <- data.frame(y = set$y)
  random <- lapply(seq_along(set$terms), function(at) {
    term <- set$terms[[at]]
    group <- paste0("group", at)
    table[[group]] <<- factor(term$groups, levels = unique(term$groups))
    if (is.null(term$by)) return(as.formula(paste("~ 1 |", group)))
    by <- paste0("by", at)
    table[[by]] <<- factor(term$by, levels = unique(term$by))
    as.formula(paste("~", by, "|", group))
  })
  args <- list(
    set$y, if (is.null(dim(set$V))) diag(set$V) else set$V, mods = set$X, intercept = FALSE, method = method,
    test = interval, random = random, data = table
  )
  count <- sum(kindsOf(set$terms) != "sigma2")
  if (count > 0) args$struct <- rep("DIAG", count)
  args
}

# metafor searches over the logarithm of a variance from one start: the best of several, until two of them agree. nlminb
# calls a tolerance that it cannot reach a failure: the tightest that it can.
searchAll <- function(args, kinds) {
  best <- NULL
  for (start in c(NA, 0.01, 0.1, 1)) {
    fit <- searchFrom(args, kinds, start)
    if (is.null(fit)) next
    gain <- if (is.null(best)) Inf else as.numeric(logLik(fit) - logLik(best))
    if (gain > 0) best <- fit
    if (abs(gain) < 1e-7) break
  }
  best
}

searchFrom <- function(args, kinds, start) {
  for (tolerance in 10^-c(12, 10, 8)) {
    args$control <- list(rel.tol = tolerance, iter.max = 2000, eval.max = 4000)
    if (!is.na(start)) for (kind in unique(kinds)) {
      args$control[[paste0(kind, ".init")]] <- if (kind == "sigma2") rep(start, sum(kinds == kind)) else start
    }
    fit <- tryCatch(suppressMessages(suppressWarnings(do.call(rma.mv, args))), error = function(problem) NULL)
    if (!is.null(fit)) return(fit)
  }
  NULL
}

# The search's last digits by Newton's steps on the logarithms, as metafor's differences leave them open; a variance that
# does not matter is zero.
polish <- function(args, fit, kinds) {
  kinds <- unique(kinds)
  found <- lapply(setNames(kinds, kinds), function(kind) as.numeric(fit[[kind]]))
  at <- function(values) {
    for (kind in kinds) args[[kind]] <- values[[kind]]
    suppressMessages(suppressWarnings(do.call(rma.mv, args)))
  }
  flat <- unlist(found, use.names = FALSE)
  inside <- flat > 1e-6
  put <- function(logs) {
    flat[] <- 0
    flat[inside] <- exp(logs)
    relist(flat, found)
  }
  logs <- log(flat[inside])
  value <- function(logs) as.numeric(logLik(at(put(logs))))
  if (any(inside)) for (step in 1:2) {
    logs <- logs - solve(numDeriv::hessian(value, logs), numDeriv::grad(value, logs))
  }
  at(put(logs))
}

variancesOf <- function(fit, terms) {
  kinds <- kindsOf(terms)
  unlist(lapply(seq_along(terms), function(at) {
    if (kinds[at] == "sigma2") fit$sigma2[cumsum(kinds == "sigma2")[at]] else fit[[kinds[at]]]
  }))
}

describe <- function(fit, terms) {
  list(
    estimate = as.numeric(fit$beta), se = fit$se, statistic = fit$zval, p = fit$pval, lower = fit$ci.lb,
    upper = fit$ci.ub, covariance = unname(vcov(fit)), q = fit$QE, qP = fit$QEp, tested = fit$QM, testedP = fit$QMp,
    logLik = as.numeric(logLik(fit)), variances = variancesOf(fit, terms)
  )
}

# Cluster-robust tests ------------------------------------------------------------------------------------------------

robust <- function(fit, set, type) {
  covariance <- vcovCR(fit, type = type, cluster = factor(set$clusters, levels = unique(set$clusters)))
  tests <- coef_test(fit, vcov = covariance, test = "Satterthwaite")
  contrasts <- linear_contrast(fit, vcov = covariance, contrasts = set$contrasts, test = "Satterthwaite", p_values = TRUE)
  list(
    type = type,
    coefficients = if (is.null(set$contrastsOnly)) list(se = tests$SE, df = tests$df_Satt, p = tests$p_Satt, statistic = tests$tstat),
    contrasts = list(
      estimate = contrasts$Est, se = contrasts$SE, df = contrasts$df, p = contrasts$p_val, lower = contrasts$CI_L,
      upper = contrasts$CI_U
    )
  )
}

# Data sets -----------------------------------------------------------------------------------------------------------

intercept <- function(k) matrix(1, k, 1, dimnames = list(NULL, "intercept"))
term <- function(name, groups, by = NULL) {
  c(list(name = name, groups = as.character(groups)), if (!is.null(by)) list(by = as.character(by)))
}
# Contrasts: the mean over all rows, and the last coefficient less the first.
of <- function(y, V, X, terms, clusters = NULL, source) {
  difference <- replace(replace(rep(0, ncol(X)), ncol(X), 1), 1, if (ncol(X) > 1) -1 else 1)
  list(
    y = as.numeric(y), V = unname(V), X = X, terms = terms, clusters = if (!is.null(clusters)) as.character(clusters),
    contrasts = rbind(unname(colMeans(X)), difference, deparse.level = 0), source = source
  )
}
fromTable <- function(table, name, terms, formula = ~ 1, cluster = NULL, V = table$vi) {
  x <- model.matrix(formula, table)
  rownames(x) <- NULL
  colnames(x)[colnames(x) == "(Intercept)"] <- "intercept"
  of(table$yi, if (is.null(dim(V))) as.numeric(V) else V, x, terms, if (!is.null(cluster)) table[[cluster]], paste0("metadat::", name))
}

bcg <- escalc(measure = "RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
normand <- escalc(measure = "SMD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat.normand1999)
curtis <- escalc(measure = "ROM", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat.curtis1998)
bornmann <- escalc(measure = "OR", ai = waward, n1i = wtotal, ci = maward, n2i = mtotal, data = dat.bornmann2007)
crede <- escalc(measure = "ZCOR", ri = ri, ni = ni, data = dat.crede2010)
crede <- crede[crede$criterion == "grade", ]
crede$sample <- paste(crede$studyid, crede$sampleid)
bangert <- dat.bangertdrowns2004[!is.na(dat.bangertdrowns2004$length), ]
schools <- dat.konstantopoulos2011
schools$own <- paste(schools$district, schools$school)
schools$band <- ifelse(schools$year < 1990, "early", "late")
assink <- dat.assink2016[dat.assink2016$study <= 12, ]
assinkV <- vcalc(vi, cluster = study, obs = esid, data = assink, rho = 0.6)
tanner <- dat.tannersmith2016[1:60, ]
tannerV <- vcalc(pmax(vi, 1e-3), cluster = studyid, obs = seq_len(nrow(tanner)), data = tanner, rho = 0.8)
berkey <- dat.berkey1998
berkeyV <- vcalc(vi = 1, cluster = author, rvars = c(v1i, v2i), data = berkey)
knapp <- dat.knapp2017
knapp <- knapp[!is.na(knapp$difficulty), ]
knapp$tower <- ifelse(knapp$difficulty < median(knapp$difficulty), "easy", "hard")
kalaian <- dat.kalaian1996[!is.na(dat.kalaian1996$hrs), ]
kalaianV <- vcalc(vi, cluster = study, type = outcome, data = kalaian, rho = 0.66)
ishak <- reshape(
  as.data.frame(dat.ishak2007), direction = "long", idvar = "study", v.names = c("yi", "vi"),
  varying = list(c("y1i", "y2i", "y3i", "y4i"), c("v1i", "v2i", "v3i", "v4i"))
)
ishak <- ishak[order(ishak$study, ishak$time), ]
ishak <- ishak[!is.na(ishak$yi), ]
rownames(ishak) <- NULL
ishakV <- vcalc(vi, cluster = study, time1 = time, phi = 0.97, data = ishak)
lim <- escalc(measure = "ZCOR", ri = ri, ni = ni, data = dat.lim2014$o_o_unadj)[1:70, ]

# Units that answer in collections, of two families that each unit has a system of: both terms have levels, and errors
# share a comparison within each collection.
draw <- function(seed, collections, units, sd) {
  set.seed(seed)
  table <- expand.grid(family = c("new", "old"), unit = seq_len(units), collection = seq_len(collections))
  table$unit <- paste(table$collection, table$unit)
  table <- table[sort(sample(nrow(table), round(0.85 * nrow(table)))), ]
  k <- nrow(table)
  own <- round(runif(k, 0.01, 0.08), 4)
  V <- diag(own) + 0.005 * outer(table$collection, table$collection, "==")
  shared <- function(groups, sd) {
    cells <- paste(groups, table$family)
    rnorm(length(unique(cells)))[match(cells, unique(cells))] * sd[as.integer(table$family)]
  }
  y <- round(shared(table$collection, sd) + shared(table$unit, rev(sd)) + sqrt(own) * rnorm(k) + 0.3 * (table$family == "new"), 4)
  x <- cbind(new = as.numeric(table$family == "new"), old = as.numeric(table$family == "old"))
  terms <- list(term("collection", table$collection, table$family), term("unit", table$unit, table$family))
  of(y, V, x, terms, table$collection, paste("drawn with seed", seed))
}

sets <- list(
  schools = fromTable(schools, "dat.konstantopoulos2011", list(term("district", schools$district), term("school", schools$own)), ~ 1, "district"),
  schoolYears = fromTable(schools, "dat.konstantopoulos2011", list(term("district", schools$district), term("school", schools$own, schools$band)), ~ I(year - 1990), "district"),
  bornmann = fromTable(bornmann, "dat.bornmann2007", list(term("study", bornmann$study), term("row", seq_len(nrow(bornmann)))), ~ 1, "study"),
  bornmannTypes = fromTable(bornmann, "dat.bornmann2007", list(term("study", bornmann$study), term("row", seq_len(nrow(bornmann)), bornmann$type)), ~ 0 + type, "study"),
  berkey = fromTable(berkey, "dat.berkey1998", list(term("trial", berkey$author, berkey$outcome)), ~ 0 + outcome, "author", berkeyV),
  assink = fromTable(assink, "dat.assink2016", list(term("study", assink$study), term("effect", assink$id)), ~ deltype + year, "study", assinkV),
  assinkTypes = fromTable(dat.assink2016, "dat.assink2016", list(term("study", dat.assink2016$study), term("effect", dat.assink2016$id, dat.assink2016$pubstatus)), ~ year, "study"),
  bangertdrowns = fromTable(bangert, "dat.bangertdrowns2004", list(term("study", bangert$id), term("grade", bangert$grade)), ~ length, "grade"),
  bcg = fromTable(bcg, "dat.bcg", list(term("trial", bcg$trial)), ~ ablat, "trial"),
  bcgAllocation = fromTable(bcg, "dat.bcg", list(term("trial", bcg$trial, bcg$alloc)), ~ 0 + alloc, "trial"),
  raudenbush = fromTable(dat.raudenbush1985, "dat.raudenbush1985", list(term("study", dat.raudenbush1985$study, dat.raudenbush1985$tester), term("author", dat.raudenbush1985$author)), ~ weeks, "author"),
  normand = fromTable(normand, "dat.normand1999", list(term("study", normand$study)), ~ 1, "study"),
  ishak = fromTable(ishak, "dat.ishak2007", list(term("study", ishak$study), term("time", ishak$study, ishak$time)), ~ 0 + factor(time), "study", ishakV),
  kalaian = fromTable(kalaian, "dat.kalaian1996", list(term("study", kalaian$study, kalaian$outcome)), ~ 0 + outcome + hrs, "study", kalaianV),
  tanner = fromTable(tanner, "dat.tannersmith2016", list(term("study", tanner$studyid), term("sex", paste(tanner$studyid, tanner$sexmix))), ~ propmale, "studyid", tannerV),
  knapp = fromTable(knapp, "dat.knapp2017", list(term("study", knapp$study), term("row", seq_len(nrow(knapp)), knapp$tower)), ~ difficulty, "study"),
  crede = fromTable(crede, "dat.crede2010", list(term("study", crede$studyid), term("sample", crede$sample)), ~ source, "studyid"),
  curtis = fromTable(curtis, "dat.curtis1998", list(term("paper", curtis$paper, curtis$method), term("row", curtis$id)), ~ log(time), "paper"),
  lim = fromTable(lim, "dat.lim2014", list(term("article", lim$article), term("species", lim$species), term("row", seq_len(nrow(lim)))), ~ amniotes),
  families = draw(21, 8, 3, c(0.5, 0.2)),
  familiesFew = draw(22, 4, 3, c(0.6, 0.1)),
  familiesFlat = draw(23, 6, 2, c(0, 0.4))
)

case <- function(data, method, interval) {
  set <- sets[[data]]
  args <- argumentsOf(set, method, interval)
  kinds <- kindsOf(set$terms)
  fit <- polish(args, searchAll(args, kinds), kinds)

  tests <- if (!is.null(set$clusters)) lapply(c("CR0", "CR1", "CR2"), function(type) robust(fit, set, type))
  list(data = data, options = list(method = method, interval = interval), result = describe(fit, set$terms), robust = tests)
}

# A coefficient for each cluster, which has no robust variance, and one within clusters: the adjustments lose a rank.
within <- assink[assink$deltype != "covert", ]
within <- within[within$study %in% names(which(table(within$study) > 1)), ]
within$overt <- as.numeric(within$deltype == "overt")
sets$within <- fromTable(within, "dat.assink2016", list(term("effect", within$id)), ~ 0 + factor(study) + overt, "study")
sets$within$contrasts <- matrix(as.numeric(colnames(sets$within$X) == "overt"), 1)
sets$within$contrastsOnly <- TRUE

cases <- c(
  lapply(names(sets), case, "REML", "t"),
  lapply(names(sets), case, "ML", "z")
)

target <- commandArgs(trailingOnly = TRUE)
if (length(target) == 0) target <- "multilevel.golden.json"
origin <- sprintf(
  "multilevel.R; R %s, metafor %s, metadat %s, clubSandwich %s", getRversion(), packageVersion("metafor"),
  packageVersion("metadat"), packageVersion("clubSandwich")
)
data <- lapply(sets, function(set) {
  set$names <- I(colnames(set$X))
  set$X <- unname(set$X)
  attr(set$X, "assign") <- attr(set$X, "contrasts") <- NULL
  set
})
write(toJSON(list(origin = origin, data = data, cases = cases), auto_unbox = TRUE, digits = NA, null = "null"), target)
