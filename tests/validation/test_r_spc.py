"""R package spc (Knoth), with Lucas and Crosier (1982), Crowder (1987), Montgomery's tables and Roberts
(1966)."""

import pytest

from auditor.stats import control_charts, cusum
from tests.validation.vectors import vectors

LUCAS_CROSIER = [
    # Lucas and Crosier (1982), Technometrics 24, table 1 (k = 0.5): h, shift, head start, mean run length
    (4, 0.00, 0, 168),
    (4, 0.50, 0, 26.6),
    (4, 1.00, 0, 8.38),
    (4, 2.00, 0, 3.34),
    (5, 0.00, 0, 465),
    (5, 0.50, 0, 38.0),
    (5, 1.00, 0, 10.4),
    (5, 2.00, 0, 4.01),
    (4, 0.00, 2, 149),
    (4, 1.00, 2, 5.29),
    (5, 0.00, 2.5, 430),
    (5, 1.00, 2.5, 6.35),
]


@pytest.mark.parametrize(("threshold", "shift", "head_start", "printed"), LUCAS_CROSIER)
def test_the_two_sided_cusum_has_the_printed_run_lengths(threshold, shift, head_start, printed):
    length = cusum.normal_arl(reference=0.5, threshold=threshold, shift=shift, head_start=head_start)
    assert length == pytest.approx(printed, rel=0.005)


@vectors("cusum_arl")
def test_cusum_run_length(vector):
    given = vector.inputs
    length = cusum.normal_arl(
        reference=given["k"],
        threshold=given["h"],
        shift=given["shift"],
        head_start=given.get("headstart", 0),
        two_sided=given["sided"] == "two",
    )
    assert vector.near(length, "arl")


@vectors("cusum_design")
def test_cusum_threshold(vector):
    assert vector.near(cusum.normal_threshold(reference=vector.inputs["k"], arl=vector.inputs["arl0"]), "h")


@vectors("shiryaev_roberts")
def test_shiryaev_roberts_threshold(vector):
    reference = vector.inputs["k"]
    limit = cusum.shiryaev_roberts_threshold(reference=reference, arl=vector.inputs["arl0"]).log_threshold
    assert vector.near(limit, "g")
    assert vector.near(cusum.shiryaev_roberts_arl(reference=reference, log_threshold=limit, shift=1), "arl1")


def test_spc_holds_the_log_of_shiryaev_roberts_at_zero():
    """Without the floor the same threshold gives 547, as A / 0.560 does (Moustakides et al. 2011, table
    1)."""
    free = cusum.shiryaev_roberts_arl(reference=0.5, log_threshold=5.72372668329, log_floor=-12)
    assert free == pytest.approx(306.0 / 0.560, rel=0.003)


def test_siegmunds_approximation_is_near_the_integral_equation():
    exact = cusum.normal_arl(reference=0.5, threshold=5, two_sided=False)
    assert cusum.siegmund_arl(reference=0.5, threshold=5) == pytest.approx(exact, rel=0.01)


@vectors("ewma_arl")
def test_ewma_run_length(vector):
    given = vector.inputs
    length = control_charts.ewma_arl(smoothing=given["lambda"], multiple=given["L"], shift=given["shift"])
    assert vector.near(length, "arl")


@pytest.mark.parametrize(
    ("smoothing", "multiple", "shift", "printed"),
    [
        # Lucas and Saccucci (1990), Technometrics 32; Montgomery, 7th ed., table 9.11: about 500 in control
        (0.40, 3.054, 0.0, 500),
        (0.40, 3.054, 0.5, 71.2),
        (0.25, 2.998, 0.5, 48.2),
        (0.20, 2.962, 0.5, 41.8),
        (0.10, 2.814, 0.5, 31.3),
        (0.10, 2.814, 1.0, 10.3),
        (0.10, 2.814, 2.0, 4.36),
        (0.05, 2.615, 0.25, 84.1),
        (0.05, 2.615, 1.0, 11.4),
    ],
)
def test_the_ewma_has_the_printed_run_lengths(smoothing, multiple, shift, printed):
    length = control_charts.ewma_arl(smoothing=smoothing, multiple=multiple, shift=shift)
    assert length == pytest.approx(printed, rel=0.007)
