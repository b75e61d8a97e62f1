"""Agreement of two raters in a stratified or weighted sample: percent, Cohen's kappa and Gwet's AC1 of the frame.

With equal weights the estimates are those of `agreement`. Does not know who rated or what the labels mean.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.checks import Floats, Rate
from auditor.stats.design import Design, design
from auditor.stats.results import Basis, Result

_ASSUMPTIONS = ("units are drawn independently within strata, with probability in proportion to 1 / weight",)
_LINEARISED = "variance of the total of linearised values, strata and finite population correction included"
_KAPPA = Basis(
    method="Cohen's kappa, design-weighted",
    formula="(po - pe)/(1 - pe), pe = sum p_k. p_.k; shares weighted",
    assumptions=_ASSUMPTIONS,
    source="Cohen 1960, doi:10.1177/001316446002000104; linearised as in Fleiss, Cohen & Everitt 1969",
    convention=_LINEARISED,
)
_AC1 = Basis(
    method="Gwet's AC1, design-weighted",
    formula="(po - pe)/(1 - pe), pe = sum pi_k (1 - pi_k)/(q - 1); shares weighted",
    assumptions=_ASSUMPTIONS,
    source="Gwet 2008, doi:10.1348/000711006X126600",
    convention=_LINEARISED,
)


@dataclass(frozen=True, kw_only=True)
class WeightedAgreement(Result):
    """A coefficient with its limits: all None where one label makes it undefined, the limits None for one unit."""

    estimate: float | None
    low: float | None
    high: float | None
    confidence: float
    n: int


def weighted_kappa_and_ac1(
    first: Sequence[Hashable],
    second: Sequence[Hashable],
    *,
    weights: Iterable[float] | None = None,
    strata: Sequence[Hashable] | None = None,
    populations: int | Mapping[Hashable, int] | None = None,
    confidence: Rate,
) -> tuple[WeightedAgreement, WeightedAgreement]:
    """Kappa and AC1, to be shown side by side.

    first, second: one label a unit. weights: above 0, one a unit; by default N_h / n_h, or equal. strata: the stratum
    of each unit. populations: units in the frame, a number or one for each stratum. confidence: in (0, 1). Raises
    BadInput. **Assumes units drawn independently within strata.** Cohen 1960; Gwet 2008.

    >>> first, second = ["y"] * 97 + ["n"] * 3, ["y"] * 94 + ["n"] * 3 + ["y"] * 3
    >>> kappa, ac1 = weighted_kappa_and_ac1(first, second, confidence=0.95)
    >>> round(kappa.estimate, 2), round(ac1.estimate, 2)
    (-0.03, 0.94)
    """
    if len(first) != len(second) or not first:
        raise BadInput("first and second must have one label for each unit, and at least one unit.")
    groups = ["all"] * len(first) if strata is None else list(strata)
    column = None if weights is None else checks.numbers(weights, "weights", length=len(first))
    plan = design(list(range(len(first))), groups, column, populations)
    shares = plan.totals(np.ones(len(first)))
    shares = shares / shares.sum()
    names = {label: place for place, label in enumerate(dict.fromkeys([*first, *second]))}
    rows, columns = (np.array([names[label] for label in side]) for side in (first, second))
    one, other = (np.bincount(side, shares, len(names)) for side in (rows, columns))
    agreed = (rows == columns).astype(np.float64)
    chance = float(one @ other)
    kappa = _coefficient(_KAPPA, plan, shares, agreed, (chance, other[rows] + one[columns] - 2 * chance), confidence)
    mixed = (one + other) / 2
    spare = max(1, len(names) - 1)
    chance = float((mixed * (1 - mixed)).sum()) / spare if len(names) > 1 else 1.0
    slope = 1 - 2 * mixed
    moved = ((slope[rows] + slope[columns]) / 2 - float(mixed @ slope)) / spare
    return kappa, _coefficient(_AC1, plan, shares, agreed, (chance, moved), confidence)


def _coefficient(
    basis: Basis, plan: Design, shares: Floats, agreed: Floats, chance: tuple[float, Floats], confidence: Rate
) -> WeightedAgreement:
    """(po - pe)/(1 - pe) with its linearised variance; `chance` is pe and each unit's influence on it."""
    alpha = float(checks.risk(confidence))
    expected, influence = chance
    estimate = low = high = None
    if expected < 1 - 1e-12:
        observed = float(shares @ agreed)
        estimate = (observed - expected) / (1 - expected)
        values = shares * ((agreed - observed) - (1 - estimate) * influence) / (1 - expected)
        if plan.units > 1:
            half = float(special.stdtrit(plan.degrees_of_freedom, 1 - alpha / 2)) * plan.variance(values) ** 0.5
            low, high = max(-1.0, estimate - half), min(1.0, estimate + half)
    return WeightedAgreement(
        basis=basis,
        inputs={"units": plan.units, "strata": plan.strata, "confidence": 1 - alpha},
        warnings=plan.warnings,
        estimate=estimate,
        low=low,
        high=high,
        confidence=1 - alpha,
        n=plan.units,
    )
