# Usage: Rscript reference.R MODELS.json DATA_DIR OUT.json [id ...]
#
# Fits the models of MODELS.json with lme4 and glmmTMB (cumulative ones with
# ordinal's clmm), as close to the true optimum as they go, and writes what another implementation must reproduce.
#
# The program `npm run parity` runs this script; test/mixed/golden/simulated.json
# holds the part of its output for the simulated data that fits are compared with.
#
# "lme4::X" and "ordinal::X" data are exported to DATA_DIR/X.csv, "sim:NAME" data are read from
# DATA_DIR/NAME.csv. Text columns become factors with levels in code-point
# order; the order used is in the output under "factors", because the first
# level is the reference level of the treatment contrasts.

suppressPackageStartupMessages({
  library(lme4)
  library(glmmTMB)
})

# Any other collation would make the reference level depend on the machine.
invisible(Sys.setlocale("LC_COLLATE", "C"))
options(warn = 1)

# ---- JSON with 17 significant digits ----------------------------------------

NUMBER_MARK <- "@number@"

# jsonlite stops at 15 digits, which does not identify a double: numbers travel
# as marked text, and lose the mark and the quotes after serialisation.
mark_numbers <- function(x) {
  if (is.list(x)) return(lapply(x, mark_numbers))
  if (!is.double(x)) return(x)
  text <- paste0(NUMBER_MARK, sprintf("%.17g", x))
  text[!is.finite(x)] <- NA
  if (inherits(x, "AsIs")) I(text) else text
}

write_json <- function(x, path) {
  json <- jsonlite::toJSON(mark_numbers(x), auto_unbox = TRUE, na = "null",
                           null = "null", pretty = TRUE)
  marked <- paste0("\"", NUMBER_MARK, "([^\"]*)\"")
  # First to a side file: an interrupted run must not leave half a result.
  writeLines(gsub(marked, "\\1", json), paste0(path, ".part"))
  file.rename(paste0(path, ".part"), path)
}

# A vector that stays an array even when it has one element.
array_of <- function(x) I(unname(x))

records <- function(data) {
  lapply(seq_len(nrow(data)), function(i) as.list(data[i, , drop = FALSE]))
}

# ---- Data -------------------------------------------------------------------

prepare <- list(
  cbpp = function(d) {
    d$obs <- factor(seq_len(nrow(d)))
    d
  },
  VerbAgg = function(d) {
    d$y01 <- as.integer(d$r2 == "Y")
    d[c("y01", "Anger", "Gender", "btype", "situ", "mode", "id", "item")]
  },
  InstEval = function(d) {
    first <- d$s %in% levels(d$s)[1:400]
    droplevels(d[first, c("y", "service", "s", "d")])
  },
  grouseticks = function(d) {
    d$ticked <- as.integer(d$TICKS > 0)
    d$zHEIGHT <- as.numeric(scale(d$HEIGHT))
    d[c("ticked", "YEAR", "zHEIGHT", "BROOD", "LOCATION")]
  }
)

package_data <- function(package, name) {
  env <- new.env()
  data(list = name, package = package, envir = env)
  frame <- as.data.frame(env[[name]])
  if (is.null(prepare[[name]])) frame else prepare[[name]](frame)
}

export_csv <- function(data, path) {
  is_text <- !vapply(data, is.numeric, logical(1))
  data[!is_text] <- lapply(data[!is_text], function(x) sprintf("%.17g", x))
  write.csv(data, path, row.names = FALSE, eol = "\r\n", na = "",
            quote = which(is_text))
}

read_simulated <- function(path) {
  data <- read.csv(path, na.strings = "", stringsAsFactors = TRUE)
  is_flag <- vapply(data, is.logical, logical(1))
  data[is_flag] <- lapply(data[is_flag], factor)
  data
}

load_data <- function(source, dir) {
  if (startsWith(source, "sim:")) {
    return(read_simulated(file.path(dir, paste0(sub("sim:", "", source), ".csv"))))
  }
  parts <- strsplit(source, "::")[[1]]
  name <- parts[2]
  data <- package_data(parts[1], name)
  export_csv(data, file.path(dir, paste0(name, ".csv")))
  data
}

