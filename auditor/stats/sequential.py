"""When to stop: every sequential method in one place. Each family lives in a module of its own."""

from auditor.stats.alpha_martingale import alpha_martingale, alpha_sample_size
from auditor.stats.betting import betting_confidence_sequence, betting_martingale
from auditor.stats.confidence_sequences import (
    asymptotic_confidence_sequence,
    bernoulli_confidence_sequence,
    empirical_bernstein_cs,
    empirical_bernstein_limit,
)
from auditor.stats.sequential_decision import decision
from auditor.stats.sequential_design import sequential_size
from auditor.stats.sequential_limits import sequential_lower_limit, sequential_upper_limit
from auditor.stats.sequential_stratified import (
    stratified_counts_limit,
    stratified_lower_limit,
    stratified_upper_limit,
)
from auditor.stats.sequential_weighted import weighted_lower_limit, weighted_upper_limit
from auditor.stats.staged_plans import staged_acceptance_risk
from auditor.stats.uniform_boundaries import (
    beta_binomial_boundary,
    gamma_exponential_boundary,
    gamma_poisson_boundary,
    normal_mixture_boundary,
    stitched_boundary,
)

__all__ = [
    "alpha_martingale",
    "alpha_sample_size",
    "asymptotic_confidence_sequence",
    "bernoulli_confidence_sequence",
    "beta_binomial_boundary",
    "betting_confidence_sequence",
    "betting_martingale",
    "decision",
    "empirical_bernstein_cs",
    "empirical_bernstein_limit",
    "gamma_exponential_boundary",
    "gamma_poisson_boundary",
    "normal_mixture_boundary",
    "sequential_lower_limit",
    "sequential_size",
    "sequential_upper_limit",
    "staged_acceptance_risk",
    "stitched_boundary",
    "stratified_counts_limit",
    "stratified_lower_limit",
    "stratified_upper_limit",
    "weighted_lower_limit",
    "weighted_upper_limit",
]
