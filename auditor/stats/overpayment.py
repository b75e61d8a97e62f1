"""What was overpaid in all: every estimator and limit of a total in one place. Each family has its own module."""

from auditor.stats.auxiliary import (
    PaidStratum,
    combined_ratio,
    combined_regression,
    ratio,
    regression,
    separate_ratio,
)
from auditor.stats.expansion import (
    cluster_total,
    difference,
    mean_per_unit,
    stratified_from_summaries,
    stratified_mean_per_unit,
)
from auditor.stats.minimum_sum import minimum_sum
from auditor.stats.multistage import two_stage_total, unknown_universe
from auditor.stats.nonnegative_mean import betting_limit, gaffke_limit
from auditor.stats.weighted_total import horvitz_thompson, weighted_total

__all__ = [
    "PaidStratum",
    "betting_limit",
    "cluster_total",
    "combined_ratio",
    "combined_regression",
    "difference",
    "gaffke_limit",
    "horvitz_thompson",
    "mean_per_unit",
    "minimum_sum",
    "ratio",
    "regression",
    "separate_ratio",
    "stratified_from_summaries",
    "stratified_mean_per_unit",
    "two_stage_total",
    "unknown_universe",
    "weighted_total",
]
