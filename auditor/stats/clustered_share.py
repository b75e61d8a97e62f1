"""A ratio of sums in [0, 1] over units that may hang together, with exact limits at its effective number of
units.

For shares, and for means of scores bounded by 0 and 1. It does not know what is shared.
"""

from collections.abc import Hashable, Sequence

import numpy as np
from scipy import special

from auditor.stats.array_checks import Floats
from auditor.stats.rating_counts import Agreement, grouped
from auditor.stats.results import Basis


def share_of_sums(
    name: str, top: Floats, bottom: Floats, *, clusters: Sequence[Hashable] | None, confidence: float
) -> Agreement:
    """A ratio of sums in [0, 1] with exact limits at its effective number of units."""
    tops, bottoms = grouped(top, clusters), grouped(bottom, clusters)
    basis = Basis(
        method=name,
        formula="sum of numerators / sum of denominators; Clopper-Pearson limits at p(1-p)/variance units",
        assumptions=("claims, or clusters of them, are an independent random sample",),
        source="Korn and Graubard (1998), Survey Methodology 24, 193-201",
    )
    units, whole = tops.size, float(bottoms.sum())
    if whole == 0:
        return Agreement(
            basis=basis,
            estimate=None,
            low=None,
            high=None,
            standard_error=None,
            observed=None,
            expected=None,
            n=top.size,
            clusters=units,
            confidence=confidence,
        )
    ratio = float(tops.sum() / whole)
    variance = float(((tops - ratio * bottoms) ** 2).sum()) / whole**2 * units / max(units - 1, 1)
    plain = bool(((tops == 0) | (tops == bottoms)).all()) and bottoms.min() == bottoms.max()
    low, high = _limits(ratio, 0.0 if plain else variance, units, confidence)
    return Agreement(
        basis=basis,
        estimate=ratio,
        low=low,
        high=high,
        standard_error=float(np.sqrt(variance)) if units > 1 else None,
        observed=ratio,
        expected=None,
        n=top.size,
        clusters=units,
        confidence=confidence,
    )


def _limits(ratio: float, variance: float, units: int, confidence: float) -> tuple[float, float]:
    """Clopper-Pearson at the effective number of units, shrunk as t exceeds z; at 0 and 1 that number is
    the units."""
    tail = (1 - confidence) / 2
    effective = float(units)
    if variance > 0 and units > 1:
        widening = special.ndtri(1 - tail) / special.stdtrit(units - 1, 1 - tail)
        effective = ratio * (1 - ratio) / variance * float(widening) ** 2
    hits, misses = ratio * effective, (1 - ratio) * effective
    low = float(special.betaincinv(hits, misses + 1, tail)) if hits > 0 else 0.0
    high = float(special.betaincinv(hits + 1, misses, 1 - tail)) if misses > 0 else 1.0
    return low, high
