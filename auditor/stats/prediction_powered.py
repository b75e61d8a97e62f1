"""Estimates that use a risk score for every case: all of them in one place. Each has a module of its own."""

from auditor.stats.powered_designs import (
    ScoredStratum,
    active_inference,
    stratified_prediction_powered_rate,
    weighted_prediction_powered_rate,
)
from auditor.stats.powered_mean import PoweredInterval, ppi_effective_n, ppi_mean, prediction_powered_rate
from auditor.stats.powered_monitor import PoweredMonitor, prediction_powered_monitor
from auditor.stats.risk_allocation import best_uniform_share, risk_based_chances

__all__ = [
    "PoweredInterval",
    "PoweredMonitor",
    "ScoredStratum",
    "active_inference",
    "best_uniform_share",
    "ppi_effective_n",
    "ppi_mean",
    "prediction_powered_monitor",
    "prediction_powered_rate",
    "risk_based_chances",
    "stratified_prediction_powered_rate",
    "weighted_prediction_powered_rate",
]
