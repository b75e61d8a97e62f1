"""Run a 0/1 CUSUM over a stream: alarms, the statistic at every outcome, and since when it has been rising.

The statistic can only alarm at an error and only falls between errors, so it is enough to walk from error
to error. It restarts from 0 after each alarm. It knows no clock and keeps no state between calls.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from auditor.stats.array_checks import require_binary, require_labels
from auditor.stats.cusum_chain import BernoulliCusum

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CusumReplay:
    """Alarms and estimated change points as indices from 0, pairwise; `path` in units of log-likelihood
    ratio.

    `change` is where the current rise began, should one be under way: the outcome after the last zero.
    """

    alarms: tuple[int, ...]
    changes: tuple[int, ...]
    path: NDArray[np.float64]
    change: int | None


@dataclass(slots=True)
class _Walk:
    """What the walk from error to error leaves behind: the statistic after each, and the alarms."""

    after: list[int]
    alarms: list[int]
    changes: list[int]
    since: int


def _walk(errors: Sequence[int], drops: Sequence[int], rises: Sequence[int], threshold: int) -> _Walk:
    """Follow the statistic over the errors; `drops` is what all clean outcomes before an error take away
    together."""
    level, dropped = 0, 0
    walk = _Walk([], [], [], 0)
    for error, drop, rise in zip(errors, drops, rises, strict=True):
        level -= drop - dropped
        dropped = drop
        if level <= 0:
            level, walk.since = 0, error
        level += rise
        if level >= threshold:
            walk.alarms.append(error)
            walk.changes.append(walk.since)
            level, walk.since = 0, error + 1
        walk.after.append(level)
    return walk


def replay(chart: BernoulliCusum, outcomes: ArrayLike, *, strata: ArrayLike | None = None) -> CusumReplay:
    """Every alarm of `chart` over `outcomes` (1 is an error, 0 is clean), in the order in which they came.

    `strata` gives the stratum (0, 1, ...) of each outcome and may be left out when the chart has one.
    Raises BadInput for anything but 0 and 1 and for unknown strata. **Assumes that the order of the array
    is the order of the stream.** Page (1954), Biometrika 41, 100-115; change point: Page (1954), section 3.

    >>> chart = BernoulliCusum(unit=1.0, rises=(3,), falls=(1,), mix=(1.0,), threshold_units=5)
    >>> answer = replay(chart, [0, 1, 0, 1, 0, 1, 0])
    >>> answer.alarms, answer.changes, answer.path.tolist()
    ((3,), (1,), [0.0, 3.0, 2.0, 5.0, 0.0, 3.0, 2.0])
    """
    stream = require_binary(outcomes, "outcomes")
    errors = np.flatnonzero(stream)
    falls, rises = _steps(chart, stream, errors, strata)
    walk = _walk(
        errors.tolist(), falls[errors].tolist() if errors.size else [], rises.tolist(), chart.threshold_units
    )
    path = _path(falls, errors, walk)
    path[walk.alarms] = _at_alarms(errors, falls, rises, walk)
    since = _under_way(path, walk)
    levels: NDArray[np.float64] = path.astype(np.float64)
    levels *= chart.unit
    return CusumReplay(tuple(walk.alarms), tuple(walk.changes), levels, since)


def _steps(
    chart: BernoulliCusum, stream: NDArray[np.bool_], errors: Integers, strata: ArrayLike | None
) -> tuple[Integers, Integers]:
    """What clean outcomes have taken away up to and with each outcome, and what each error adds."""
    clean = ~stream
    if strata is None and len(chart.rises) == 1:
        return np.cumsum(clean) * chart.falls[0], np.full(errors.size, chart.rises[0])
    label = require_labels(strata, "strata", size=stream.size, kinds=len(chart.rises))
    falls = np.cumsum(np.where(clean, np.array(chart.falls)[label], 0))
    return falls, np.array(chart.rises)[label[errors]]


def _path(falls: Integers, errors: Integers, walk: _Walk) -> Integers:
    """The statistic at every outcome, from its value after each error and the falls since."""
    bases = np.concatenate([[0], np.array(walk.after, dtype=np.int64) + falls[errors]])
    lengths = np.diff(np.concatenate([[0], errors, [falls.size]]))
    path: Integers = np.repeat(bases, lengths)
    path -= falls
    return np.maximum(path, 0, out=path)


def _at_alarms(errors: Integers, falls: Integers, rises: Integers, walk: _Walk) -> Integers:
    """The statistic that raised each alarm: what stood before the error, and the error's step."""
    place = np.searchsorted(errors, walk.alarms)
    levels = np.concatenate([[0], np.array(walk.after, dtype=np.int64)])[place]
    dropped = falls[errors[place]] - np.where(place > 0, falls[errors[place - 1]], 0)
    before: Integers = np.maximum(levels - dropped, 0)
    return before + rises[place]


def _under_way(path: Integers, walk: _Walk) -> int | None:
    """Where the rise that has not ended began; None at zero or right after an alarm."""
    ended = path.size == 0 or path[-1] == 0 or (walk.alarms and walk.alarms[-1] == path.size - 1)
    return None if ended else walk.since
