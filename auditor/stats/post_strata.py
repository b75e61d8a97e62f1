"""A total from a simple sample that was sorted into strata only afterwards."""

from collections.abc import Iterable, Sequence

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.checks import Rate
from auditor.stats.results import Basis, Total
from auditor.stats.totals import joined, overpaid, refuse_complete, with_few

_BASIS = Basis(
    method="post-stratified total",
    formula="sum N_h mean_h; Var = N^2 (1 - f) sum (W_h s_h^2/n + (1 - W_h) s_h^2/n^2); t(n - H)",
    assumptions=("simple random sample of the whole frame", "each stratum's size in the frame is known"),
    source="Cochran 1977, Sampling Techniques, 3rd ed., 5A.9",
    convention="variance over all samples; two-sided interval and one-sided lower limit at the stated confidence",
)


def post_stratified_total(strata: Sequence[tuple[Iterable[float], int]], *, confidence: Rate) -> Total:
    """The total overpayment of a simple sample that was sorted into strata of known size after it was drawn.

    strata: (overpayments of the sampled units that fell into it, units in the stratum) of each stratum, at least 2
    units each. confidence: in (0, 1). Raises BadInput; strata with fewer units must be joined with others.
    **Assumes a simple random sample of the whole frame.** Cochran 1977, 5A.9.

    >>> post_stratified_total([([0, 10, 20], 30), ([5, 5], 20)], confidence=0.9).estimate
    400.0
    """
    columns = [(checks.numbers(values, "overpaid"), size) for values, size in strata]
    if not columns:
        raise BadInput("strata must hold at least one stratum.")
    sizes = [checks.finite(0, values.size, size)[2] for values, size in columns]
    if min(values.size for values, _ in columns) < 2:
        raise BadInput("strata must have at least 2 sampled units each: join those with fewer to others.")
    whole, n = sum(sizes), sum(values.size for values, _ in columns)
    spreads = [float(values.var(ddof=1)) for values, _ in columns]
    shares = [size / whole for size in sizes]
    first = sum(share * spread for share, spread in zip(shares, spreads, strict=True)) / n
    second = sum((1 - share) * spread for share, spread in zip(shares, spreads, strict=True)) / n**2
    refuse_complete(n == whole, sum(float(values.sum()) for values, _ in columns))
    estimate = sum(size * float(values.mean()) for (values, _), size in zip(columns, sizes, strict=True))
    variance = whole**2 * (1 - n / whole) * (first + second)
    inputs = {"strata": tuple((size, values.size) for (values, _), size in zip(columns, sizes, strict=True))}
    found = joined(_BASIS, inputs, estimate, variance, max(1, n - len(columns)), confidence, n)
    return with_few(found, sum(overpaid(values) for values, _ in columns))
