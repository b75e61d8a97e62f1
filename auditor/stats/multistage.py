"""Totals where units were reached in two steps, or where the size of the universe is itself unknown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.checks import Rate
from auditor.stats.finite_population import CountInterval, exact_interval
from auditor.stats.results import Basis, Total
from auditor.stats.totals import Part, overpaid, total

_TWO_STAGE = Basis(
    method="two-stage total",
    formula="N/n sum M_i mean_i; Var = N^2 (1 - n/N) s_1^2/n + N/n sum M_i^2 (1 - m_i/M_i) s_2i^2/m_i; t(n - 1)",
    assumptions=("simple random sample of clusters", "simple random sample of units in each drawn cluster"),
    source="Cochran 1977, Sampling Techniques, 3rd ed., 11.8",
    convention="two-sided interval and one-sided lower limit, both at the stated confidence",
)
_UNKNOWN = Basis(
    method="unknown universe",
    formula="F * mean(overpaid, 0 outside the universe); SE = F sqrt((1 - n/F) s^2/n); universe = F * share in scope",
    assumptions=("simple random sample from a frame that holds the universe and more",),
    source="Cochran 1977, Sampling Techniques, 3rd ed., 2.13 (domains)",
    convention="units outside the universe count as 0; the universe's size has its own exact interval",
)


@dataclass(frozen=True, kw_only=True)
class UniverseTotal(Total):
    """A total with the estimated size of the universe that it belongs to, and the mean per unit of it."""

    universe: CountInterval
    mean_in_scope: float


def two_stage_total(
    clusters_drawn: Sequence[tuple[Iterable[float], int]], clusters: int, *, confidence: Rate
) -> Total:
    """The total overpayment from units drawn within clusters that were drawn.

    clusters_drawn: (overpayments of the sampled units, units in the cluster) of each drawn cluster, at least 2 units
    drawn unless the cluster was taken whole. clusters: clusters in the frame. confidence: in (0, 1). Raises BadInput.
    **Assumes simple random samples at both stages.** Cochran 1977, 11.8.

    >>> two_stage_total([([0, 10], 20), ([5, 5], 10), ([0, 0], 30)], clusters=12, confidence=0.9).estimate
    600.0
    """
    sums, within, errors = [], 0.0, 0
    for values, size in clusters_drawn:
        column = checks.numbers(values, "overpaid")
        _, m, whole = checks.finite(0, column.size, size)
        within += Part(whole, m, float(((column - column.mean()) ** 2).sum())).variance
        sums.append(whole * float(column.mean()))
        errors += overpaid(column)
    if not sums:
        raise BadInput("clusters_drawn must hold at least two clusters.")
    _, n, every = checks.finite(0, len(sums), clusters)
    mean = sum(sums) / n
    part = Part(every, n, sum((each - mean) ** 2 for each in sums))
    inputs = {"clusters_drawn": n, "clusters": every}
    return total(_TWO_STAGE, inputs, every * mean, [part], confidence, errors, every / n * within)


def unknown_universe(
    overpaid_units: Iterable[float], in_scope: Iterable[bool], frame: int, *, confidence: Rate
) -> UniverseTotal:
    """The total overpayment of a universe that is only known as part of a larger frame.

    overpaid_units: dollars (or cents) a sampled unit, ignored where out of scope. in_scope: whether the unit belongs
    to the universe. frame: units in the frame. confidence: in (0, 1). Raises BadInput.
    **Assumes a simple random sample of the frame.** Cochran 1977, 2.13.

    >>> found = unknown_universe([0, 40, 0, 20], [True, True, False, True], frame=100, confidence=0.9)
    >>> found.estimate, found.universe.estimate * 100, found.mean_in_scope
    (1500.0, 75.0, 20.0)
    """
    scope = checks.numbers([float(each) for each in in_scope], "in_scope", least=0)
    if ((scope != 0) & (scope != 1)).any():
        raise BadInput("in_scope must be true or false for each unit.")
    column = checks.numbers(overpaid_units, "overpaid_units", length=scope.size) * scope
    inside = int(scope.sum())
    if inside == 0:
        raise BadInput("in_scope: no sampled unit belongs to the universe, so there is nothing to estimate.")
    _, n, whole = checks.finite(inside, scope.size, frame)
    part = Part(whole, n, float(((column - column.mean()) ** 2).sum()))
    inputs = {"n": n, "frame": whole, "in_scope": inside}
    found = total(_UNKNOWN, inputs, whole * float(column.mean()), [part], confidence, overpaid(column))
    return UniverseTotal(
        **{name: getattr(found, name) for name in found.__dataclass_fields__},
        universe=exact_interval(inside, n, whole, confidence=confidence),
        mean_in_scope=float(column.sum()) / inside,
    )
