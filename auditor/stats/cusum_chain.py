"""Run lengths of a 0/1 CUSUM: an exact Markov chain, because every step is a whole number of one unit.

The chart that is designed is the chart that runs: scores are rounded to the unit once, and both the chain
and the replay use the rounded scores. It does not know where the rates come from or how sure they are; see
`cusum`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from auditor.errors import BadInput

Vector = NDArray[np.float64]

_STEADY = 1e-12
"""Relative change of the survival ratio below which the tail is taken as geometric."""

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
    median: int
    ninetieth: int


Entries = tuple[NDArray[np.int64], NDArray[np.int64], Vector]


def _entries(chart: BernoulliCusum, rates: Sequence[float]) -> Entries:
    """Rows, columns and probabilities of the moves between the states below the threshold."""
    state = np.arange(chart.threshold_units)
    rows, columns, chances = [], [], []
    for share, rate, rise, fall in zip(chart.mix, rates, chart.rises, chart.falls, strict=True):
        up = state + rise
        inside = up < chart.threshold_units
        rows += [state[inside], state]
        columns += [up[inside], np.maximum(0, state - fall)]
        chances += [np.full(int(inside.sum()), share * rate), np.full(state.size, share * (1 - rate))]
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(chances)


def _solve(entries: Entries, right: Vector) -> Vector:
    """x of (I - Q) x = right, by the band in which all moves lie."""
    rows, columns, chances = entries
    below, above = int((rows - columns).max(initial=0)), int((columns - rows).max(initial=0))
    band = np.zeros((below + above + 1, right.size))
    band[above] = 1.0
    np.subtract.at(band, (above + rows - columns, columns), chances)
    solution: Vector = linalg.solve_banded((below, above), band, right, overwrite_ab=True, check_finite=False)
    return solution


def settled(chart: BernoulliCusum, rates: Sequence[float]) -> Vector:
    """The law of the statistic, in units, after long running at `rates` without an alarm (quasi-stationary).

    >>> chart = BernoulliCusum(1.0, (3,), (1,), (1.0,), 4)
    >>> settled(chart, [0.1]).round(3).tolist()
    [0.779, 0.068, 0.073, 0.08]
    """
    rows, columns, chances = _entries(chart, rates)
    law = np.full(chart.threshold_units, 1.0 / chart.threshold_units)
    for _ in range(200):
        after = _solve((columns, rows, chances), law)
        after /= after.sum()
        if np.abs(after - law).sum() < 1e-13:
            break
        law = after
    return after


def _mean_lengths(chart: BernoulliCusum, rates: Sequence[float]) -> Vector:
    """Mean outcomes to the alarm from every state; infinite where rounding leaves no digit of it (above
    1e13)."""
    if len(rates) != len(chart.rises) or not all(0 <= rate <= 1 for rate in rates):
        raise BadInput(f"rates must be {len(chart.rises)} error rates from 0 to 1, one for each stratum.")
    if max(rates) < 1e-12:
        return np.full(chart.threshold_units, np.inf)
    lengths = _solve(_entries(chart, rates), np.ones(chart.threshold_units))
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
    """P(no alarm after t outcomes), t = 0, 1, ..., and the ratio at which it goes on falling after the last
    one."""
    rows, columns, chances = _entries(chart, rates)
    move = sparse.csr_array((chances, (columns, rows)), shape=(start.size, start.size))
    law, alive, ratio = start, [1.0], 1.0
    while len(alive) <= upto and alive[-1] > stop:
        law = move @ law
        left = float(law.sum())
        previous, ratio = ratio, left / alive[-1]
        alive.append(left)
        if len(alive) > start.size and abs(ratio - previous) < _STEADY * (1 - ratio):
            break
    return np.array(alive), ratio


def run_length_quantile(chart: BernoulliCusum, rates: Sequence[float], *, probability: float, start: Vector) -> int:
    """Smallest number of outcomes by which the alarm has come with at least this probability."""
    alive, ratio = _survival(chart, rates, start, upto=1_000_000, stop=1 - probability)
    if alive[-1] <= 1 - probability:
        return int(np.argmax(alive <= 1 - probability))
    return alive.size - 1 + int(np.ceil(np.log((1 - probability) / alive[-1]) / np.log(ratio)))


def false_alarm_probability(chart: BernoulliCusum, rates: Sequence[float], *, outcomes: int) -> float:
    """Chance that a fresh chart has alarmed within this many outcomes at `rates`.

    >>> round(false_alarm_probability(BernoulliCusum(1.0, (3,), (1,), (1.0,), 4), [0.1], outcomes=20), 4)
    0.3372
    """
    fresh = np.zeros(chart.threshold_units)
    fresh[0] = 1.0
    alive, ratio = _survival(chart, rates, fresh, upto=outcomes, stop=0.0)
    return float(1 - alive[-1] * ratio ** (outcomes - (alive.size - 1)))


def run_length(chart: BernoulliCusum, rates: Sequence[float], *, before: Sequence[float]) -> RunLength:
    """Mean, settled mean, median and 90th percentile of the outcomes until the alarm at `rates`, after
    running at `before`."""
    law = settled(chart, before)
    lengths = _mean_lengths(chart, rates)
    median, ninetieth = (run_length_quantile(chart, rates, probability=share, start=law) for share in (0.5, 0.9))
    return RunLength(tuple(rates), float(lengths[0]), float(law @ lengths), median, ninetieth)
