"""Run lengths of a 0/1 CUSUM: an exact Markov chain, because every step is a whole number of one unit.

The chart that is designed is the chart that runs: scores are rounded to the unit once, and both the chain
and the replay use the rounded scores. It does not know where the rates come from or how sure they are; see
`cusum`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg.lapack import dgbtrf, dgbtrs

from auditor.errors import BadInput
from auditor.stats.array_checks import require_whole

Vector = NDArray[np.float64]

_STEADY = 1e-6
"""Relative distance of the hazard from its final value below which the tail is taken as geometric."""

_MOST_OUTCOMES = 1e13
"""A mean run length beyond this has no correct digit left, and no meaning."""


@dataclass(frozen=True, slots=True)
class BernoulliCusum:
    """A CUSUM on audited outcomes: an error adds `rises[h]` units, a clean outcome takes `falls[h]` away,
    never below 0.

    `unit` is the log-likelihood ratio of one unit, `mix` the share of each stratum in the stream; the alarm
    is at `threshold_units` or more.
    """

    unit: float
    rises: tuple[int, ...]
    falls: tuple[int, ...]
    mix: tuple[float, ...]
    threshold_units: int

    @property
    def threshold(self) -> float:
        """The alarm limit as a log-likelihood ratio."""
        return self.threshold_units * self.unit


@dataclass(frozen=True, slots=True)
class RunLength:
    """How many outcomes until the alarm, at these rates: the mean from 0 and, once settled, mean and
    quantiles."""

    rates: tuple[float, ...]
    mean: float
    settled_mean: float
    median: float
    ninetieth: float


Entries = tuple[NDArray[np.int64], NDArray[np.int64], Vector]


def _entries(chart: BernoulliCusum, rates: Sequence[float]) -> Entries:
    """Rows, columns and probabilities of the moves between the states below the threshold."""
    if len(rates) != len(chart.rises) or not all(0 <= rate <= 1 for rate in rates):
        raise BadInput(f"rates must be {len(chart.rises)} error rates from 0 to 1, one for each stratum.")
    state = np.arange(chart.threshold_units)
    rows, columns, chances = [], [], []
    for share, rate, rise, fall in zip(chart.mix, rates, chart.rises, chart.falls, strict=True):
        up = state + rise
        inside = up < chart.threshold_units
        rows += [state[inside], state]
        columns += [up[inside], np.maximum(0, state - fall)]
        chances += [np.full(int(inside.sum()), share * rate), np.full(state.size, share * (1 - rate))]
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(chances)


class _Band:
    """I - Q, factored: steps up and down are few units beside the states, so that all of it lies in a band."""

    def __init__(self, chart: BernoulliCusum, rates: Sequence[float]) -> None:
        rows, columns, chances = _entries(chart, rates)
        size, down, up = chart.threshold_units, max(chart.falls), min(chart.threshold_units - 1, max(chart.rises))
        self._below, self._above = min(down, size - 1), up
        band = np.zeros((2 * self._below + up + 1, size), order="F")
        band[self._below + up] = 1.0
        np.subtract.at(band.ravel(order="F"), self._below + up + rows - columns + columns * band.shape[0], chances)
        self._factors, self._pivots, _ = dgbtrf(band, self._below, up, overwrite_ab=1)

    def solve(self, right: Vector, *, transposed: bool = False) -> Vector:
        """x of (I - Q) x = right, or of its transpose."""
        x: Vector
        x, _ = dgbtrs(self._factors, self._below, self._above, right, self._pivots, trans=int(transposed))
        return x


def settled(chart: BernoulliCusum, rates: Sequence[float]) -> Vector:
    """The law of the statistic, in units, after long running at `rates` without an alarm (quasi-stationary).

    >>> chart = BernoulliCusum(1.0, (3,), (1,), (1.0,), 4)
    >>> settled(chart, [0.1]).round(3).tolist()
    [0.779, 0.068, 0.073, 0.08]
    """
    solver = _Band(chart, rates)
    law: Vector = np.full(chart.threshold_units, 1.0 / chart.threshold_units)
    for _ in range(200):
        before, law = law, solver.solve(law, transposed=True)
        law /= law.sum()
        if np.abs(law - before).sum() < 1e-13:
            break
    return law


def _mean_lengths(chart: BernoulliCusum, rates: Sequence[float]) -> Vector:
    """Mean outcomes to the alarm from every state; infinite where rounding leaves no digit of it (above
    1e13)."""
    solver = _Band(chart, rates)
    if max(rates) < 1e-12:
        return np.full(chart.threshold_units, np.inf)
    lengths = solver.solve(np.ones(chart.threshold_units))
    return lengths if 0 < lengths[0] < _MOST_OUTCOMES else np.full(chart.threshold_units, np.inf)


def mean_run_length(chart: BernoulliCusum, rates: Sequence[float]) -> float:
    """Mean number of outcomes from a fresh start to the alarm.

    **Assumes independent outcomes, strata arriving at random in the shares of the mix.** Brook and Evans
    (1972), Biometrika 59, 539-549; Reynolds and Stoumbos (1999), J. Quality Technology 31, 87-108.

    >>> round(mean_run_length(BernoulliCusum(1.0, (3,), (1,), (1.0,), 4), [0.1]), 3)
    46.9
    """
    return float(_mean_lengths(chart, rates)[0])


def mean_settled_run_length(chart: BernoulliCusum, rates: Sequence[float], *, before: Sequence[float]) -> float:
    """Mean number of outcomes to the alarm when the rates turn to `rates` after long running at `before`."""
    return float(settled(chart, before) @ _mean_lengths(chart, rates))


def _survival(
    chart: BernoulliCusum, rates: Sequence[float], start: Vector, *, upto: int, stop: float
) -> tuple[Vector, float]:
    """P(no alarm after t outcomes), t = 0, 1, ..., until it falls geometrically, and the log of that last
    ratio."""
    rows, columns, chances = _entries(chart, rates)
    move = sparse.csr_array((chances, (columns, rows)), shape=(start.size, start.size))
    final = 1 / mean_settled_run_length(chart, rates, before=rates)
    law, alive, near = start, [1.0], 0
    while len(alive) <= upto and alive[-1] > stop and near < 3:
        law = move @ law
        alive.append(float(law.sum()))
        hazard = 1 - alive[-1] / alive[-2]
        near = near + 1 if abs(hazard - final) < _STEADY * final + 1e-14 else 0
    return np.array(alive), float(np.log1p(-min(final, 1 - 1e-12)))


def run_length_quantiles(
    chart: BernoulliCusum, rates: Sequence[float], *, probabilities: Sequence[float], start: Vector
) -> list[float]:
    """Smallest numbers of outcomes by which the alarm has come with at least these probabilities; may be
    infinite."""
    alive, ratio = _survival(chart, rates, start, upto=1_000_000, stop=1 - max(probabilities))

    def outcomes(left: float) -> float:
        if alive[-1] <= left:
            return float(np.argmax(alive <= left))
        return float(alive.size - 1 + np.ceil(np.log(left / alive[-1]) / ratio)) if ratio else float("inf")

    return [outcomes(1 - probability) for probability in probabilities]


def false_alarm_probability(chart: BernoulliCusum, rates: Sequence[float], *, outcomes: int) -> float:
    """Chance that a fresh chart has alarmed within this many outcomes at `rates`.

    >>> round(false_alarm_probability(BernoulliCusum(1.0, (3,), (1,), (1.0,), 4), [0.1], outcomes=20), 4)
    0.3372
    """
    require_whole(outcomes, "outcomes")
    fresh = np.zeros(chart.threshold_units)
    fresh[0] = 1.0
    alive, ratio = _survival(chart, rates, fresh, upto=outcomes, stop=0.0)
    return float(1 - alive[-1] * np.exp(ratio * (outcomes - (alive.size - 1))))


def run_length(chart: BernoulliCusum, rates: Sequence[float], *, before: Sequence[float]) -> RunLength:
    """Mean, settled mean, median and 90th percentile of the outcomes until the alarm at `rates`, after
    running at `before`."""
    law = settled(chart, before)
    lengths = _mean_lengths(chart, rates)
    median, ninetieth = run_length_quantiles(chart, rates, probabilities=(0.5, 0.9), start=law)
    return RunLength(tuple(rates), float(lengths[0]), float(law @ lengths), median, ninetieth)
