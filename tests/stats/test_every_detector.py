"""What every detector of a rising error rate must do. A new detector is one line in the registry."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from auditor.errors import BadInput
from auditor.stats import cusum, e_detector
from auditor.stats.e_detector import Accumulation

BASELINE = 0.05


def bernoulli_cusum(stream, arl):
    return cusum.replay(cusum.bernoulli_cusum(BASELINE, detect=0.1, arl=arl), stream)


def batches_of_ten(stream, arl):
    """Alarms counted in outcomes."""
    batches = e_detector.batch_means(stream, batches=np.arange(len(stream)) // 10, baseline=BASELINE)
    found = e_detector.bounded_detector(batches.values, baseline=BASELINE, arl=arl / 10)
    return type(found)(
        alarms=tuple(batches.ends[alarm] for alarm in found.alarms),
        changes=tuple(10 * change for change in found.changes),
        log_values=found.log_values,
        log_threshold=found.log_threshold,
        change=found.change,
    )


DETECTORS: dict[str, Callable] = {
    "Bernoulli CUSUM": bernoulli_cusum,
    "e-detector, Shiryaev-Roberts": lambda stream, arl: e_detector.bernoulli_detector(
        stream, baseline=BASELINE, arl=arl, accumulation=Accumulation.SHIRYAEV_ROBERTS
    ),
    "e-detector, CUSUM": lambda stream, arl: e_detector.bernoulli_detector(
        stream, baseline=BASELINE, arl=arl, accumulation=Accumulation.CUSUM
    ),
    "e-detector, bounded": lambda stream, arl: e_detector.bounded_detector(stream, baseline=BASELINE, arl=arl),
    "e-detector, batches": batches_of_ten,
}
each_detector = pytest.mark.parametrize("detector", DETECTORS.values(), ids=DETECTORS.keys())


def stream(seed, *parts):
    """0/1 outcomes: so many at such a rate, one part after the other."""
    random = np.random.default_rng(seed)
    return np.concatenate([random.random(size) < rate for size, rate in parts]).astype(int)


@each_detector
def test_the_run_length_without_drift_is_at_least_the_promised_one(detector):
    runs = np.diff([-1, *detector(stream(1, (1_000_000, BASELINE)), 1_000).alarms])
    assert runs.mean() + 3 * runs.std() / np.sqrt(runs.size) >= 1_000


@each_detector
def test_a_rate_below_the_baseline_alarms_less(detector):
    below, at = (len(detector(stream(2, (300_000, rate)), 500).alarms) for rate in (0.03, 0.05))
    assert below < 0.5 * at


@each_detector
def test_a_larger_drift_is_found_sooner(detector):
    counts = [len(detector(stream(3, (100_000, rate)), 2_000).alarms) for rate in (0.05, 0.08, 0.12, 0.3)]
    assert counts == sorted(counts)
    assert counts[-1] > 4 * counts[1]


@each_detector
def test_a_longer_run_length_alarms_later_and_never_sooner(detector):
    drifted = stream(4, (1_000, 0.05), (4_000, 0.15))
    firsts = [detector(drifted, arl).alarms[0] for arl in (200, 2_000, 20_000, 200_000)]
    assert firsts == sorted(firsts)


@each_detector
def test_alarms_do_not_look_ahead(detector):
    drifted = stream(5, (2_000, 0.05), (2_000, 0.12))
    whole = detector(drifted, 1_000).alarms
    for end in (500, 1_990, 2_500, 3_210):
        assert detector(drifted[:end], 1_000).alarms == tuple(alarm for alarm in whole if alarm < end)


@each_detector
def test_each_change_lies_between_the_alarms_that_enclose_it(detector):
    found = detector(stream(6, (5_000, 0.05), (5_000, 0.12)), 500)
    starts = [0, *(alarm + 1 for alarm in found.alarms)]
    for start, change, alarm in zip(starts, found.changes, found.alarms, strict=False):
        assert start <= change <= alarm


@each_detector
def test_all_clean_is_quiet_and_all_wrong_alarms_at_once(detector):
    assert detector([0] * 3_000, 1_000).alarms == ()
    assert detector([1] * 200, 1_000).alarms[0] < 60


@each_detector
@pytest.mark.parametrize("bad", [[0, 1, 2], [0, float("nan")], [[0, 1]], ["a"]])
def test_what_is_no_outcome_is_refused(detector, bad):
    with pytest.raises(BadInput):
        detector(bad, 1_000)


@each_detector
@pytest.mark.parametrize("arl", [0, 1, -5, float("nan"), float("inf")])
def test_an_impossible_run_length_is_refused(detector, arl):
    with pytest.raises(BadInput, match="arl"):
        partial(detector, arl=arl)([0, 1])
