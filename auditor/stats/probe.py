"""How many to draw, from a probe sample's own amounts. Measures their variation; `mean_size` answers."""

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
