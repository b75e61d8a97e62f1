"""Replays over a file of outcomes: what each detector says, and what a file that is not one is told."""

from pathlib import Path

import numpy as np
import pytest

from auditor.errors import BadInput
from auditor.services.monitoring.replays import Replay, read_stream, replay_stream


def outcomes(*, before: int, after: int, rate: float, seed: int = 3) -> list[int]:
    """Errors at 5 %, then at `rate`."""
    random = np.random.default_rng(seed)
    return [*(random.random(before) < 0.05), *(random.random(after) < rate)]


@pytest.mark.parametrize("method", ["cusum", "e-detector", "p-chart", "ewma"])
def test_a_doubled_error_rate_is_caught_after_it_began(method: str) -> None:
    question = Replay(method=method, baseline_errors=100, baseline_n=2000)
    found = replay_stream(outcomes(before=2000, after=2000, rate=0.12), question)
    assert found.alarms
    assert found.alarms[0] >= 2000


@pytest.mark.parametrize("method", ["cusum", "e-detector"])
def test_a_steady_stream_raises_hardly_an_alarm(method: str) -> None:
    question = Replay(method=method, baseline_errors=100, baseline_n=2000)
    alarms = [
        len(replay_stream(outcomes(before=4000, after=1, rate=0.05, seed=seed), question).alarms)
        for seed in range(10)
    ]
    assert sum(alarms) <= 4


def test_a_small_baseline_is_asked_for_a_larger_drift() -> None:
    found = replay_stream([0] * 50, Replay(method="cusum", baseline_errors=5, baseline_n=60))
    assert found.alarms == ()
    assert found.arl is not None
    assert found.arl >= 10_000


@pytest.mark.parametrize(("text", "sentence"), [("0\nx\n", "line 2"), ("", "empty"), ("error\n0\n", "line 1")])
def test_a_file_that_is_no_stream_is_named_with_its_line(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "stream.csv"
    file.write_text(text)
    with pytest.raises(BadInput, match=sentence):
        read_stream(file)


def test_a_method_that_there_is_not_is_refused() -> None:
    with pytest.raises(BadInput, match="no method"):
        replay_stream([0, 1], Replay(method="ddm", baseline_errors=1, baseline_n=10))
