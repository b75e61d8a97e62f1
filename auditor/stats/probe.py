"""How many to draw, from a probe sample's amounts or a known error rate. Finds the variation; `mean_size` answers."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.checks import Rate
from auditor.stats.precision_sizes import mean_size
from auditor.stats.results import Size


def probe_size(
    amounts: Iterable[float], *, relative_precision: Rate, confidence: Rate, population: int | None = None
) -> Size:
    """The n at which a total is known to within a share of itself, by the variation that a probe shows.

    amounts: of each probed unit, 0 where nothing is wrong, at least 2 of them, not all 0. relative_precision: above
    0. confidence: in (0, 1). population: units in the frame, or None. Raises BadInput.
    **Assumes that the probe shows the true variation; few errors rarely do.** Cochran 1977, 4.7.

    >>> probe_size([0, 0, 0, 40, 0, 0, 25, 0], relative_precision="0.25", confidence="0.9").sample_size
    159
    """
    column = checks.numbers(amounts, "amounts")
    if column.size < 2 or column.mean() <= 0:
        raise BadInput("amounts must hold at least 2 units, and add up to more than 0.")
    variation = float(column.std(ddof=1) / column.mean())
    found = mean_size(
        coefficient_of_variation=variation,
        relative_precision=relative_precision,
        confidence=confidence,
        population=population,
    )
    errors = int(np.count_nonzero(column))
    return replace(found, inputs={**found.inputs, "probed": column.size, "with_amount": errors})


def error_rate_mean_size(
    *,
    error_rate: Rate,
    paid_mean: float,
    paid_deviation: float,
    relative_precision: Rate,
    confidence: Rate,
    population: int | None = None,
) -> Size:
    """The n at which an overpaid total is known to within a share of itself, where errors take whole payments.

    error_rate: expected share of units in error, in (0, 1]. paid_mean, paid_deviation: mean, above 0, and standard
    deviation, at least 0, of what was paid for the units of the frame. relative_precision: above 0. confidence: in
    (0, 1). population: units in the frame, or None. Raises BadInput. **Assumes that an error takes the whole payment,
    and that errors do not depend on amounts**: CV^2 = (1 + (deviation/mean)^2) / rate - 1. Cochran 1977, 4.7.

    >>> error_rate_mean_size(
    ...     error_rate="0.05", paid_mean=100, paid_deviation=0, relative_precision="0.25", confidence="0.9"
    ... ).sample_size
    823
    """
    rate, mean = float(checks.rate(error_rate, "error_rate")), float(checks.positive(paid_mean, "paid_mean"))
    spread = float(checks.fraction(paid_deviation, "paid_deviation"))
    if rate == 0 or spread < 0:
        raise BadInput("error_rate must be above 0, and paid_deviation at least 0.")
    variation = ((1 + (spread / mean) ** 2) / rate - 1) ** 0.5
    if variation == 0:
        raise BadInput("error_rate 1 of equal payments leaves nothing to estimate.")
    found = mean_size(
        coefficient_of_variation=variation,
        relative_precision=relative_precision,
        confidence=confidence,
        population=population,
    )
    inputs = {"error_rate": rate, "paid_mean": mean, "paid_deviation": spread}
    return replace(found, inputs={**found.inputs, **inputs})
