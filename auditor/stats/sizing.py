"""How many: every sample size in one place. Each family lives in a module of its own."""

from auditor.stats.attribute_sizes import acceptance_size, attribute_size, two_stage_size
from auditor.stats.exact_precision import exact_precision_size
from auditor.stats.money_unit import money_unit_factor, money_unit_size
from auditor.stats.precision_sizes import mean_size, neyman_mean_size, precision_size, stratified_mean_size
from auditor.stats.sequential_design import sequential_size

__all__ = [
    "acceptance_size",
    "attribute_size",
    "exact_precision_size",
    "mean_size",
    "money_unit_factor",
    "money_unit_size",
    "neyman_mean_size",
    "precision_size",
    "sequential_size",
    "stratified_mean_size",
    "two_stage_size",
]
