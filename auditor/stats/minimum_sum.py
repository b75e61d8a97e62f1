"""The minimum sum: a lower limit of the total overpayment that rests on counting alone.

At least so many payments of the frame are in error (hypergeometric limit); those not in the sample amount to no less
than as many of the smallest payments there. No normality, no variance. Modest where payments differ much.
"""

from collections.abc import Iterable

import numpy as np

from auditor.errors import BadInput
from auditor.stats import checks, finite_population
from auditor.stats.checks import Rate
from auditor.stats.results import Basis, Limit

_BASIS = Basis(
    method="minimum sum",
    formula="overpaid in the sample + share * sum of the K - k smallest payments outside; K: lower limit of count",
    assumptions=(
        "simple random sample without replacement",
        "a payment in error is overpaid by at least the stated share of itself",
        "no payment of the frame was too low",
    ),
    source="Edwards et al. 2003, Health Services & Outcomes Research Methodology 4: 241-263",
    convention="one-sided lower limit; exact coverage",
)


def minimum_sum(
    overpaid: Iterable[float],
    paid: Iterable[float],
    *,
    unsampled_paid: Iterable[float],
    confidence: Rate,
    share: Rate = 1,
) -> Limit:
    """A lower limit of the total overpayment, exact for errors that take at least a share of the payment.

    overpaid, paid: dollars (or cents) a sampled unit, 0 <= overpaid <= paid. unsampled_paid: what was paid for each
    other unit of the frame (the smallest suffice, as many as the limit of the count can ask for). confidence: in
    (0, 1). share: in (0, 1]; only units overpaid by at least this share of their payment are counted as errors.
    Raises BadInput. **Assumes that an error takes at least that share, and that nothing was underpaid.**
    Edwards et al. 2003.

    >>> minimum_sum([0, 10] * 25, [10] * 50, unsampled_paid=[10] * 950, confidence=0.9).limit
    4040.0
    """
    least = checks.rate(share, "share")
    x = checks.numbers(paid, "paid", least=0)
    y = checks.numbers(overpaid, "overpaid", least=0, length=x.size)
    rest = np.asarray(list(unsampled_paid), dtype=np.float64)
    if (y > x).any() or least == 0:
        raise BadInput("overpaid must not exceed paid, and share must be above 0.")
    if rest.size:
        rest = checks.numbers(rest, "unsampled_paid", least=0)
    errors, population = int(((y > 0) & (y >= float(least) * x)).sum()), x.size + rest.size
    count = finite_population.lower_limit(errors, x.size, population, confidence=confidence).count
    others = np.partition(rest, count - errors - 1)[: count - errors] if count > errors else rest[:0]
    limit = float(y.sum()) + float(least) * float(others.sum())
    inputs = {"errors": errors, "n": x.size, "population": population, "count": count, "share": least}
    return Limit(
        basis=_BASIS,
        inputs=inputs,
        limit=limit,
        estimate=population * float(y.mean()),
        confidence=float(1 - checks.risk(confidence)),
        side="lower",
        n=x.size,
    )