# Grouping columns that hold numbers would otherwise lose their level order.
group_as_factors <- function(data, formula) {
  groups <- lapply(findbars(formula), function(bar) all.vars(bar[[3]]))
  # a name that is not there is left for lme4 to complain about
  for (name in intersect(unlist(groups), names(data))) data[[name]] <- factor(data[[name]])
  data
}

factor_levels <- function(data, formula) {
  used <- data[intersect(all.vars(formula), names(data))]
  lapply(used[vapply(used, is.factor, logical(1))],
         function(f) array_of(levels(f)))
}

# ---- What every fit goes through --------------------------------------------

with_notes <- function(expr) {
  notes <- character()
  value <- withCallingHandlers(
    expr,
    warning = function(w) {
      notes <<- c(notes, conditionMessage(w))
      invokeRestart("muffleWarning")
    },
    message = function(m) {
      notes <<- c(notes, trimws(conditionMessage(m)))
      invokeRestart("muffleMessage")
    }
  )
  list(value = value, notes = unique(notes))
}

timed <- function(expr) {
  seconds <- system.time(value <- expr)[["elapsed"]]
  list(value = value, seconds = seconds)
}

# One package failing on one model is a finding, not an end of the run.
attempt <- function(expr) {
  tryCatch(expr, error = function(e) list(error = conditionMessage(e)))
}

standard_errors <- function(vcov) array_of(sqrt(diag(as.matrix(vcov))))

# `terms` is a list of covariance matrices as VarCorr() makes them, `groups`
# the grouping factor of each: with "||" the names of the former get suffixes.
term_sds <- function(terms, groups) {
  do.call(c, Map(function(term, group) {
    sd <- attr(term, "stddev")
    Map(function(name, value) list(group = group, name = name, sd = value),
        names(sd), sd, USE.NAMES = FALSE)
  }, unname(terms), groups, USE.NAMES = FALSE))
}

term_correlations <- function(term, group) {
  corr <- attr(term, "correlation")
  pairs <- which(lower.tri(corr), arr.ind = TRUE)
  lapply(seq_len(nrow(pairs)), function(i) {
    row <- pairs[i, "row"]
    col <- pairs[i, "col"]
    list(group = group, a = colnames(corr)[col], b = rownames(corr)[row],
         corr = corr[row, col])
  })
}

all_correlations <- function(terms, groups) {
  # as.list(): none at all must be an empty array in the output, not a null
  as.list(do.call(c, Map(term_correlations, unname(terms), groups, USE.NAMES = FALSE)))
}

first_modes <- function(modes, count = 5) {
  modes <- modes[c("grpvar", "term", "grp", "condval", "condsd")]
  names(modes) <- c("group", "name", "level", "mode", "sd")
  text <- c("group", "name", "level")
  modes[text] <- lapply(modes[text], as.character)
  by_term <- split(modes, paste(modes$group, modes$name), drop = TRUE)
  do.call(c, unname(lapply(by_term, function(m) records(head(m, count)))))
}

# ---- lme4 -------------------------------------------------------------------

# lme4 takes the log-determinant from the weights one step before its inner loop
# stops, so an inner tolerance t leaves an error of order sqrt(t) in logLik:
# 1e-5 here. A smaller t fails on rounding errors in large data (PIRLS
# step-halvings); converged_twice() is the cure.
binomial_control <- function(rhoend = 1e-9) {
  glmerControl(optimizer = "bobyqa", tolPwrss = 1e-10,
               optCtrl = list(rhoend = rhoend, maxfun = 1e5),
               check.conv.singular = "ignore")
}

gaussian_control <- function() {
  lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10),
              check.conv.singular = "ignore")
}

call_lme4 <- function(spec, data) {
  if (spec$family == "binomial") {
    # The restart goes on to 1e-9 from where this one stops, or from another optimum.
    rhoend <- if (nrow(data) > 5000) 1e-6 else 1e-9
    return(glmer(spec$formula, data, family = binomial, nAGQ = spec$nAGQ,
                 control = binomial_control(rhoend)))
  }
  lmer(spec$formula, data, REML = spec$method == "REML", control = gaussian_control())
}

