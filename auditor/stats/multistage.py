"""Totals and rates where units were reached in steps, or where the size of the universe is itself unknown."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.checks import Rate
from auditor.stats.finite_population import CountInterval, exact_interval
from auditor.stats.ratio import effective_limits
from auditor.stats.results import Basis, Interval, Total
from auditor.stats.stages import Stages, equal_chances, of_units
from auditor.stats.totals import Part, joined, overpaid, refuse_complete, total, with_few

_TWO_STAGE = Basis(
    method="two-stage total",
    formula="N/n sum M_i mean_i; Var = N^2 (1 - n/N) s_1^2/n + N/n sum M_i^2 (1 - m_i/M_i) s_2i^2/m_i; t(n - 1)",
    assumptions=("simple random sample of clusters", "simple random sample of units in each drawn cluster"),
    source="Cochran 1977, Sampling Techniques, 3rd ed., 11.8",
    convention="two-sided interval and one-sided lower limit, both at the stated confidence",
)
_SAME_CHANCE = (
    "simple random samples at every step below",
    "strata, if any, drawn independently of each other",
)
_MULTISTAGE = Basis(
    method="multistage total",
    formula="N/n sum T_i, T_i alike from below; Var = N^2 (1 - n/N) s_T^2/n + N/n sum Var T_i; t, first-step df",
    assumptions=("simple random sample of clusters", *_SAME_CHANCE),
    source="Cochran 1977, Sampling Techniques, 3rd ed., 10.8 and 11.8",
    convention="two-sided interval and one-sided lower limit, both at the stated confidence",
)
_BY_SIZE = Basis(
    method="Rao-Hartley-Cochran total",
    formula="sum (X_g/x_g) T_g; Var = (sum N_g^2 - N)/(N^2 - sum N_g^2) sum P_g (T_g X/x_g - T)^2 + X_g/x_g Var T_g",
    assumptions=(
        "clusters parted at random into groups, one of each drawn in proportion to its measure",
        *_SAME_CHANCE,
    ),
    source="Rao, Hartley & Cochran 1962, doi:10.1111/j.2517-6161.1962.tb00469.x; Raj 1966, doi:10.2307/2282833",
    convention=_MULTISTAGE.convention,
)
_RATE = Basis(
    method="multistage rate",
    formula="R = errors / units, both estimated by steps; Var of the total of (y - R)/units; exact at its n",
    assumptions=("clusters drawn as stated", *_SAME_CHANCE),
    source="Cochran 1977, 10 and 11; Korn & Graubard 1998, Survey Methodology 24: 193-201",
    convention="approximate; two-sided",
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
    columns = [(checks.numbers(values, "overpaid"), size) for values, size in clusters_drawn]
    if not columns:
        raise BadInput("clusters_drawn must hold at least two clusters.")
    found = equal_chances([of_units(values, size) for values, size in columns], clusters)
    inputs = {"clusters_drawn": len(columns), "clusters": clusters}
    refuse_complete(found.complete, found.total)
    errors, units = sum(overpaid(values) for values, _ in columns), sum(values.size for values, _ in columns)
    freedom = max(1, found.freedom)
    return with_few(joined(_TWO_STAGE, inputs, found.total, found.variance, freedom, confidence, units), errors)


def multistage_total(
    overpaid_units: Iterable[float],
    clusters: int | Mapping[Hashable, int] | None,
    *,
    stages: Stages,
    confidence: Rate,
) -> Total:
    """The total overpayment from units reached in up to three steps, stratified or not.

    overpaid_units: dollars (or cents) a sampled unit. clusters: in the frame, or by stratum; None where each came
    from a random group that says so. stages: how each unit was reached. confidence: in (0, 1). Raises BadInput, also
    where a step that was not taken whole has fewer than 2 drawn. **Assumes simple random samples at every step, or
    the draw of Rao, Hartley and Cochran at the first.** Cochran 1977, 10.8; Rao, Hartley & Cochran 1962.

    >>> how = Stages(clusters=[1, 1, 2, 2, 3, 3], cluster_sizes=[20, 20, 10, 10, 30, 30])
    >>> multistage_total([0, 10, 5, 5, 0, 0], clusters=12, stages=how, confidence=0.9).estimate
    600.0
    """
    column = checks.numbers(overpaid_units, "overpaid_units")
    found = stages.estimate(column, clusters)
    refuse_complete(found.complete, found.total)
    basis = _BY_SIZE if stages.by_size else _MULTISTAGE
    inputs = {"units": column.size, "clusters_drawn": stages.drawn, "clusters": clusters}
    made = joined(basis, inputs, found.total, found.variance, found.freedom, confidence, column.size)
    return with_few(made, overpaid(column))


def multistage_rate(
    outcomes: Iterable[float],
    clusters: int | Mapping[Hashable, int] | None,
    *,
    stages: Stages,
    confidence: Rate,
) -> Interval:
    """The rate of errors among units reached in up to three steps, stratified or not.

    outcomes: 0 or 1 a sampled unit. Other parameters, errors and assumptions as in `multistage_total`.
    **Assumes enough clusters for the variance to be known.** Cochran 1977, 10.8; Korn & Graubard 1998.

    >>> how = Stages(clusters=[1, 1, 2, 2, 3, 3], cluster_sizes=[20, 20, 10, 10, 30, 30])
    >>> found = multistage_rate([0, 1, 0, 0, 0, 0], clusters=12, stages=how, confidence=0.9)
    >>> round(found.estimate, 4), round(found.low, 4), round(found.high, 4)
    (0.1667, 0.0001, 0.8343)
    """
    column = checks.numbers(outcomes, "outcomes")
    if not np.isin(column, (0.0, 1.0)).all():
        raise BadInput("outcomes must be 0 or 1 for each unit.")
    alpha, units = float(checks.risk(confidence)), stages.estimate(np.ones(column.size), clusters)
    rate = stages.estimate(column, clusters).total / units.total
    refuse_complete(units.complete, rate)
    spread = stages.estimate((column - rate) / units.total, clusters)
    freedom = (column.size - 1, spread.freedom)
    low, high = effective_limits(rate, spread.variance, alpha, at_least=stages.drawn, freedom=freedom)
    return Interval(
        basis=_RATE,
        inputs={"units": column.size, "clusters_drawn": stages.drawn, "clusters": clusters},
        low=low,
        high=high,
        estimate=rate,
        confidence=1 - alpha,
        n=column.size,
        standard_error=spread.variance**0.5,
    )


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
    n, whole = scope.size, checks.count(frame, "frame", least=1)
    if n > whole:
        raise BadInput(f"frame must not be below the {n} units drawn from it; got {whole}.")
    part = Part(whole, n, float(((column - column.mean()) ** 2).sum()))
    inputs = {"n": n, "frame": whole, "in_scope": inside}
    found = total(_UNKNOWN, inputs, whole * float(column.mean()), [part], confidence, overpaid(column))
    return UniverseTotal(
        **{name: getattr(found, name) for name in found.__dataclass_fields__},
        universe=exact_interval(inside, n, whole, confidence=confidence),
        mean_in_scope=float(column.sum()) / inside,
    )
