"""R package stcpR6 (Shin), run at 9eaafb4: tests and e-detectors with mixtures of bets."""

import numpy as np
import pytest

from auditor.stats import e_detector
from auditor.stats.e_detector import Accumulation, Bets
from tests.validation.vectors import vectors

NO_ALARM = 1e200
STREAM = [0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 1]
ACCUMULATIONS = {"SR": Accumulation.SHIRYAEV_ROBERTS, "CU": Accumulation.CUSUM}


def log_values(vector, kind, family, bets):
    """The path of our detector or test on the stream of the vector, without restart."""
    stream, baseline = vector.inputs["x"], vector.inputs["m_pre"]
    if kind == "ST":
        test = e_detector.bernoulli_test if family == "Ber" else e_detector.bounded_test
        return test(stream, baseline=baseline, bets=bets)
    detector = e_detector.bernoulli_detector if family == "Ber" else e_detector.bounded_detector
    accumulation = ACCUMULATIONS[kind]
    return detector(stream, baseline=baseline, arl=NO_ALARM, bets=bets, accumulation=accumulation).log_values


def agrees(vector, bets):
    """Path and first crossing, counted from 1, 0 for none."""
    _, kind, family, *_ = vector.id.split("-")
    path = log_values(vector, kind, family, bets)
    crossed = np.flatnonzero(path >= vector.inputs["threshold"])
    assert path == pytest.approx(vector.expected["log_values"], abs=vector.tolerance)
    assert (crossed[0] + 1 if crossed.size else 0) == vector.expected["stopped_time"]


@vectors("e_detector")
def test_mixture_of_bets(vector):
    weights = np.array(vector.inputs["weights"])
    agrees(vector, Bets(tuple(vector.inputs["lambdas"]), tuple(weights / weights.sum())))


@vectors("e_detector_single")
def test_single_bet(vector):
    agrees(vector, Bets((vector.inputs["lambda"],), (1.0,)))


@pytest.mark.parametrize(
    ("accumulation", "last"), [(Accumulation.SHIRYAEV_ROBERTS, 10.947178187133), (Accumulation.CUSUM, 9.391328301452)]
)
def test_a_bounded_bet_ends_where_stcpr6_ends(accumulation, last):
    path = e_detector.bounded_detector(
        STREAM, baseline=0.05, arl=NO_ALARM, bets=Bets((0.3,), (1.0,)), accumulation=accumulation
    )
    assert path.log_values[-1] == pytest.approx(last, abs=1e-6)