# Runs lme4's inner loop again from where it has converged: then the weights one
# step before the end are the right ones. Both loops read their start from lp0
# in the environment that lme4's functions share, so this one lives there too.
converged_twice <- function(deviance) {
  state <- environment(deviance)
  state$once <- deviance
  twice <- function(pars) {
    once(pars)
    far <- lp0
    on.exit(lp0 <<- far)
    lp0 <<- resp$eta - baseOffset
    once(pars)
  }
  environment(twice) <- state
  twice
}

# The deviance as a function of theta and the fixed effects.
glmer_objective <- function(spec, data) {
  control <- binomial_control()
  parts <- glFormula(spec$formula, data, family = binomial, control = control)
  relaxed <- do.call(mkGlmerDevfun, c(parts, list(control = control)))
  deviance <- updateGlmerDevfun(relaxed, parts$reTrms, spec$nAGQ)
  list(deviance = converged_twice(deviance), parts = parts, control = control)
}

# glmer() itself, less its first stage, which would move away from `start`.
restart_glmer <- function(spec, data, start, call) {
  objective <- glmer_objective(spec, data)
  control <- objective$control
  opt <- optimizeGlmer(objective$deviance, "bobyqa", stage = 2, start = start,
                       nAGQ = spec$nAGQ, control = control$optCtrl,
                       boundary.tol = control$boundary.tol, calc.derivs = TRUE)
  state <- environment(objective$deviance)
  checks <- checkConv(attr(opt, "derivs"), opt$par, control$checkConv, state$lower)
  mkMerMod(state, opt, objective$parts$reTrms, objective$parts$fr, call, checks)
}

restart_lme4 <- function(spec, data, start, first) {
  if (isGLMM(first)) return(restart_glmer(spec, data, start, first@call))
  lmer(spec$formula, data, REML = spec$method == "REML", start = start$theta,
       control = gaussian_control())
}

optimum_of <- function(fit) {
  start <- list(theta = getME(fit, "theta"))
  if (isGLMM(fit)) start$fixef <- fixef(fit)
  start
}

log_lik <- function(fit) as.numeric(logLik(fit))

# How far two optima lie apart, in standard errors: the honest precision of the
# reference, since no optimiser stops exactly at the top.
shift_in_se <- function(fit, other) {
  max(abs(fixef(fit) - fixef(other)) / sqrt(diag(as.matrix(vcov(fit)))))
}

restart_record <- function(name, restart, first) {
  fit <- restart$value
  list(start = name, seconds = restart$seconds,
       logLik_gain = log_lik(fit) - log_lik(first),
       fixef_shift_se = shift_in_se(first, fit),
       theta_shift = max(abs(getME(fit, "theta") - getME(first, "theta"))))
}

# A restarted glmer fit wins over the first even if its logLik is lower: only
# the restarts are free of the inner error, and none starts below the first.
fit_lme4_from <- function(spec, data, first, starts) {
  again <- lapply(starts, function(s) attempt(timed(restart_lme4(spec, data, s, first))))
  again <- Filter(function(fit) is.null(fit$error), again)
  history <- Map(restart_record, names(again), again, list(first))
  fits <- lapply(again, function(fit) fit$value)
  if (!isGLMM(first) || length(fits) == 0) fits <- c(list(first), fits)
  best <- fits[[which.max(vapply(fits, log_lik, 0))]]
  list(fit = best, restarts = unname(history))
}

# lme4 differentiates with a fixed step of 1e-4. Richardson extrapolation over
# steps of a tenth of a standard error and less is far more accurate. The Newton
# step is what is left of the way to the optimum.
richardson <- function(spec, data, fit) {
  deviance <- glmer_objective(spec, data)$deviance
  start <- optimum_of(fit)
  scale <- c(rep(0.05, length(start$theta)), sqrt(diag(as.matrix(vcov(fit)))))
  scaled <- function(z) deviance(unlist(start) + scale * z)
  # Three halvings of the step leave an error of the step's sixth power, two, where each takes long, of its fourth.
  wide <- list(eps = 0.1, r = if (nrow(data) > 5000) 2 else 3)
  inverse <- solve(numDeriv::hessian(scaled, 0 * scale, method.args = wide))
  step <- -drop(inverse %*% numDeriv::grad(scaled, 0 * scale, method.args = wide))
  variance <- 2 * diag(inverse)
  random <- seq_along(start$theta)
  list(se = array_of((scale * sqrt(ifelse(variance > 0, variance, NA)))[-random]),
       newton_step = list(theta = array_of((scale * step)[random]),
                          fixef = array_of((scale * step)[-random])))
}

