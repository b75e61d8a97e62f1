"""Formula, assumptions and source of the methods whose answer is a bare number, list or draw, by function name.

Answers of the kind `Result` carry their own basis.
"""

from auditor.stats.results import Basis

_FREE = "nothing beyond what was put in"
_SEED = "nobody could choose the seed after seeing the items"
_NORMAL = "independent normal observations of known mean and deviation"
_ONE_TO_ONE = "one set of codes a claim on either side, in the same order"
_LINES = "without change, lines are exchangeable between the periods"
_STATED = "independent outcomes, and probabilities stated beforehand"
_RANDOM = "claims, or clusters of them, are an independent random sample"


def _basis(method: str, formula: str, assumes: str, source: str, convention: str = "") -> Basis:
    return Basis(method=method, formula=formula, assumptions=(assumes,), source=source, convention=convention)


BASES: dict[str, Basis] = {
    "proportional": _basis(
        "proportional allocation",
        "n_h = n N_h / sum N_h, whole numbers by largest remainder, at most N_h",
        "a stratum with no unit drawn cannot be estimated: a minimum of 2 is wise",
        "Cochran 1977, Sampling Techniques, 3rd ed., 5.3",
    ),
    "neyman": _basis(
        "Neyman allocation",
        "n_h in proportion to N_h s_h / sqrt(cost_h), at most N_h, the rest given to the others",
        "deviations known beforehand",
        "Neyman 1934, doi:10.2307/2342192; Cochran 1977, 5.5",
    ),
    "random_group_draw": _basis(
        "draw from random groups",
        "clusters dealt by SHA-256 of `seed,id`; in each group one, with chance measure / group measure",
        _SEED,
        "Rao, Hartley & Cochran 1962, doi:10.1111/j.2517-6161.1962.tb00469.x",
        "appraise with the columns group_clusters, group_measure and cluster_measure",
    ),
    "ticket": _basis("ticket", "hex SHA-256 of the UTF-8 text `seed,item_id`", _FREE, "FIPS 180-4"),
    "draw": _basis(
        "draw by ticket",
        "ticket = SHA-256 of `seed,item_id`; the smallest tickets, smallest first; ties by item id",
        _SEED,
        "FIPS 180-4 (SHA-256)",
        "simple random sample without replacement; a larger draw extends a smaller one",
    ),
    "weighted_draw": _basis(
        "weighted draw",
        "inclusion probability min(1, c weight), adding up to size; items struck out one after the other",
        _SEED,
        "Tillé 1996, doi:10.1093/biomet/83.1.238 (elimination procedure)",
        "without replacement; a larger draw extends a smaller one",
    ),
    "inclusion_probabilities": _basis(
        "inclusion probabilities",
        "min(1, c weight), with c such that they add up to size",
        _FREE,
        "Tillé 2006, Sampling Algorithms, 2.10",
    ),
    "risk_based_chances": _basis(
        "risk-based chances",
        "uniform share * size/N + (1 - uniform share) * min(1, c risk), adding up to size",
        "nothing: a poor risk score costs precision, never validity",
        "Zrnic & Candes 2024, Active statistical inference, arXiv:2403.03208, section 4",
    ),
    "successive_draw": _basis(
        "successive draw",
        "clock -ln(ticket as a uniform) / weight, the smallest first; chance = weight / weights left",
        _SEED,
        "Efraimidis & Spirakis 2006, doi:10.1016/j.ipl.2005.11.003",
        "without replacement; for the weighted sequential limits",
    ),
    "ppi_effective_n": _basis(
        "effective number of audits",
        "n (n + N) / (n + (1 - r^2) N), r the correlation of outcome and score",
        "audited and other cases are random draws of one process",
        "Angelopoulos, Duchi & Zrnic 2023, PPI++, arXiv:2311.01453",
    ),
    "side_by_side": _basis(
        "percent agreement, kappa and AC1",
        "(pa - pe) / (1 - pe); kappa: pe = sum p_k q_k; AC1: pe = sum m_k (1 - m_k) / (K - 1), m = (p + q)/2",
        _RANDOM,
        "Cohen 1960, doi:10.1177/001316446002000104; Gwet 2008, doi:10.1348/000711006X126600",
        "a single label is undefined, never 0",
    ),
    "kappa_test": _basis(
        "test that kappa is 0",
        "z = kappa / SE0, SE0^2 = (pe + pe^2 - sum p_k q_k (p_k + q_k)) / (n (1 - pe)^2)",
        "independent units, large samples",
        "Fleiss, Cohen & Everitt 1969, Psychological Bulletin 72: 323-327",
    ),
    "weighted_kappa_and_ac1": _basis(
        "weighted kappa and AC1",
        "kappa and AC1 of the weighted table; Var by linearisation within strata",
        "units drawn independently within strata",
        "Cohen 1960; Gwet 2008",
    ),
    "code_set_agreement": _basis(
        "agreement of code sets",
        "precision = common/coded, recall = common/true, F1 = 2 common/(coded + true): sums over claims",
        f"{_ONE_TO_ONE}; {_RANDOM}",
        "Korn & Graubard 1998, Survey Methodology 24: 193-201 (limits)",
        "Jaccard and exact match are means over claims",
    ),
    "masi_distance": _basis(
        "MASI distance",
        "1 - Jaccard * (1 equal, 2/3 subset, 1/3 overlap, 0 none)",
        _FREE,
        "Passonneau 2006, Measuring agreement on set-valued items, LREC: 831-836",
    ),
    "jaccard_distance": _basis(
        "Jaccard distance",
        "1 - common codes / all codes; 0 for two empty sets",
        _FREE,
        "Jaccard 1901, Bulletin de la Societe Vaudoise des Sciences Naturelles 37: 547-579",
    ),
    "normal_arl": _basis(
        "run length of the tabular CUSUM",
        "L(u) = 1 + P(C = 0 | u) L(0) + integral L f, solved by Gauss-Legendre; two-sided 1/L = 1/L+ + 1/L-",
        _NORMAL,
        "Lucas & Crosier 1982, Technometrics 24: 199-205; Brook & Evans 1972, Biometrika 59: 539-549",
    ),
    "normal_threshold": _basis(
        "threshold of the tabular CUSUM", "h with in-control run length L(h) = arl", _NORMAL, "as normal-cusum-arl"
    ),
    "siegmund_arl": _basis(
        "Siegmund's run length",
        "(exp(-2 d b) + 2 d b - 1) / (2 d^2), d = shift - k, b = h + 1.166",
        _NORMAL,
        "Siegmund 1985, Sequential Analysis, 2.6; Montgomery, Statistical Quality Control, 7th ed., 9.5",
        "approximate: good to a few percent; one-sided",
    ),
    "shiryaev_roberts_arl": _basis(
        "run length of Shiryaev-Roberts",
        "R = (1 + R) exp(2k (x - k)); mean time until log R exceeds the threshold, by its integral equation",
        "independent normal observations with deviation 1",
        "Roberts 1966, Technometrics 8: 411-430; Moustakides et al. 2011, Statistica Sinica 21: 571-596",
    ),
    "shiryaev_roberts_threshold": _basis(
        "threshold of Shiryaev-Roberts",
        "log threshold with in-control run length = arl",
        "independent normal observations with deviation 1",
        "as shiryaev-roberts-arl",
    ),
    "bernoulli_detector": _basis(
        "e-detector",
        "R = (1 + R) * likelihood ratio of each bet, averaged over bets; alarm at R >= arl",
        "each outcome's probability, given all before it, is at most its baseline",
        "Shin, Ramdas & Rinaldo 2024, New England J. Statistics in Data Science 2: 229-260",
        "mean run length without a change is at least arl; no distribution assumed",
    ),
    "bounded_detector": _basis(
        "e-detector of bounded values",
        "R = (1 + R) * (1 + stake (x - baseline)), averaged over stakes; alarm at R >= arl",
        "values in [0, 1] whose mean, given all before it, is at most the baseline",
        "Shin, Ramdas & Rinaldo 2024, New England J. Statistics in Data Science 2: 229-260",
        "mean run length without a change is at least arl; no distribution assumed",
    ),
    "bernoulli_test": _basis(
        "e-test from the start",
        "log of the mean over bets of prod (likelihood ratio of each outcome); reject at log(1 / risk)",
        "each outcome's probability, given all before it, is at most its baseline",
        "Shin, Ramdas & Rinaldo 2024; Ville 1939",
        "valid at any stopping time",
    ),
    "normal_path": _basis(
        "tabular CUSUM",
        "C = max(0, C + (x - target)/deviation - reference), and its mirror; beyond: above the threshold",
        "independent observations of known deviation",
        "Montgomery, Statistical Quality Control, 7th ed., 9.1",
    ),
    "cross_fitted_scores": _basis(
        "cross-fitted risk scores",
        "logistic regression with ridge penalty, fitted without the fold that it scores; others: mean over folds",
        "cases of one fold tell nothing about those of another: keep a provider's together",
        "Zrnic & Candes 2024, Cross-prediction-powered inference, doi:10.1073/pnas.2322083121",
    ),
    "standardised_rate": _basis(
        "directly standardised rate",
        "sum standard_h count_h / total_h; gamma limits with the largest weight added above",
        "Poisson counts, independent between strata",
        "Fay & Feuer 1997, Statistics in Medicine 16: 791-801",
    ),
    "arm_contrast": _basis(
        "ratio of rate ratios",
        "log ratio of one arm less that of the other, half a count added to each; Var = sum 1/(count + 1/2)",
        "Poisson counts, overdispersed by the design effect at most",
        "Woolf 1955, Annals of Human Genetics 19: 251-253; Haldane 1956, same, 20: 309-311",
        "approximate; 1 means that both arms moved alike",
    ),
    "baseline_limit": _basis(
        "upper limit of a baseline",
        "rate with P(X <= errors) = 1 - assurance; beta quantile",
        "independent units with one error rate",
        "Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404",
        "one-sided",
    ),
    "p_chart_arl": _basis(
        "run length of a p chart",
        "1 / P(X outside center +- multiple sqrt(center (1 - center)/n)), X binomial",
        "independent outcomes",
        "Montgomery, Statistical Quality Control, 7th ed., 7.2.3",
    ),
    "ewma_arl": _basis(
        "run length of the EWMA chart",
        "L(u) = 1 + integral L(v) f((v - (1 - s) u)/s)/s dv, solved by Gauss-Legendre",
        _NORMAL,
        "Crowder 1987, Technometrics 29: 401-407; Lucas & Saccucci 1990, Technometrics 32: 1-12",
    ),
    "ewma_multiple": _basis(
        "limits of the EWMA chart", "multiple with in-control run length = arl", _NORMAL, "as ewma-arl"
    ),
    "poisson_rate_test": _basis(
        "exact test of two rates",
        "given both, count ~ binomial(count + base_count, total / (total + base_total)); p: twice the smaller tail",
        "Poisson counts, overdispersed by the design effect at most",
        "Przyborowski & Wilenski 1940, Biometrika 31: 313-323; Rao & Scott 1992, Biometrics 48: 577-585",
        "estimate, low and high are of the ratio of rates",
    ),
    "fisher_test": _basis(
        "Fisher's exact test",
        "hypergeometric given all margins; p: twice the smaller tail",
        "independent lines",
        "Fisher 1935, J. Royal Statistical Society 98: 39-82",
        "the interval of the ratio is that of poisson-rate-test, wider than need be",
    ),
    "clustered_rate_test": _basis(
        "Mantel-Haenszel test over clusters",
        "R = sum a_i T0_i/T_i / sum b_i T1_i/T_i; Var of log R from the clusters' residuals; t(clusters - 1)",
        "clusters independent of one another; within a cluster anything",
        "Greenland & Robins 1985, Biometrics 41: 55-68; Liang 1985, Biometrika 72: 678-682",
    ),
    "level_shift": _basis(
        "signed shift of levels",
        "mean level now - mean level before; p-value by permutation of visits between the periods",
        "visits exchangeable between the periods when nothing has changed",
        "Mehta, Patel & Senchaudhuri 1992, JCGS 1: 21-40; Armitage 1955, Biometrics 11: 375-386",
    ),
    "jensen_shannon": _basis(
        "Jensen-Shannon distance",
        "sqrt(H((p + q)/2) - (H(p) + H(q))/2), H in bits",
        _LINES,
        "Lin 1991, IEEE Trans. Information Theory 37: 145-151; Endres & Schindelin 2003, 49: 1858-1860",
        "`expected` is the mean distance of two draws of the same mix at these sizes",
    ),
    "total_variation": _basis(
        "total variation",
        "sum |p - q| / 2",
        _LINES,
        "Levin, Peres & Wilmer 2009, Markov Chains and Mixing Times, ch. 4",
        "`expected` is the mean distance of two draws of the same mix at these sizes",
    ),
    "population_stability_index": _basis(
        "population stability index",
        "sum (p - q) ln(p/q); a code seen on one side only counts half a line on the other",
        _LINES,
        "Yurdakul & Naranjo 2020, J. Risk Model Validation 14: 89-100",
        "read it beside `expected`, not against .1 and .25",
    ),
    "benjamini_hochberg": _basis(
        "Benjamini-Hochberg",
        "reject the k smallest, k the largest with p_(k) <= level k/m",
        "p-values independent or positively dependent",
        "Benjamini & Hochberg 1995, J. Royal Statistical Society B 57: 289-300",
        "the expected share of false ones among the rejected is at most level",
    ),
    "benjamini_yekutieli": _basis(
        "Benjamini-Yekutieli",
        "as benjamini-hochberg at level / (1 + 1/2 + ... + 1/m)",
        "nothing about dependence",
        "Benjamini & Yekutieli 2001, Annals of Statistics 29: 1165-1188",
        "the expected share of false ones among the rejected is at most level",
    ),
    "e_bh": _basis(
        "e-BH",
        "reject the k largest, k the largest with e_(k) >= m / (level k)",
        "each e-value has mean 1 at most when nothing has changed; nothing about dependence",
        "Wang & Ramdas 2022, J. Royal Statistical Society B 84: 822-852",
        "the expected share of false ones among the rejected is at most level",
    ),
    "false_alarm_budget": _basis(
        "false-alarm budget",
        "mails = sum outcomes/ARL / alarms a mail + weekly families * 52.18 * level, shared evenly",
        "charts restart after an alarm; expectations add up whatever the dependence",
        "renewal theorem: Feller 1971, An Introduction to Probability Theory, vol. 2, XI",
    ),
    "expected_false_mails": _basis(
        "expected false mails",
        "sum outcomes/ARL / alarms a mail + 52.18 * sum levels",
        "charts restart after an alarm; expectations add up whatever the dependence",
        "renewal theorem: Feller 1971, An Introduction to Probability Theory, vol. 2, XI",
    ),
    "brier_score": _basis(
        "Brier score",
        "mean (probability - outcome)^2; Clopper-Pearson at the effective number of outcomes",
        _RANDOM,
        "Brier 1950, Monthly Weather Review 78: 1-3; Korn & Graubard 1998, Survey Methodology 24: 193-201",
    ),
    "reliability_bins": _basis(
        "reliability by bins",
        "share right in bins of equal width of the stated probability; Clopper-Pearson limits",
        "independent outcomes; limits are for each bin, not for all at once",
        "DeGroot & Fienberg 1983, The Statistician 32: 12-22; Clopper & Pearson 1934",
    ),
    "calibration_error": _basis(
        "expected calibration error",
        "sum n_b/n |share right_b - mean probability_b|",
        _STATED,
        "Naeini, Cooper & Hauskrecht 2015, AAAI: 2901-2907; Diaconis & Zabell 1991, Statistical Science 6",
        "`expected` is what a calibrated model would show at these sizes",
    ),
    "calibration_test": _basis(
        "calibration test",
        "z = sum (y - p)(1 - 2p) / sqrt(sum (1 - 2p)^2 p (1 - p)); logit P(y = 1) = a + b logit p",
        _STATED,
        "Spiegelhalter 1986, Statistics in Medicine 5: 421-433; Cox 1958, Biometrika 45: 562-565",
    ),
}
