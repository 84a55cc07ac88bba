# Usage: Rscript bench-lme4.R DATA.csv FORMULA FAMILY REPEATS PACKAGE [METHOD]
#
# Times one model with the defaults of PACKAGE (lme4 or glmmTMB) and prints one
# line of JSON. FAMILY is gaussian or binomial. METHOD (ML or REML) matters for
# gaussian models only; without it each package does as it does by default,
# which is REML in lme4 and ML in glmmTMB.

WARM_UP_SECONDS <- 10

invisible(Sys.setlocale("LC_COLLATE", "C"))

parse_arguments <- function(args) {
  if (!length(args) %in% 5:6) {
    stop("usage: Rscript bench-lme4.R DATA.csv FORMULA FAMILY REPEATS PACKAGE [METHOD]")
  }
  list(path = args[1], formula = as.formula(args[2], env = globalenv()),
       family = match.arg(args[3], c("gaussian", "binomial")),
       repeats = as.integer(args[4]),
       package = match.arg(args[5], c("lme4", "glmmTMB")),
       reml = if (length(args) == 6) match.arg(args[6], c("ML", "REML")) == "REML")
}

# Grouping columns may hold numbers, and glmmTMB insists on factors.
read_data <- function(path, formula) {
  data <- read.csv(path, na.strings = "", stringsAsFactors = TRUE)
  groups <- lapply(lme4::findbars(formula), function(bar) all.vars(bar[[3]]))
  for (name in unique(unlist(groups))) data[[name]] <- factor(data[[name]])
  data
}

# Both packages store the call: building it with do.call() on the data would
# copy the whole table into it, hence the plain calls.
fitters <- list(
  lme4.binomial = function(job, data) {
    lme4::glmer(job$formula, data, family = binomial)
  },
  lme4.gaussian = function(job, data) {
    lme4::lmer(job$formula, data, REML = is.null(job$reml) || job$reml)
  },
  glmmTMB.binomial = function(job, data) {
    glmmTMB::glmmTMB(job$formula, data, family = binomial)
  },
  glmmTMB.gaussian = function(job, data) {
    glmmTMB::glmmTMB(job$formula, data, REML = isTRUE(job$reml))
  }
)

time_fit <- function(fit_once) {
  seconds <- system.time(fit <- fit_once())[["elapsed"]]
  list(fit = fit, seconds = seconds)
}

# A long first fit is not thrown away: it is the first of the repeats.
measure <- function(fit_once, repeats) {
  first <- time_fit(fit_once)
  long <- first$seconds >= WARM_UP_SECONDS
  more <- replicate(repeats - long, time_fit(fit_once)$seconds)
  list(fit = first$fit, seconds = as.numeric(c(if (long) first$seconds, more)))
}

# What Linux says of the process; NULL elsewhere, and then not printed.
peak_megabytes <- function() {
  if (!file.exists("/proc/self/status")) return(NULL)
  line <- grep("VmHWM", readLines("/proc/self/status"), value = TRUE)
  round(as.numeric(gsub("[^0-9]", "", line)) / 1024)
}

print_result <- function(job, result) {
  line <- list(package = job$package,
               version = as.character(packageVersion(job$package)),
               median_seconds = round(median(result$seconds), 4),
               min_seconds = round(min(result$seconds), 4),
               logLik = as.numeric(logLik(result$fit)),
               peak_megabytes = peak_megabytes(),
               repeats = job$repeats)
  cat(jsonlite::toJSON(line, auto_unbox = TRUE, digits = NA), "\n", sep = "")
}

main <- function(args) {
  job <- parse_arguments(args)
  # Loading the package is not part of the fit.
  loadNamespace(job$package)
  data <- read_data(job$path, job$formula)
  fit_once <- function() fitters[[paste(job$package, job$family, sep = ".")]](job, data)
  print_result(job, measure(fit_once, job$repeats))
}

main(commandArgs(trailingOnly = TRUE))