# With quadrature lme4 leaves out the binomial constants, so its value is only
# relative to the saturated model; this puts both on one scale.
absolute_log_lik <- function(fit, nAGQ) {
  if (!isGLMM(fit) || nAGQ == 1) return(log_lik(fit))
  size <- weights(fit, type = "prior")
  y <- getME(fit, "y")
  log_lik(fit) + sum(dbinom(round(y * size), size, y, log = TRUE))
}

lme4_errors <- function(spec, data, fit) {
  if (!isGLMM(fit)) return(list(se = standard_errors(vcov(fit))))
  # use.hessian = FALSE warns whenever the two differ, which is why both are here
  rx <- suppressWarnings(vcov(fit, use.hessian = FALSE))
  accurate <- attempt(richardson(spec, data, fit))
  list(se_hessian = standard_errors(vcov(fit, use.hessian = TRUE)),
       se_rx = standard_errors(rx), se_richardson = accurate$se,
       newton_step = accurate$newton_step)
}

lme4_report <- function(spec, data, fit) {
  terms <- VarCorr(fit)
  groups <- names(getME(fit, "cnms"))
  criterion <- if (isGLMM(fit)) NULL else if (isREML(fit)) REMLcrit(fit) else deviance(fit)
  c(list(logLik = log_lik(fit), logLik_absolute = absolute_log_lik(fit, spec$nAGQ),
         criterion = criterion, singular = isSingular(fit, tol = 1e-4),
         fixef = list(names = array_of(names(fixef(fit))), values = array_of(fixef(fit)))),
    lme4_errors(spec, data, fit),
    list(random = term_sds(terms, groups),
         correlations = all_correlations(terms, groups),
         residual_sd = if (isGLMM(fit)) NULL else sigma(fit),
         theta = list(names = array_of(names(getME(fit, "theta"))),
                      values = array_of(getME(fit, "theta"))),
         modes = first_modes(as.data.frame(ranef(fit, condVar = TRUE)))))
}

# Where a fit takes long, the optimum that another algorithm found is start enough: glmer's own search is left out.
first_lme4 <- function(spec, data, other) {
  if (nrow(data) <= 5000 || is.null(other) || spec$family != "binomial") return(call_lme4(spec, data))
  cnms <- glFormula(spec$formula, data, family = binomial)$reTrms$cnms
  theta <- unlist(Map(theta_of_term, names(cnms), cnms, MoreArgs = list(fit = other)))
  start <- list(theta = unname(theta), fixef = fixef(other)$cond)
  restart_glmer(spec, data, start, quote(glmer()))
}

# `other` is the glmmTMB fit, or NULL: a start found by a different algorithm.
reference_lme4 <- function(spec, data, other) {
  first <- timed(with_notes(first_lme4(spec, data, other)))
  fit <- first$value$value
  starts <- list(own = optimum_of(fit))
  if (!is.null(other)) starts$glmmTMB <- attempt(optimum_from_glmmTMB(other, fit))
  starts <- Filter(function(s) is.null(s$error), starts)
  if (nobs(fit) > 5000 && !is.null(starts$glmmTMB)) starts <- if (isGLMM(fit)) list() else starts["glmmTMB"]
  improved <- with_notes(fit_lme4_from(spec, data, fit, starts))
  report <- with_notes(lme4_report(spec, data, improved$value$fit))
  notes <- c(first$value$notes, improved$notes, report$notes)
  c(list(version = as.character(packageVersion("lme4")), seconds = first$seconds),
    report$value,
    list(restarts = improved$value$restarts, warnings = array_of(unique(notes))))
}

# ---- glmmTMB ----------------------------------------------------------------

tight_tmb_control <- function() {
  glmmTMBControl(optCtrl = list(iter.max = 1e4, eval.max = 1e4,
                                rel.tol = 1e-14, x.tol = 1e-12))
}

