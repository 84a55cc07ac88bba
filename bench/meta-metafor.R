# Reads a meta-analysis as JSON and times metafor's fit of it with the limits of every variance, by its defaults.
suppressPackageStartupMessages({
  library(metafor)
  library(jsonlite)
})
data <- fromJSON(readLines(file("stdin"), warn = FALSE))
table <- data.frame(group = data$groups, row = seq_along(data$groups))
seconds <- system.time({
  fit <- rma.mv(
    data$effects, data$covariance, mods = data$moderators$rows, intercept = FALSE, random = ~ group | row,
    struct = "DIAG", data = table
  )
  limits <- lapply(seq_along(fit$tau2), function(at) suppressWarnings(confint(fit, tau2 = at)))
})[["elapsed"]]
cat(toJSON(list(seconds = seconds, logLik = as.numeric(logLik(fit))), auto_unbox = TRUE, digits = NA))
