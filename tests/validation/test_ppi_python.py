"""The same means, intervals and tuned weights as ppi-python on random data.

ppi-python compiles a few functions of other estimands with numba as it is imported. The lock leaves that compiler
out, so here they stay as they are written: what is compared runs the package's own code.
"""

import sys
import types
import warnings

import numpy as np
import pytest

from auditor.stats.prediction_powered import ppi_effective_n, ppi_mean

SEEDS = range(6)


@pytest.fixture(scope="module")
def ppi_py():
    """The package, imported without its compiler and without the silence that it lays over all warnings."""
    compiler = types.ModuleType("numba")
    compiler.njit = lambda function: function
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        patch.setitem(sys.modules, "numba", compiler)
        import ppi_py

        yield ppi_py


def _columns(seed: int, labelled: int = 150, rest: int = 3_000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Truth, its scores, and scores without truth: right on average, wrong by half, or of no use."""
    random = np.random.default_rng(seed)
    scores, others = random.random(labelled), random.random(rest)
    chance = (scores, 0.5 * scores, np.full(labelled, 0.3))[seed % 3]
    return (random.random(labelled) < chance).astype(float), scores, others


def _lists(columns: tuple[np.ndarray, ...]) -> list[list[float]]:
    return [column.tolist() for column in columns]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("weight", [None, 0, 0.5, 1])
def test_means_and_their_intervals_are_those_of_ppi_python(ppi_py, seed, weight):
    truth, scores, rest = _columns(seed)
    low, high = ppi_py.ppi_mean_ci(truth, scores, rest, alpha=0.1, lam=weight)
    point = ppi_py.ppi_mean_pointestimate(truth, scores, rest, lam=weight)
    found = ppi_mean(*_lists((truth, scores, rest)), confidence="0.9", weight=weight, spread_of_sample=False)
    assert (found.low, found.high) == pytest.approx((float(low[0]), float(high[0])), abs=1e-9)
    assert found.estimate == pytest.approx(float(point[0]), abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_classical_interval_is_that_of_ppi_python(ppi_py, seed):
    truth, scores, rest = _columns(seed)
    low, high = ppi_py.classical_mean_ci(truth, alpha=0.05)
    found = ppi_mean(*_lists((truth, scores, rest)), weight=0, spread_of_sample=False)
    assert (found.low, found.high) == pytest.approx((float(low), float(high)), abs=1e-9)


@pytest.mark.parametrize("correlation", [0.5, 0.8, 0.95])
def test_effective_n_is_that_of_the_power_analysis_of_ppi_python(ppi_py, correlation):
    pair = ppi_py.ppi_power(correlation, cost_X=0.0, cost_Y=1.0, cost_Yhat=0.05, budget=500)
    found = ppi_effective_n(int(pair["n"]), int(pair["N"]), correlation=correlation)
    assert found == pytest.approx(float(pair["effective_n"]), abs=0.5 + 1e-9)
    assert pair["n"] < found < pair["n"] / (1 - correlation**2)
