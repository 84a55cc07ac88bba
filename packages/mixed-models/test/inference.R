# Reference values for inference.test.ts: Rscript test/mixed/inference.R
# Prints what the test holds; R 4.2.2, lme4 1.1-31. cbpp and sleepstudy are lme4's own data; their values are
# not committed, so the test uses a made-up table, written below with the same numbers as in the test.
suppressPackageStartupMessages(library(lme4))
options(digits = 10)

at <- 0:119
d <- data.frame(g = factor(at %% 12), x = ((at * 7) %% 13) / 6 - 1)
g <- at %% 12
d$n <- 4 + at %% 3
d$s <- pmin(d$n, floor(d$n * plogis(0.3 + 0.8 * d$x + sin(5 * g) + 0.9 * cos(11 * at))))
d$y <- 2 + 1.5 * d$x + 2 * sin(5 * g) + cos(9 * at)

control <- glmerControl(optimizer = "bobyqa", tolPwrss = 1e-10, optCtrl = list(rhoend = 1e-9))
m <- glmer(cbind(s, n - s) ~ x + (1 | g), d, binomial, control = control)
l <- lmer(y ~ x + (1 + x | g), d, REML = FALSE, control = lmerControl(optCtrl = list(rhoend = 1e-10)))
print(confint(m, parm = "beta_", method = "profile", quiet = TRUE))
print(suppressWarnings(confint(l, parm = "beta_", method = "profile", quiet = TRUE)))
print(fitted(m)[c(1, 2, 50)])
print(fitted(l)[c(1, 2, 50)])
print(predict(l, data.frame(x = 0.5, g = "3")))
print(predict(l, data.frame(x = 0.5), re.form = NA))
