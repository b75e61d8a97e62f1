"""Totals by expansion: the mean of a simple or stratified sample times the number of units in the frame.

The standard error carries the finite population correction 1 - n/N, as RAT-STATS and R survey do; some programs
use (N - n)/(N - 1) instead, which differs in the fifth digit. Knows no paid amounts: see `auxiliary`.
"""

from collections.abc import Iterable, Sequence

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.checks import Rate
from auditor.stats.results import Basis, Total
from auditor.stats.totals import Part, overpaid, total

_SRS = "simple random sample without replacement"
_COCHRAN = "Cochran 1977, Sampling Techniques, 3rd ed."
_MEAN = Basis(
    method="mean per unit",
    formula="N * mean; SE = N sqrt((1 - n/N) s^2/n); limits with t(n - 1)",
    assumptions=(_SRS, "enough overpaid units for the mean to be about normal"),
    source=f"{_COCHRAN}, 2.5",
    convention="two-sided interval and one-sided lower limit, both at the stated confidence",
)
_DIFFERENCE = Basis(
    method="difference estimator",
    formula="N * mean(paid - correct); SE = N sqrt((1 - n/N) s^2/n); limits with t(n - 1)",
    assumptions=_MEAN.assumptions,
    source=f"{_COCHRAN}, 7.6",
    convention=_MEAN.convention,
)
_STRATIFIED = Basis(
    method="stratified mean per unit",
    formula="sum N_h mean_h; SE^2 = sum N_h^2 (1 - n_h/N_h) s_h^2/n_h; t with n - H, strata taken whole left out",
    assumptions=(f"{_SRS} in each stratum", "enough overpaid units for the total to be about normal"),
    source=f"{_COCHRAN}, 5.3 and 5.4",
    convention=_MEAN.convention,
)
_CLUSTER = Basis(
    method="cluster total",
    formula="N * mean of cluster totals; SE = N sqrt((1 - n/N) s^2/n); t(n - 1) over clusters",
    assumptions=("simple random sample of clusters, each looked at whole",),
    source=f"{_COCHRAN}, 9A",
    convention=_MEAN.convention,
)


def mean_per_unit(
    overpaid: Iterable[float], population: int, *, confidence: Rate, finite_correction: bool = True
) -> Total:
    """The total overpayment of a frame from the overpayments of a simple random sample.

    overpaid: dollars (or cents) a sampled unit, 0 where right, negative where underpaid. population: units in the
    frame. confidence: in (0, 1), of the two-sided interval and of the one-sided lower limit alike.
    finite_correction: leave it out only to compare with programs that do. Raises BadInput.
    **Assumes a simple random sample and enough overpaid units; warns where they are few.** Cochran 1977, 2.5.

    >>> found = mean_per_unit([0, 120, 0, 80, 0, 0, 40, 0], population=400, confidence=0.9)
    >>> found.estimate, round(found.limit, 2), found.demand == found.limit
    (12000.0, 2769.32, True)
    """
    return expanded(_MEAN, overpaid, population, confidence, finite_correction)


def difference(
    paid: Iterable[float],
    correct: Iterable[float],
    population: int,
    *,
    confidence: Rate,
    finite_correction: bool = True,
) -> Total:
    """The total overpayment from what was paid and what should have been, unit by unit.

    paid, correct: dollars (or cents) a sampled unit. Other parameters, errors and assumptions as in `mean_per_unit`.
    **Assumes a simple random sample.** Cochran 1977, 7.6.

    >>> difference([100, 50, 80], [100, 30, 80], population=30, confidence=0.9).estimate
    200.0
    """
    book = checks.numbers(paid, "paid")
    audited = checks.numbers(correct, "correct", length=book.size)
    return expanded(_DIFFERENCE, book - audited, population, confidence, finite_correction)


