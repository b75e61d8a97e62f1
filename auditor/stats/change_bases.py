"""Tests of change, distances, many tests at once and calibration: formula, assumptions and source. See `bases`."""

from auditor.stats.results import Basis, stated

_LINES = "without change, lines are exchangeable between the periods"
_STATED = "independent outcomes, and probabilities stated beforehand"
_RANDOM = "claims, or clusters of them, are an independent random sample"

CHANGES: dict[str, Basis] = {
    "poisson_rate_test": stated(
        "exact test of two rates",
        "given both, count ~ binomial(count + base_count, total / (total + base_total)); p: twice the smaller tail",
        "Poisson counts, overdispersed by the design effect at most",
        "Przyborowski & Wilenski 1940, Biometrika 31: 313-323; Rao & Scott 1992, Biometrics 48: 577-585",
        "estimate, low and high are of the ratio of rates",
    ),
    "fisher_test": stated(
        "Fisher's exact test",
        "hypergeometric given all margins; p: twice the smaller tail",
        "independent lines",
        "Fisher 1935, J. Royal Statistical Society 98: 39-82",
        "the interval of the ratio is that of poisson-rate-test, wider than need be",
    ),
    "clustered_rate_test": stated(
        "Mantel-Haenszel test over clusters",
        "R = sum a_i T0_i/T_i / sum b_i T1_i/T_i; Var of log R from the clusters' residuals; t(clusters - 1)",
        "clusters independent of one another; within a cluster anything",
        "Greenland & Robins 1985, Biometrics 41: 55-68; Liang 1985, Biometrika 72: 678-682",
    ),
    "level_shift": stated(
        "signed shift of levels",
        "mean level now - mean level before; p-value by permutation of visits between the periods",
        "visits exchangeable between the periods when nothing has changed",
        "Mehta, Patel & Senchaudhuri 1992, JCGS 1: 21-40; Armitage 1955, Biometrics 11: 375-386",
    ),
    "jensen_shannon": stated(
        "Jensen-Shannon distance",
        "sqrt(H((p + q)/2) - (H(p) + H(q))/2), H in bits",
        _LINES,
        "Lin 1991, IEEE Trans. Information Theory 37: 145-151; Endres & Schindelin 2003, 49: 1858-1860",
        "`expected` is the mean distance of two draws of the same mix at these sizes",
    ),
    "total_variation": stated(
        "total variation",
        "sum |p - q| / 2",
        _LINES,
        "Levin, Peres & Wilmer 2009, Markov Chains and Mixing Times, ch. 4",
        "`expected` is the mean distance of two draws of the same mix at these sizes",
    ),
    "population_stability_index": stated(
        "population stability index",
        "sum (p - q) ln(p/q); a code seen on one side only counts half a line on the other",
        _LINES,
        "Yurdakul & Naranjo 2020, J. Risk Model Validation 14: 89-100",
        "read it beside `expected`, not against .1 and .25",
    ),
    "benjamini_hochberg": stated(
        "Benjamini-Hochberg",
        "reject the k smallest, k the largest with p_(k) <= level k/m",
        "p-values independent or positively dependent",
        "Benjamini & Hochberg 1995, J. Royal Statistical Society B 57: 289-300",
        "the expected share of false ones among the rejected is at most level",
    ),
    "benjamini_yekutieli": stated(
        "Benjamini-Yekutieli",
        "as benjamini-hochberg at level / (1 + 1/2 + ... + 1/m)",
        "nothing about dependence",
        "Benjamini & Yekutieli 2001, Annals of Statistics 29: 1165-1188",
        "the expected share of false ones among the rejected is at most level",
    ),
    "e_bh": stated(
        "e-BH",
        "reject the k largest, k the largest with e_(k) >= m / (level k)",
        "each e-value has mean 1 at most when nothing has changed; nothing about dependence",
        "Wang & Ramdas 2022, J. Royal Statistical Society B 84: 822-852",
        "the expected share of false ones among the rejected is at most level",
    ),
    "false_alarm_budget": stated(
        "false-alarm budget",
        "mails = sum outcomes/ARL / alarms a mail + weekly families * 52.18 * level, shared evenly",
        "charts restart after an alarm; expectations add up whatever the dependence",
        "renewal theorem: Feller 1971, An Introduction to Probability Theory, vol. 2, XI",
    ),
    "expected_false_mails": stated(
        "expected false mails",
        "sum outcomes/ARL / alarms a mail + 52.18 * sum levels",
        "charts restart after an alarm; expectations add up whatever the dependence",
        "renewal theorem: Feller 1971, An Introduction to Probability Theory, vol. 2, XI",
    ),
    "brier_score": stated(
        "Brier score",
        "mean (probability - outcome)^2; Clopper-Pearson at the effective number of outcomes",
        _RANDOM,
        "Brier 1950, Monthly Weather Review 78: 1-3; Korn & Graubard 1998, Survey Methodology 24: 193-201",
    ),
    "reliability_bins": stated(
        "reliability by bins",
        "share right in bins of equal width of the stated probability; Clopper-Pearson limits",
        "independent outcomes; limits are for each bin, not for all at once",
        "DeGroot & Fienberg 1983, The Statistician 32: 12-22; Clopper & Pearson 1934",
    ),
    "calibration_error": stated(
        "expected calibration error",
        "sum n_b/n |share right_b - mean probability_b|",
        _STATED,
        "Naeini, Cooper & Hauskrecht 2015, AAAI: 2901-2907; Diaconis & Zabell 1991, Statistical Science 6",
        "`expected` is what a calibrated model would show at these sizes",
    ),
    "calibration_test": stated(
        "calibration test",
        "z = sum (y - p)(1 - 2p) / sqrt(sum (1 - 2p)^2 p (1 - p)); logit P(y = 1) = a + b logit p",
        _STATED,
        "Spiegelhalter 1986, Statistics in Medicine 5: 421-433; Cox 1958, Biometrika 45: 562-565",
    ),
}
