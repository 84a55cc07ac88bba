# Golden values for group-influence.test.ts: the fixed effects of lme4's fits without each group, and Cook's distances in the
# whole fit's covariance matrix. Usage: Rscript influence.R > influence.golden.json
suppressMessages(library(lme4))
invisible(Sys.setlocale("LC_COLLATE", "C"))

without <- function(name, formula, data, group, family = NULL) {
  fit_to <- function(rows) {
    if (is.null(family)) lmer(formula, rows, control = lmerControl(optCtrl = list(xtol_abs = 1e-10, ftol_abs = 1e-12)))
    else glmer(formula, rows, family, control = glmerControl(tolPwrss = 1e-10, optCtrl = list(xtol_abs = 1e-10, ftol_abs = 1e-12)))
  }
  whole <- fit_to(data)
  covariance <- as.matrix(vcov(whole))
  levels <- lapply(levels(factor(data[[group]])), function(level) {
    beta <- fixef(fit_to(data[data[[group]] != level, ]))
    change <- fixef(whole) - beta
    list(level = level, dfbeta = unname(change),
         cook = as.numeric(change %*% solve(covariance, change)) / length(change))
  })
  list(name = name, formula = deparse(formula), data = data, group = group, levels = levels)
}

cbpp$failures <- cbpp$size - cbpp$incidence
cases <- list(
  without("sleepstudy", Reaction ~ Days + (Days | Subject), sleepstudy, "Subject"),
  without("cbpp", cbind(incidence, failures) ~ period + (1 | herd), cbpp, "herd", binomial)
)
cat(jsonlite::toJSON(cases, auto_unbox = TRUE, digits = 12, dataframe = "columns"), "\n")
