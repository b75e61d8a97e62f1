"""How long charts and detectors take, and what baselines grant: formula, assumptions and source. See `bases`."""

from auditor.stats.results import Basis, stated

_NORMAL = "independent normal observations of known mean and deviation"

CHARTS: dict[str, Basis] = {
    "normal_arl": stated(
        "run length of the tabular CUSUM",
        "L(u) = 1 + P(C = 0 | u) L(0) + integral L f, solved by Gauss-Legendre; two-sided 1/L = 1/L+ + 1/L-",
        _NORMAL,
        "Lucas & Crosier 1982, Technometrics 24: 199-205; Brook & Evans 1972, Biometrika 59: 539-549",
    ),
    "normal_threshold": stated(
        "threshold of the tabular CUSUM", "h with in-control run length L(h) = arl", _NORMAL, "as normal-cusum-arl"
    ),
    "siegmund_arl": stated(
        "Siegmund's run length",
        "(exp(-2 d b) + 2 d b - 1) / (2 d^2), d = shift - k, b = h + 1.166",
        _NORMAL,
        "Siegmund 1985, Sequential Analysis, 2.6; Montgomery, Statistical Quality Control, 7th ed., 9.5",
        "approximate: good to a few percent; one-sided",
    ),
    "shiryaev_roberts_arl": stated(
        "run length of Shiryaev-Roberts",
        "R = (1 + R) exp(2k (x - k)); mean time until log R exceeds the threshold, by its integral equation",
        "independent normal observations with deviation 1",
        "Roberts 1966, Technometrics 8: 411-430; Moustakides et al. 2011, Statistica Sinica 21: 571-596",
    ),
    "shiryaev_roberts_threshold": stated(
        "threshold of Shiryaev-Roberts",
        "log threshold with in-control run length = arl",
        "independent normal observations with deviation 1",
        "as shiryaev-roberts-arl",
    ),
    "bernoulli_detector": stated(
        "e-detector",
        "R = (1 + R) * likelihood ratio of each bet, averaged over bets; alarm at R >= arl",
        "each outcome's probability, given all before it, is at most its baseline",
        "Shin, Ramdas & Rinaldo 2024, New England J. Statistics in Data Science 2: 229-260",
        "mean run length without a change is at least arl; no distribution assumed",
    ),
    "bounded_detector": stated(
        "e-detector of bounded values",
        "R = (1 + R) * (1 + stake (x - baseline)), averaged over stakes; alarm at R >= arl",
        "values in [0, 1] whose mean, given all before it, is at most the baseline",
        "Shin, Ramdas & Rinaldo 2024, New England J. Statistics in Data Science 2: 229-260",
        "mean run length without a change is at least arl; no distribution assumed",
    ),
    "bernoulli_test": stated(
        "e-test from the start",
        "log of the mean over bets of prod (likelihood ratio of each outcome); reject at log(1 / risk)",
        "each outcome's probability, given all before it, is at most its baseline",
        "Shin, Ramdas & Rinaldo 2024; Ville 1939",
        "valid at any stopping time",
    ),
    "normal_path": stated(
        "tabular CUSUM",
        "C = max(0, C + (x - target)/deviation - reference), and its mirror; beyond: above the threshold",
        "independent observations of known deviation",
        "Montgomery, Statistical Quality Control, 7th ed., 9.1",
    ),
    "cross_fitted_scores": stated(
        "cross-fitted risk scores",
        "logistic regression with ridge penalty, fitted without the fold that it scores; others: mean over folds",
        "cases of one fold tell nothing about those of another: keep a provider's together",
        "Zrnic & Candes 2024, Cross-prediction-powered inference, doi:10.1073/pnas.2322083121",
    ),
    "standardised_rate": stated(
        "directly standardised rate",
        "sum standard_h count_h / total_h; gamma limits with the largest weight added above",
        "Poisson counts, independent between strata",
        "Fay & Feuer 1997, Statistics in Medicine 16: 791-801",
    ),
    "arm_contrast": stated(
        "ratio of rate ratios",
        "log ratio of one arm less that of the other, half a count added to each; Var = sum 1/(count + 1/2)",
        "Poisson counts, overdispersed by the design effect at most",
        "Woolf 1955, Annals of Human Genetics 19: 251-253; Haldane 1956, same, 20: 309-311",
        "approximate; 1 means that both arms moved alike",
    ),
    "baseline_limit": stated(
        "upper limit of a baseline",
        "rate with P(X <= errors) = 1 - assurance; beta quantile",
        "independent units with one error rate",
        "Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404",
        "one-sided",
    ),
    "p_chart_arl": stated(
        "run length of a p chart",
        "1 / P(X outside center +- multiple sqrt(center (1 - center)/n)), X binomial",
        "independent outcomes",
        "Montgomery, Statistical Quality Control, 7th ed., 7.2.3",
    ),
    "ewma_arl": stated(
        "run length of the EWMA chart",
        "L(u) = 1 + integral L(v) f((v - (1 - s) u)/s)/s dv, solved by Gauss-Legendre",
        _NORMAL,
        "Crowder 1987, Technometrics 29: 401-407; Lucas & Saccucci 1990, Technometrics 32: 1-12",
    ),
    "ewma_multiple": stated(
        "limits of the EWMA chart", "multiple with in-control run length = arl", _NORMAL, "as ewma-arl"
    ),
}