call_glmmTMB <- function(spec, data) {
  family <- if (spec$family == "gaussian") gaussian() else binomial()
  glmmTMB(spec$formula, data, family = family, REML = spec$method == "REML",
          control = tight_tmb_control())
}

tmb_term_names <- function(fit) fit$modelInfo$reTrms$cond$cnms

# The packages order their terms differently, and glmmTMB keeps "||" together
# as one diagonal term: a block is found by its group and its columns.
theta_of_term <- function(group, columns, fit) {
  names <- tmb_term_names(fit)
  holds <- vapply(names, function(own) all(columns %in% own), logical(1))
  block <- VarCorr(fit)$cond[[which(names(names) == group & holds)]]
  scale <- if (family(fit)$family == "gaussian") sigma(fit) else 1
  root <- t(chol(block[columns, columns, drop = FALSE])) / scale
  root[lower.tri(root, diag = TRUE)]
}

optimum_from_glmmTMB <- function(fit, like) {
  names <- getME(like, "cnms")
  theta <- unlist(Map(theta_of_term, names(names), names, MoreArgs = list(fit = fit)))
  start <- list(theta = unname(theta))
  if (isGLMM(like)) start$fixef <- fixef(fit)$cond
  start
}

# A diagonal term ("||") reports correlations of zero, which are no estimates.
is_diagonal <- function(term) names(attr(term, "blockCode")) == "diag"

glmmTMB_report <- function(fit) {
  terms <- VarCorr(fit)$cond
  groups <- names(tmb_term_names(fit))
  full <- !vapply(terms, is_diagonal, logical(1))
  values <- fixef(fit)$cond
  gaussian <- family(fit)$family == "gaussian"
  # logLik() is NA when the Hessian is not positive definite, as in a singular
  # fit, although the value itself is sound
  list(logLik = -fit$fit$objective,
       criterion = if (gaussian) 2 * fit$fit$objective else NULL,
       positive_definite = fit$sdr$pdHess,
       fixef = list(names = array_of(names(values)), values = array_of(values)),
       se = standard_errors(vcov(fit)$cond),
       random = term_sds(terms, groups),
       correlations = all_correlations(terms[full], groups[full]),
       residual_sd = if (gaussian) sigma(fit) else NULL,
       modes = first_modes(as.data.frame(ranef(fit, condVar = TRUE))))
}

# `fitted` comes from fit_glmmTMB(): the fit was needed earlier, as a start.
reference_glmmTMB <- function(fitted) {
  report <- with_notes(glmmTMB_report(fitted$value$value))
  c(list(version = as.character(packageVersion("glmmTMB")), seconds = fitted$seconds),
    report$value,
    list(warnings = array_of(unique(c(fitted$value$notes, report$notes)))))
}

# ---- clmm -------------------------------------------------------------------

# Attached, ordinal would hide lme4's ranef() and VarCorr().
call_clmm <- function(spec, data) {
  arguments <- list(quote(ordinal::clmm), spec$formula, data = quote(data), Hess = TRUE,
                    link = if (is.null(spec$link)) "logit" else spec$link,
                    threshold = if (is.null(spec$thresholds)) "flexible" else spec$thresholds,
                    nAGQ = spec$nAGQ)
  if (!is.null(spec$weights)) arguments$weights <- as.name(spec$weights)
  eval(as.call(arguments))
}

clmm_modes <- function(fit, count = 5) {
  do.call(c, Map(function(group, effects) {
    effects <- head(effects, count)
    do.call(c, lapply(names(effects), function(name) {
      Map(function(level, mode) list(group = group, name = name, level = level, mode = mode),
          rownames(effects), effects[[name]], USE.NAMES = FALSE)
    }))
  }, names(ordinal::ranef(fit)), ordinal::ranef(fit), USE.NAMES = FALSE))
}

