"""The quickest Bernoulli CUSUM when the baseline is known: its scores in whole units, and the smallest threshold."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from auditor.errors import BadInput
from auditor.stats.array_checks import Floats, require_number, require_rates, require_shares
from auditor.stats.cusum_chain import BernoulliCusum, mean_run_length

MOST_STATES = 40_000
"""Beyond this many units the chain takes longer than a second; the rates are then too small for a 0/1
chart."""


def _scores(baseline: Floats, detect: Floats, grain: int) -> tuple[float, tuple[int, ...], tuple[int, ...]]:
    """The unit, and what an error adds and a clean outcome takes away in whole units, per stratum."""
    up, down = np.log(detect / baseline), np.log((1 - baseline) / (1 - detect))
    least = float(min(up.min(), down.min()))
    unit = least / min(grain, max(1, int(500 * least)))
    rises, falls = (tuple(np.maximum(1, np.rint(step / unit)).astype(int).tolist()) for step in (up, down))
    return unit, rises, falls


def bernoulli_cusum(
    baseline: ArrayLike,
    *,
    detect: ArrayLike,
    arl: float,
    mix: ArrayLike = (1.0,),
    grain: int = 8,
    most_states: int = MOST_STATES,
) -> BernoulliCusum:
    """The CUSUM that is quickest at `detect` among those with a mean run length of at least `arl` outcomes
    at `baseline`.

    `baseline` and `detect` are error rates in (0, 1), one a stratum, detect above baseline; `mix` the share
    of each stratum in the audited stream; `grain` into how many units the smallest step is cut at most;
    beyond `most_states` units no chart is designed. Raises BadInput outside these ranges. **Assumes
    independent outcomes and rates that are known: with an estimated baseline use `design`.** Moustakides
    (1986), Annals of Statistics 14, 1379-1387; Reynolds and Stoumbos (1999), J. Quality Technology 31,
    87-108.

    >>> chart = bernoulli_cusum(0.05, detect=0.10, arl=10_000)
    >>> round(chart.threshold, 2), [round(mean_run_length(chart, [rate])) for rate in (0.05, 0.10)]
    (4.95, [10033, 202])
    """
    before, after = _pair(baseline, detect)
    shares = require_shares(mix, "mix", size=before.size)
    require_number(arl, "arl", above=1, below=1e12)
    unit, rises, falls = _scores(before, after, grain)
    rates = before.tolist()

    def length(units: int) -> float:
        return mean_run_length(BernoulliCusum(unit, rises, falls, tuple(shares.tolist()), units), rates)

    first = max(*falls, 1, round(np.log(arl) / 2 / unit))
    return BernoulliCusum(
        unit, rises, falls, tuple(shares.tolist()), _smallest(length, arl, (unit, most_states), first=first)
    )


def _pair(baseline: ArrayLike, detect: ArrayLike) -> tuple[Floats, Floats]:
    before, after = (np.atleast_1d(np.asarray(rates, dtype=np.float64)) for rates in (baseline, detect))
    require_rates(before, "baseline")
    require_rates(after, "detect")
    if before.size != after.size or not (before < after).all():
        raise BadInput("baseline must be below detect in every stratum.")
    return before, after


def _smallest(length: Callable[[int], float], arl: float, units: tuple[float, int], *, first: int) -> int:
    """The smallest number of units whose run length is enough.

    The logarithm of the length grows nearly in a line, by about `unit` a unit: each trial is where the line through
    the last two says, within what is known.
    """
    (unit, most), goal = units, np.log(arl)
    low, high, tried, slope = 0, most + 1, min(first, most), unit
    last: tuple[int, float] | None = None
    while high - low > 1:
        with np.errstate(divide="ignore"):
            reached = float(np.log(max(0.0, length(tried))))
        low, high = (low, tried) if reached >= goal else (tried, high)
        if low >= most:
            raise BadInput(
                "baseline is too small, baseline and detect too close, or arl too large for a chart of this kind."
            )
        if last is not None and np.isfinite(reached) and tried != last[0]:
            slope = max(unit / 8, (reached - last[1]) / (tried - last[0]))
        last = (tried, reached) if np.isfinite(reached) else None
        step = (goal - reached) / slope if np.isfinite(reached) else -tried / 2
        tried += max(1, int(np.ceil(step))) if step > 0 else min(-1, int(np.ceil(step)))
        tried = min(max(tried, low + 1), high - 1, max(2 * low, first))
    return high
