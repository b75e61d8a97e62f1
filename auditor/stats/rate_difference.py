"""The difference of two rates from the intervals of each: limits that never leave what the single ones allow.

Does not know how the single intervals were made: exact, weighted and clustered ones are combined alike.
"""

import math

from auditor.errors import BadInput
from auditor.stats.results import Basis, Interval

_MOVER = Basis(
    method="difference from both intervals (MOVER)",
    formula="d - sqrt((p1 - l1)^2 + (u2 - p2)^2), d + sqrt((u1 - p1)^2 + (p2 - l2)^2)",
    assumptions=("two independent samples", "each interval fits its own rate"),
    source="Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I; Zou & Donner 2008",
    convention="with Wilson intervals this is Newcombe's method 10",
)


def rate_difference(first: Interval, second: Interval) -> Interval:
    """First rate minus second, with an interval at the confidence that both share.

    first, second: intervals of two rates in [0, 1] from independent samples, at one confidence. Raises BadInput
    where the confidences differ. **Assumes independent samples.** Newcombe 1998; Zou & Donner 2008.

    >>> from auditor.stats.proportion import wilson
    >>> found = rate_difference(wilson(56, 70, confidence=0.95), wilson(48, 80, confidence=0.95))
    >>> round(found.estimate, 4), round(found.low, 4), round(found.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    if abs(first.confidence - second.confidence) > 1e-9:
        raise BadInput("first and second must have one confidence; their difference has none otherwise.")
    gap = first.estimate - second.estimate
    return Interval(
        basis=_MOVER,
        inputs={"first": first.estimate, "second": second.estimate, "confidence": first.confidence},
        estimate=gap,
        low=gap - math.hypot(first.estimate - first.low, second.high - second.estimate),
        high=gap + math.hypot(first.high - first.estimate, second.estimate - second.low),
        confidence=first.confidence,
        n=first.n + second.n,
    )
