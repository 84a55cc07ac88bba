# Writes pages.golden.json: the R lines of docs/fitting.md, checking.md and the others, page by page, and the numbers that they find.
# Run in the project's folder: Rscript test/pages.R (Debian: those of the parity tests, r-cran-emmeans, r-cran-lmertest, r-cran-pbkrtest,
# r-cran-performance, r-cran-broom.mixed, r-cran-metafor). Blocks with DHARMa or simr, which Debian does not have, are not run; pages say so.
suppressPackageStartupMessages({
  library(emmeans)
  library(jsonlite)
})
options(warn = -1)
blocksOf <- function(text, language) {
  found <- regmatches(text, gregexpr(sprintf("(?ms)^```%s\\n.*?^```$", language), text, perl = TRUE))[[1]]
  gsub("(^```[^\n]*\n)|(```$)", "", found)
}
run <- function(page) {
  text <- paste(readLines(sprintf("docs/%s.md", page), encoding = "UTF-8"), collapse = "\n")
  for (csv in blocksOf(text, "csv [^\n]*")) writeLines(trimws(csv), if (startsWith(csv, "trial")) "trials.csv" else "judges.csv")
  code <- blocksOf(text, "r")
  own <- new.env(parent = globalenv())
  for (one in code[!grepl("(DHARMa|simr)::", code)]) invisible(capture.output(suppressMessages(eval(parse(text = one), own))))
  unlink(c("trials.csv", "judges.csv"))
  list(code = code, env = own)
}
column <- function(table, name) as.data.frame(table)[[name]]
readings <- function(e) contrast(e$overall, list(readings = c(-1 / 2, 1, -1 / 2)))
# The third of confint's limits, a correlation's lower one, is interpolated: -0.754, where lme4's own deviance has risen by 3.62 in place of 3.84.
# glmer's own search ends up to 0.006 standard errors away.
closer <- function(fit) update(fit, control = lme4::glmerControl("bobyqa", optCtrl = list(rhoend = 1e-9, maxfun = 1e5), tolPwrss = 1e-13))
found <- list(
  fitting = function(e) c(lme4::fixef(e$shares), coef(summary(e$shares))[, "Std. Error"], lme4::fixef(closer(e$reactions)), coef(e$grades)),
  # lme4's distance has a factor of its own, (n - p) / n for n groups and p coefficients.
  checking = function(e) c(max(cooks.distance(e$apart)) * 9 / (9 - 6), logLik(e$seen)),
  comparing = function(e) c(
    column(anova(e$shares, type = 3, ddf = "Kenward-Roger"), "F value"), column(e$means, "emmean"), column(pairs(e$means), "estimate"),
    column(pairs(e$means), "p.value")[3], column(readings(e), "t.ratio"), column(test(readings(e), delta = 0.1, side = "equivalence"), "t.ratio"),
    column(contrast(emmeans(e$shares, ~ scorer * turns), interaction = "pairwise"), "estimate"),
    column(pairs(regrid(emmeans(closer(e$reactions), ~ family))), "estimate"), anova(e$smaller, e$larger)$Chisq[2]),
  explaining = function(e) c(
    lme4::fixef(e$rises), unlist(performance::r2_nakagawa(e$rises)), unlist(performance::icc(e$rises)[1, 1:2]), e$limits[-3],
    lme4::ranef(e$shares)$method["mime", 1], column(e$slopes, "own.trend"), column(pairs(e$slopes), "estimate"), coef(e$bent)),
  reporting = function(e) c(AIC(closer(e$fit)), column(broom.mixed::tidy(closer(e$fit), effects = "ran_pars"), "estimate")),
  planning = function(e) e$parts / sum(e$parts)
)
pages <- lapply(setNames(names(found), names(found)), function(page) {
  done <- run(page)
  list(code = done$code, found = as.numeric(suppressMessages(found[[page]](done$env))))
})
versions <- sapply(c("lme4", "lmerTest", "ordinal", "emmeans", "performance", "broom.mixed", "metafor"), function(one) as.character(packageVersion(one)))
origin <- sprintf("test/pages.R; R %s, %s", getRversion(), paste(names(versions), versions, collapse = ", "))
write(toJSON(list(origin = origin, pages = pages), auto_unbox = TRUE, pretty = TRUE, digits = I(8)), "test/pages.golden.json")
