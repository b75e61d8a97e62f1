"""A size from a probe's own amounts."""

import numpy as np
import pytest

from auditor.errors import BadInput
from auditor.stats.precision_sizes import mean_size
from auditor.stats.probe import probe_size


def test_the_size_is_that_of_the_probes_variation():
    amounts = [0] * 27 + [120.5, 60, 99]
    variation = float(np.std(amounts, ddof=1) / np.mean(amounts))
    found = probe_size(amounts, relative_precision="0.1", confidence="0.9", population=3_000)
    expected = mean_size(
        coefficient_of_variation=variation, relative_precision="0.1", confidence="0.9", population=3_000
    )
    assert found.sample_size == expected.sample_size
    assert (found.inputs["probed"], found.inputs["with_amount"]) == (30, 3)


def test_a_probe_that_looks_tame_is_said_to():
    assert "looks tame" in probe_size([80, 100, 120], relative_precision="0.25", confidence="0.9").warnings[0]


@pytest.mark.parametrize("amounts", [[], [5], [0, 0, 0], [-5, -3], [float("nan"), 1]])
def test_a_probe_that_shows_no_variation_around_a_positive_mean_is_refused(amounts):
    with pytest.raises(BadInput, match="amounts"):
        probe_size(amounts, relative_precision="0.25", confidence="0.9")
