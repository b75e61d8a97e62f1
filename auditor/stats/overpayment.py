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
from auditor.stats.multistage import multistage_total, two_stage_total, unknown_universe
from auditor.stats.nonnegative_mean import betting_limit, gaffke_limit, stratified_betting_limit
from auditor.stats.post_strata import post_stratified_total
from auditor.stats.stages import Stages
from auditor.stats.weighted_total import horvitz_thompson, weighted_total

__all__ = [
    "PaidStratum",
    "Stages",
    "betting_limit",
    "cluster_total",
    "combined_ratio",
    "combined_regression",
    "difference",
    "gaffke_limit",
    "horvitz_thompson",
    "mean_per_unit",
    "minimum_sum",
    "multistage_total",
    "post_stratified_total",
    "ratio",
    "regression",
    "separate_ratio",
    "stratified_betting_limit",
    "stratified_from_summaries",
    "stratified_mean_per_unit",
    "two_stage_total",
    "unknown_universe",
    "weighted_total",
]