def cluster_total(overpaid_by_cluster: Iterable[float], clusters: int, *, confidence: Rate) -> Total:
    """The total overpayment from whole clusters (patients, batches, days) drawn at random.

    overpaid_by_cluster: the sum over each sampled cluster. clusters: clusters in the frame. confidence: in (0, 1).
    Raises BadInput. **Assumes a simple random sample of clusters, each looked at whole.** Cochran 1977, 9A.

    >>> cluster_total([10, 30, 20], clusters=60, confidence=0.9).estimate
    1200.0
    """
    column = checks.numbers(overpaid_by_cluster, "overpaid_by_cluster")
    whole = checks.count(clusters, "clusters", least=1)
    if column.size > whole:
        raise BadInput(f"clusters must not be below the {column.size} drawn; got {whole}.")
    return expanded(_CLUSTER, column, whole, confidence, True)


def stratified_mean_per_unit(strata: Sequence[tuple[Iterable[float], int]], *, confidence: Rate) -> Total:
    """The total overpayment from a stratified sample.

    strata: (overpayments of the sampled units, units in the stratum) of each stratum. confidence: in (0, 1).
    Raises BadInput, also where a stratum that is not taken whole has fewer than 2 units.
    **Assumes simple random samples within strata.** Cochran 1977, 5.4.

    >>> stratified_mean_per_unit([([0, 10, 20], 30), ([5, 5], 2)], confidence=0.9).estimate
    310.0
    """
    columns = [(checks.numbers(values, "overpaid"), population) for values, population in strata]
    errors = sum(int((values != 0).sum()) for values, _ in columns)
    summaries = [(population, v.size, v.mean(), v.std(ddof=1) if v.size > 1 else 0.0) for v, population in columns]
    return _stratified(summaries, confidence, errors)


def stratified_from_summaries(
    sizes: Sequence[int],
    drawn: Sequence[int],
    means: Iterable[float],
    deviations: Iterable[float],
    *,
    confidence: Rate,
) -> Total:
    """The total of a stratified sample of which only means and standard deviations are known.

    sizes: units a stratum. drawn: sampled units a stratum. means, deviations: a stratum. confidence: in (0, 1).
    Raises BadInput. **Assumes simple random samples within strata.** Cochran 1977, 5.4.

    >>> stratified_from_summaries([100, 50], [10, 5], [2, 4], [1, 1], confidence=0.9).estimate
    400.0
    """
    middle = checks.numbers(means, "means", length=len(sizes))
    spread = checks.numbers(deviations, "deviations", least=0, length=len(sizes))
    if len(drawn) != len(sizes):
        raise BadInput(f"drawn must have {len(sizes)} entries, one a stratum, not {len(drawn)}.")
    units = [checks.count(size, "sizes", least=1) for size in sizes]
    taken = [checks.count(n, "drawn", least=1) for n in drawn]
    if any(n > size for n, size in zip(taken, units, strict=True)):
        raise BadInput("drawn must not exceed sizes in any stratum (are they swapped?).")
    return _stratified(list(zip(units, taken, middle, spread, strict=True)), confidence, None)


def expanded(basis: Basis, values: Iterable[float], population: int, confidence: Rate, corrected: bool) -> Total:
    """N * mean with its standard error, under the name of the method that asked for it."""
    column = checks.numbers(values, "overpaid")
    _, n, whole = checks.finite(0, column.size, population)
    part = Part(whole, n, float(((column - column.mean()) ** 2).sum()), corrected)
    inputs = {"n": n, "population": whole, "mean": column.mean(), "confidence": confidence}
    return total(basis, inputs, whole * float(column.mean()), [part], confidence, overpaid(column))


def _stratified(summaries: Sequence[tuple[int, int, float, float]], confidence: Rate, errors: int | None) -> Total:
    if not summaries:
        raise BadInput("strata must hold at least one stratum.")
    parts, estimate = [], 0.0
    for population, n, mean, deviation in summaries:
        _, count, whole = checks.finite(0, n, population)
        parts.append(Part(whole, count, float(deviation) ** 2 * (count - 1)))
        estimate += whole * float(mean)
    inputs = {"strata": tuple((part.population, part.n) for part in parts), "confidence": confidence}
    return total(_STRATIFIED, inputs, estimate, parts, confidence, errors)
