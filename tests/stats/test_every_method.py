"""What every interval and limit of a count must do. A new method is one line in a registry."""

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from auditor.errors import BadInput
from auditor.stats import finite_population, proportion, ratio

# (errors, n, *, confidence) -> Interval
INTERVALS: dict[str, Callable[..., Any]] = {
    "clopper_pearson": proportion.clopper_pearson,
    "wilson": proportion.wilson,
    "jeffreys": proportion.jeffreys,
    "agresti_coull": proportion.agresti_coull,
    "exact_interval in 400": lambda errors, n, **kw: finite_population.exact_interval(errors, n, 400, **kw),
    "exact_interval in 10^7": lambda errors, n, **kw: finite_population.exact_interval(errors, n, 10**7, **kw),
}

# (errors, n, *, confidence) -> Limit
LIMITS: dict[str, Callable[..., Any]] = {
    "upper_limit": proportion.upper_limit,
    "lower_limit": proportion.lower_limit,
    "upper_limit in 400": lambda errors, n, **kw: finite_population.upper_limit(errors, n, 400, **kw),
    "lower_limit in 400": lambda errors, n, **kw: finite_population.lower_limit(errors, n, 400, **kw),
}


def _units(errors: int, n: int) -> list[int]:
    return [1] * errors + [0] * (n - errors)


# The same for methods that are given units one by one; what they refuse is tested where they are.
OF_UNITS: dict[str, Callable[..., Any]] = {
    "korn_graubard": lambda errors, n, **kw: ratio.korn_graubard(_units(errors, n), **kw),
    "clustered_ratio": lambda errors, n, **kw: ratio.clustered_ratio(_units(errors, n), [1] * n, **kw),
    "stratified_interval": lambda errors, n, **kw: finite_population.stratified_interval([(errors, n, 900)], **kw),
}

COUNTS = [(0, 1), (1, 1), (0, 30), (1, 30), (15, 30), (29, 30), (30, 30), (0, 400), (7, 400), (400, 400)]
EVERY = INTERVALS | OF_UNITS
each_interval = pytest.mark.parametrize("method", EVERY.values(), ids=EVERY.keys())
each_limit = pytest.mark.parametrize("method", LIMITS.values(), ids=LIMITS.keys())


@each_interval
@pytest.mark.parametrize(("errors", "n"), COUNTS)
def test_an_interval_holds_its_estimate_within_zero_and_one(method, errors, n):
    found = method(errors, n, confidence=0.95)
    assert 0 <= found.low <= found.estimate <= found.high <= 1
    assert found.n == n


@each_interval
def test_clean_and_wrong_units_may_change_places(method):
    for errors, n in COUNTS:
        one, other = method(errors, n, confidence=0.95), method(n - errors, n, confidence=0.95)
        assert one.low == pytest.approx(1 - other.high, abs=1e-9)


@each_interval
def test_without_errors_the_interval_starts_at_zero_and_still_has_width(method):
    found = method(0, 50, confidence=0.95)
    assert found.low == pytest.approx(0, abs=1e-12)
    assert found.high > 0.01


@each_interval
def test_more_errors_raise_both_ends(method):
    found = [method(errors, 40, confidence=0.9) for errors in range(41)]
    assert all(a.low <= b.low and a.high <= b.high for a, b in itertools.pairwise(found))


@each_interval
def test_more_confidence_never_narrows(method):
    widths = [method(3, 60, confidence=c).half_width for c in ("0.5", "0.8", "0.9", "0.95", "0.99", "0.9999")]
    assert widths == sorted(widths)


@each_interval
def test_a_tiny_risk_still_gives_a_proper_interval(method):
    found = method(0, 300, confidence=1 - 1e-12)
    assert 0 <= found.low < found.high < 1


@each_limit
def test_more_errors_raise_a_limit(method):
    limits = [method(errors, 40, confidence=0.9).limit for errors in range(41)]
    assert limits == sorted(limits)
    assert limits[0] >= 0
    assert limits[-1] <= 1


@each_limit
def test_more_confidence_moves_a_limit_outwards(method):
    found = [method(3, 60, confidence=c) for c in (0.6, 0.8, 0.9, 0.95, 0.99)]
    limits = [each.limit for each in found]
    assert limits == sorted(limits, reverse=found[0].side == "lower")


@pytest.mark.parametrize("method", [*INTERVALS.values(), *LIMITS.values()], ids=[*INTERVALS, *LIMITS])
@pytest.mark.parametrize(
    ("errors", "n", "confidence", "named"),
    [
        (31, 30, 0.95, "errors"),
        (-1, 30, 0.95, "errors"),
        (1.5, 30, 0.95, "errors"),
        (float("nan"), 30, 0.95, "errors"),
        (0, 0, 0.95, "n"),
        (0, -3, 0.95, "n"),
        (1, 30, 95, "confidence"),
        (1, 30, 1, "confidence"),
        (1, 30, 0, "confidence"),
        (1, 30, float("nan"), "confidence"),
    ],
)
def test_what_cannot_be_is_refused_by_name(method, errors, n, confidence, named):
    with pytest.raises(BadInput, match=rf"^{named}\b"):
        method(errors, n, confidence=confidence)


@pytest.mark.parametrize("method", [*INTERVALS.values(), *LIMITS.values()], ids=[*INTERVALS, *LIMITS])
def test_every_answer_says_how_it_was_reached(method):
    printed = method(3, 60, confidence="0.95").document()
    assert all(printed[part] for part in ("formula", "assumptions", "source", "method"))
    assert printed["inputs"]["errors"] == 3


@pytest.mark.parametrize(
    "method",
    [finite_population.exact_interval, finite_population.upper_limit, finite_population.lower_limit],
)
def test_a_sample_larger_than_its_frame_is_refused(method):
    with pytest.raises(BadInput, match="population"):
        partial(method, confidence=0.95)(3, 60, 59)