clmm_report <- function(fit) {
  terms <- ordinal::VarCorr(fit)
  wide <- vapply(terms, nrow, 0L) > 1
  values <- coef(fit)
  first <- paste(fit$y.levels[1:2], collapse = "|")
  list(logLik = log_lik(fit),
       names = array_of(sub("^threshold\\.1$", first, names(values))),
       values = array_of(values),
       se = array_of(summary(fit)$coefficients[names(values), "Std. Error"]),
       random = term_sds(terms, names(terms)),
       correlations = all_correlations(terms[wide], names(terms)[wide]),
       modes = clmm_modes(fit))
}

reference_clmm <- function(spec, data) {
  response <- all.vars(spec$formula)[1]
  data[[response]] <- ordered(data[[response]])
  fitted <- timed(with_notes(call_clmm(spec, data)))
  fit <- fitted$value$value
  c(list(nobs = nrow(fit$model), factors = factor_levels(data, spec$formula),
         ordinal = c(list(version = as.character(packageVersion("ordinal")),
                          seconds = fitted$seconds),
                     clmm_report(fit), list(warnings = array_of(fitted$value$notes)))))
}

# ---- One model, then all ----------------------------------------------------

agreement <- function(lme4, glmmTMB) {
  if (is.null(lme4$fixef) || is.null(glmmTMB$fixef)) return(NULL)
  se <- if (is.null(lme4$se)) lme4$se_hessian else lme4$se
  list(logLik_difference = abs(lme4$logLik - glmmTMB$logLik),
       fixef_difference_se = max(abs(lme4$fixef$values - glmmTMB$fixef$values) / se))
}

describe <- function(spec, data) {
  parsed <- if (spec$family == "gaussian") lFormula(spec$formula, data) else
    glFormula(spec$formula, data, family = binomial)
  list(nobs = nrow(parsed$fr), levels = lapply(parsed$reTrms$flist, nlevels),
       factors = factor_levels(data, spec$formula))
}

fit_glmmTMB <- function(spec, data) {
  if (spec$nAGQ != 1) return(list(skipped = "only the Laplace approximation"))
  attempt(timed(with_notes(call_glmmTMB(spec, data))))
}

fit_both <- function(spec, data) {
  tmb <- fit_glmmTMB(spec, data)
  found <- is.null(tmb$skipped) && is.null(tmb$error)
  lme4 <- attempt(reference_lme4(spec, data, if (found) tmb$value$value))
  if (found) tmb <- attempt(reference_glmmTMB(tmb))
  list(lme4 = lme4, glmmTMB = tmb, agreement = agreement(lme4, tmb))
}

reference <- function(model, dir) {
  spec <- model
  spec$formula <- as.formula(model$formula)
  data <- group_as_factors(load_data(model$data, dir), spec$formula)
  if (spec$family == "cumulative") return(c(model, reference_clmm(spec, data)))
  c(model, describe(spec, data), fit_both(spec, data))
}

progress <- function(model, timing) {
  result <- timing$value
  cat(sprintf("%-32s %8.1f s  lme4 %s s  glmmTMB %s s  clmm %s s%s\n", model$id, timing$seconds,
              format(result$lme4$seconds), format(result$glmmTMB$seconds),
              format(result$ordinal$seconds),
              paste0("  ", c(result$error, result$lme4$error, result$glmmTMB$error),
                     collapse = "")), file = stderr())
}

choose_models <- function(models, ids) {
  known <- vapply(models, function(m) m$id, "")
  if (anyDuplicated(known)) stop("repeated ids in the list of models")
  missing <- setdiff(ids, known)
  if (length(missing)) stop("no such model: ", paste(missing, collapse = ", "))
  if (length(ids)) models[match(ids, known)] else models
}

main <- function(args) {
  if (length(args) < 3) stop("usage: Rscript reference.R MODELS.json DATA_DIR OUT.json [id ...]")
  models <- choose_models(jsonlite::read_json(args[1]), args[-(1:3)])
  dir.create(args[2], recursive = TRUE, showWarnings = FALSE)
  output <- list(R = R.version.string, platform = R.version$platform, models = list())
  for (model in models) {
    timing <- timed(attempt(reference(model, args[2])))
    progress(model, timing)
    if (is.null(timing$value$id)) timing$value <- c(model, timing$value)
    output$models[[length(output$models) + 1]] <- timing$value
    write_json(output, args[3])
  }
}

main(commandArgs(trailingOnly = TRUE))
