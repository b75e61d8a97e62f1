"""Which calculators there are: the function of each, and the RAT-STATS function that it takes the place of.

Options come from the function's own signature (`cli.calc`), so a calculator is defined once, where it is computed.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Calculator:
    """A function of `auditor.stats` as a command. `function` is written `module:name`."""

    function: str
    group: str
    replaces: str = ""


_FUNCTIONS: dict[str, dict[str, str]] = {
    "How many": {
        "attribute-size": "sizing:attribute_size",
        "acceptance-size": "sizing:acceptance_size",
        "two-stage-size": "sizing:two_stage_size",
        "sequential-size": "sizing:sequential_size",
        "staged-acceptance-risk": "staged_plans:staged_acceptance_risk",
        "precision-size": "sizing:precision_size",
        "exact-precision-size": "sizing:exact_precision_size",
        "mean-size": "sizing:mean_size",
        "probe-size": "probe:probe_size",
        "error-rate-mean-size": "probe:error_rate_mean_size",
        "stratified-mean-size": "sizing:stratified_mean_size",
        "neyman-mean-size": "sizing:neyman_mean_size",
        "money-unit-size": "sizing:money_unit_size",
        "money-unit-factor": "sizing:money_unit_factor",
        "cia-full-size": "cia:full_sample_size",
        "alpha-sample-size": "alpha_martingale:alpha_sample_size",
    },
    "Which ones": {
        "proportional": "allocation:proportional",
        "neyman": "allocation:neyman",
        "random-numbers": "random_numbers:random_numbers",
        "random-sets": "random_sets:random_sets",
        "random-group-draw": "random_groups:random_group_draw",
        "ticket": "selection:ticket",
        "draw": "selection:draw",
        "weighted-draw": "selection:weighted_draw",
        "inclusion-probabilities": "selection:inclusion_probabilities",
        "risk-based-chances": "prediction_powered:risk_based_chances",
        "successive-draw": "successive_selection:successive_draw",
    },
    "What a count means": {
        "clopper-pearson": "proportion:clopper_pearson",
        "wilson": "proportion:wilson",
        "jeffreys": "proportion:jeffreys",
        "agresti-coull": "proportion:agresti_coull",
        "upper-limit": "proportion:upper_limit",
        "lower-limit": "proportion:lower_limit",
        "exact-interval": "finite_population:exact_interval",
        "finite-upper-limit": "finite_population:upper_limit",
        "finite-lower-limit": "finite_population:lower_limit",
        "stratified-interval": "finite_population:stratified_interval",
        "korn-graubard": "ratio:korn_graubard",
        "clustered-ratio": "ratio:clustered_ratio",
        "jackknife-ratio": "ratio:jackknife_ratio",
        "prediction-powered-rate": "prediction_powered:prediction_powered_rate",
        "weighted-prediction-powered-rate": "prediction_powered:weighted_prediction_powered_rate",
        "active-inference": "prediction_powered:active_inference",
        "ppi-mean": "prediction_powered:ppi_mean",
        "ppi-effective-n": "prediction_powered:ppi_effective_n",
        "two-phase-rate": "two_phase:two_phase_rate",
        "stringer": "taint_bounds:stringer",
        "cia-decision": "cia:discovery_decision",
    },
    "What was overpaid": {
        "mean-per-unit": "overpayment:mean_per_unit",
        "difference": "overpayment:difference",
        "ratio": "overpayment:ratio",
        "regression": "overpayment:regression",
        "cluster-total": "overpayment:cluster_total",
        "stratified-from-summaries": "overpayment:stratified_from_summaries",
        "unknown-universe": "overpayment:unknown_universe",
        "two-phase-mean": "two_phase:two_phase_mean",
        "horvitz-thompson": "overpayment:horvitz_thompson",
        "weighted-total": "overpayment:weighted_total",
        "minimum-sum": "overpayment:minimum_sum",
        "betting-limit": "overpayment:betting_limit",
        "gaffke-limit": "overpayment:gaffke_limit",
    },
    "May we stop": {
        "decision": "sequential:decision",
        "sequential-upper-limit": "sequential:sequential_upper_limit",
        "sequential-lower-limit": "sequential:sequential_lower_limit",
        "stratified-upper-limit": "sequential_stratified:stratified_upper_limit",
        "stratified-lower-limit": "sequential_stratified:stratified_lower_limit",
        "weighted-upper-limit": "sequential_weighted:weighted_upper_limit",
        "weighted-lower-limit": "sequential_weighted:weighted_lower_limit",
        "betting-confidence-sequence": "betting:betting_confidence_sequence",
        "betting-martingale": "betting:betting_martingale",
        "alpha-martingale": "alpha_martingale:alpha_martingale",
        "bernoulli-confidence-sequence": "confidence_sequences:bernoulli_confidence_sequence",
        "empirical-bernstein-limit": "confidence_sequences:empirical_bernstein_limit",
        "empirical-bernstein-sequence": "confidence_sequences:empirical_bernstein_cs",
        "asymptotic-confidence-sequence": "confidence_sequences:asymptotic_confidence_sequence",
    },
    "Do they agree": {
        "side-by-side": "agreement:side_by_side",
        "percent-agreement": "agreement:percent_agreement",
        "cohen-kappa": "agreement:cohen_kappa",
        "kappa-test": "agreement:kappa_test",
        "gwet-ac1": "agreement:gwet_ac1",
        "gwet-ac2": "agreement:gwet_ac2",
        "fleiss-kappa": "agreement:fleiss_kappa",
        "scott-pi": "agreement:scott_pi",
        "brennan-prediger": "agreement:brennan_prediger",
        "randolph-kappa": "agreement:randolph_kappa",
        "krippendorff-alpha": "agreement:krippendorff_alpha",
        "weighted-kappa-and-ac1": "weighted_agreement:weighted_kappa_and_ac1",
        "code-set-agreement": "agreement:code_set_agreement",
        "masi-distance": "agreement:masi_distance",
        "jaccard-distance": "agreement:jaccard_distance",
    },
    "Is it drifting": {
        "cusum-design": "cusum:design",
        "normal-cusum-arl": "cusum_normal:normal_arl",
        "normal-cusum-threshold": "cusum_normal:normal_threshold",
        "siegmund-arl": "cusum_normal:siegmund_arl",
        "shiryaev-roberts-arl": "cusum_normal:shiryaev_roberts_arl",
        "shiryaev-roberts-threshold": "cusum_normal:shiryaev_roberts_threshold",
        "e-detector": "e_detector:bernoulli_detector",
        "baseline-limit": "e_observations:baseline_limit",
        "p-chart": "control_charts:p_chart",
        "u-chart": "control_charts:u_chart",
        "laney-p-chart": "control_charts:laney_p_chart",
        "laney-u-chart": "control_charts:laney_u_chart",
        "p-chart-arl": "control_charts:p_chart_arl",
        "ewma-chart": "control_charts:ewma_chart",
        "ewma-arl": "ewma_run_length:ewma_arl",
        "ewma-multiple": "ewma_run_length:ewma_multiple",
        "poisson-rate-test": "count_tests:poisson_rate_test",
        "fisher-test": "count_tests:fisher_test",
        "clustered-rate-test": "clustered_counts:clustered_rate_test",
        "level-shift": "level_shift:level_shift",
        "jensen-shannon": "distance:jensen_shannon",
        "total-variation": "distance:total_variation",
        "population-stability-index": "distance:population_stability_index",
        "benjamini-hochberg": "multiplicity:benjamini_hochberg",
        "benjamini-yekutieli": "multiplicity:benjamini_yekutieli",
        "e-bh": "multiplicity:e_bh",
        "false-alarm-budget": "multiplicity:false_alarm_budget",
        "expected-false-mails": "multiplicity:expected_false_mails",
        "brier-score": "calibration:brier_score",
        "reliability-bins": "calibration:reliability_bins",
        "calibration-error": "calibration:calibration_error",
        "calibration-test": "calibration:calibration_test",
    },
}

_ATTRIBUTE_SIZE = "Sample Size Determination, Attribute, Unrestricted"
_ATTRIBUTE = "Attribute Appraisals, Unrestricted"
_VARIABLE = "Variable Appraisals"
_REPLACES: dict[str, str] = {
    "attribute-size": _ATTRIBUTE_SIZE,
    "acceptance-size": _ATTRIBUTE_SIZE,
    "precision-size": f"{_ATTRIBUTE_SIZE}, Known Rate",
    "exact-precision-size": _ATTRIBUTE_SIZE,
    "mean-size": "Sample Size Determination, Variable, Unrestricted",
    "probe-size": "Sample Size Determination, Variable, Unrestricted, Using Probe Sample",
    "error-rate-mean-size": "Sample Size Determination, Variable, Unrestricted, Using Estimated Error Rate",
    "stratified-mean-size": "Sample Size Determination, Variable, Stratified",
    "neyman-mean-size": "Sample Size Determination, Variable, Stratified",
    "cia-full-size": "Sample Size Determination, Variable, Unrestricted",
    "proportional": "Sample Size Determination, Stratified",
    "neyman": "Sample Size Determination, Stratified",
    "random-numbers": "Random Numbers, Single Stage",
    "random-sets": "Random Numbers, Sets of Two, Three and Four Numbers; Frames",
    "random-group-draw": "Random Numbers, RHC Sample Selection",
    "clopper-pearson": _ATTRIBUTE,
    "upper-limit": _ATTRIBUTE,
    "lower-limit": _ATTRIBUTE,
    "exact-interval": _ATTRIBUTE,
    "finite-upper-limit": _ATTRIBUTE,
    "finite-lower-limit": _ATTRIBUTE,
    "stratified-interval": "Attribute Appraisals, Stratified",
    "korn-graubard": "Attribute Appraisals, Stratified Cluster",
    "clustered-ratio": "Attribute Appraisals, Stratified Cluster",
    "mean-per-unit": f"{_VARIABLE}, Unrestricted",
    "difference": f"{_VARIABLE}, Unrestricted (Difference)",
    "ratio": f"{_VARIABLE}, Unrestricted (Ratio)",
    "regression": f"{_VARIABLE}, Unrestricted (Regression)",
    "cluster-total": f"{_VARIABLE}, Stratified Cluster",
    "stratified-from-summaries": f"{_VARIABLE}, Stratified",
    "unknown-universe": f"{_VARIABLE}, Unknown Universe Size",
}

CALCULATORS: dict[str, Calculator] = {
    name: Calculator(function, group, _REPLACES.get(name, ""))
    for group, functions in _FUNCTIONS.items()
    for name, function in functions.items()
}
# Calculators that read a whole file, or show several methods side by side: commands of their own.
COMMANDS: dict[str, tuple[str, str]] = {
    "compare": ("compare:compare", "Designs side by side: audits, hours, and what each guarantees."),
    "variable-appraisal": ("appraisal:variable_appraisal", "What a reviewed sample says was overpaid in all."),
    "attribute-appraisal": ("appraisal:attribute_appraisal", "What a reviewed sample says about the rate of errors."),
}
