"""Rates and levels with their intervals, as signals tell them. Judges nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from auditor.domain.stories import Measure
from auditor.stats.level_scan import LevelRow
from auditor.stats.proportion import beta_high, beta_low

CONFIDENCE = 0.95


@dataclass(frozen=True)
class TwoSides:
    """Baseline and now of one arm."""

    baseline: Measure
    now: Measure


@dataclass(frozen=True, kw_only=True)
class Standardised:
    """A signal's figure before, as the baseline's cells lead to expect it of today's claims, and now."""

    before: float
    expected: float
    now: float
    unit: str

    @property
    def explained(self) -> float:
        """The share of the change that the mix accounts for."""
        change = self.now - self.before
        return (self.expected - self.before) / change if change else 0.0


Mixes = Mapping[tuple[str, str], Standardised]
"""By strand and what moved."""


def share(count: float, total: float, *, design_effect: float = 1.0) -> Measure | None:
    """A share of claims; the interval is exact on counts divided by the design effect. None without claims."""
    if total <= 0:
        return None
    count = min(count, total)
    cases, claims = count / design_effect, total / design_effect
    tail = (1 - CONFIDENCE) / 2
    return Measure(
        estimate=count / total,
        low=beta_low(cases, claims, tail),
        high=beta_high(cases, claims, tail),
        numerator=count,
        n=round(total),
        confidence=CONFIDENCE,
    )


def levels(row: LevelRow) -> TwoSides:
    """Mean level before, for the same visit families, and now; the error is shared out by visits."""
    a_visit = row.error**2 / (1 / row.visits + 1 / row.base_visits)
    return TwoSides(
        _level(row.base_mean, a_visit, row.base_visits),
        _level(row.mean, a_visit, row.visits),
    )


def _level(mean: float, variance: float, visits: float) -> Measure:
    reach = 1.96 * float(np.sqrt(variance / visits))
    return Measure(
        estimate=mean,
        low=mean - reach,
        high=mean + reach,
        numerator=mean * visits,
        n=round(visits),
        confidence=CONFIDENCE,
    )
