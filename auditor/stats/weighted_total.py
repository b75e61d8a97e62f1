"""Totals from samples with unequal weights: a weighted draw, or any design with clusters and strata."""

from collections.abc import Hashable, Iterable, Mapping, Sequence

import numpy as np

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.checks import Floats, Rate
from auditor.stats.design import design
from auditor.stats.results import Basis, Total
from auditor.stats.totals import joined, refuse_complete, with_few
from auditor.stats.totals import overpaid as overpaid_units

_HORVITZ_THOMPSON = Basis(
    method="Horvitz-Thompson",
    formula="sum y/p; Var = sum c (y/p - A)^2, c = (1 - p) n/(n-1), A = sum c y/p / sum c, within strata; t(n - H)",
    assumptions=(
        "each unit of the frame had the stated probability of being drawn, above 0",
        "a draw of fixed size with high entropy, such as the weighted draw",
    ),
    source="Horvitz & Thompson 1952, doi:10.2307/2280784; Deville 1999, Survey Methodology 25: 193-203",
    convention="two-sided interval and one-sided lower limit, both at the stated confidence",
)
_WEIGHTED = Basis(
    method="weighted total",
    formula="sum wy; Var = sum_h (1 - n_h/N_h) n_h/(n_h-1) sum (z - mean z)^2, z = wy summed by cluster; t(n - H)",
    assumptions=("clusters drawn independently within strata, each with probability in proportion to 1 / weight",),
    source="Cochran 1977, Sampling Techniques, 3rd ed., 9A and 11",
    convention=_HORVITZ_THOMPSON.convention,
)


def horvitz_thompson(
    overpaid: Iterable[float],
    *,
    chances: Iterable[float],
    strata: Sequence[Hashable] | None = None,
    confidence: Rate,
) -> Total:
    """The total overpayment from a weighted draw without replacement.

    overpaid: dollars (or cents) a drawn unit. chances: the inclusion probability of each, in (0, 1]. strata: of each
    unit, where draws were made by stratum. confidence: in (0, 1). Certain units add no variance. Raises BadInput.
    **Assumes that every unit of the frame could be drawn.** With equal chances it is the mean per unit.
    Horvitz & Thompson 1952; Deville 1999.

    >>> found = horvitz_thompson([10, 0, 4, 2], chances=[1, 0.5, 0.5, 0.5], confidence=0.9)
    >>> found.estimate, round(found.standard_error, 4)
    (22.0, 4.899)
    """
    column = checks.numbers(overpaid, "overpaid")
    share = checks.numbers(chances, "chances", length=column.size)
    if share.min() <= 0 or share.max() > 1:
        raise BadInput("chances must be above 0 and at most 1 for each unit.")
    groups = ["all"] * column.size if strata is None else list(strata)
    if len(groups) != column.size:
        raise BadInput(f"strata must name each of the {column.size} units, not {len(groups)}.")
    rooms = [np.array([each == room for each in groups]) for room in dict.fromkeys(groups)]
    open_ = [room & (share < 1) for room in rooms]
    variance = sum(_spread(column[room] / share[room], 1 - share[room]) for room in open_ if room.any())
    freedom = max(1, sum(int(room.sum()) - 1 for room in open_ if room.any()))
    inputs = {"n": column.size, "strata": len(rooms), "certain": int((share == 1).sum())}
    estimate = float((column / share).sum())
    if (share == 1).all():
        raise BadInput(f"chances are all 1: every unit was certain, so nothing is estimated; it is {estimate:.12g}.")
    found = joined(_HORVITZ_THOMPSON, inputs, estimate, variance, freedom, confidence, column.size)
    return with_few(found, overpaid_units(column))


def weighted_total(
    overpaid: Iterable[float],
    *,
    weights: Iterable[float],
    clusters: Sequence[Hashable] | None = None,
    strata: Sequence[Hashable] | None = None,
    populations: int | Mapping[Hashable, int] | None = None,
    confidence: Rate,
) -> Total:
    """The total overpayment of a design with weights, clusters and strata.

    overpaid: dollars (or cents) a unit. weights: above 0, one a unit. clusters, strata: of each unit. populations:
    clusters in the frame, a number or one for each stratum. confidence: in (0, 1). Raises BadInput.
    **Assumes clusters drawn independently within strata.** Cochran 1977, 9A and 11.

    >>> weighted_total([10, 0, 4, 2], weights=[2, 2, 3, 3], confidence=0.9).estimate
    38.0
    """
    column = checks.numbers(overpaid, "overpaid")
    scale = checks.numbers(weights, "weights", length=column.size)
    if scale.min() <= 0:
        raise BadInput("weights must be above 0; leave out units that stand for none.")
    names = list(range(column.size)) if clusters is None else list(clusters)
    groups = ["all"] * column.size if strata is None else list(strata)
    plan = design(names, groups, scale, populations)
    sums = plan.totals(column)
    refuse_complete(plan.complete, float(sums.sum()))
    inputs = {"units": plan.units, "clusters": len(sums), "strata": plan.strata}
    found = joined(
        _WEIGHTED, inputs, float(sums.sum()), plan.variance(sums), plan.degrees_of_freedom, confidence, plan.units
    )
    return with_few(found, overpaid_units(column), plan.warnings)


def _spread(expanded: Floats, open_: Floats) -> float:
    """Deville's variance of a sum of expanded values, each weighed by its chance of not being drawn."""
    n = expanded.size
    if n < 2:
        raise BadInput("Each stratum needs at least 2 units drawn that were not certain, to see its variation.")
    weights = open_ * n / (n - 1)
    centre = (weights * expanded).sum() / weights.sum()
    return float((weights * (expanded - centre) ** 2).sum())
