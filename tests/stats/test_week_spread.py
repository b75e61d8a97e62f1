import numpy as np
import pytest

from auditor.stats.week_spread import lone_spreads, week_spread


@pytest.mark.parametrize("window", [1, 4, 8])
def test_the_spread_of_a_lone_row_is_that_of_the_row_by_itself(window):
    random = np.random.default_rng(7)
    totals = random.integers(50, 200, 26).astype(float)
    counts = random.binomial(totals.astype(int), np.array([[0.02], [0.1], [0.4]])).astype(float)
    counts[1] *= np.tile([0.5, 1.5], 13)  # scatters far beyond chance
    together = lone_spreads(counts, totals, window=window)
    assert together.tolist() == pytest.approx([week_spread(row, totals, window=window)[0] for row in counts])
    assert together[1] > 2
