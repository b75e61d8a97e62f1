"""Evidence against "nothing has changed", accumulated over a stream: the recursions behind the e-detector.

Each bet turns an outcome into a factor whose mean is 1 at most as long as nothing has changed; here the
factors are multiplied, the starting points added up (Shiryaev-Roberts) or the best one kept (CUSUM), and
the bets averaged. It does not know how the factors were made.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Factors = Callable[[int, int], Floats]
"""From the first outcome and the one after the last to their factors, one row a bet."""


class Accumulation(Enum):
    """How evidence of different starting points is put together."""

    SHIRYAEV_ROBERTS = "sum over starting points"
    CUSUM = "largest over starting points"


@dataclass(frozen=True, slots=True)
class DetectorReplay:
    """Alarms as indices from 0, the likeliest start of each change, and the log of the statistic after each
    outcome.

    `change` is the likeliest start of a change that has not led to an alarm; None where nothing speaks for
    one.
    """

    alarms: tuple[int, ...]
    changes: tuple[int, ...]
    log_values: Floats
    log_threshold: float
    change: int | None


@dataclass(frozen=True, slots=True)
class _Rise:
    """An alarm with the bet that carried it."""

    start: int
    end: int
    bet: int


_FIRST, _LONGEST, _LOOK_BACK = 1 << 9, 1 << 13, 1 << 14
_SMALL, _LARGE = 1e-200, 1e200


def _block(factors: Floats, carry: Floats, accumulation: Accumulation) -> Floats | None:
    """The statistic of each bet over a block, from its value before it; None when it leaves the
    floating-point range.

    With P the running product, Shiryaev-Roberts is P * (carry + sum of 1/P before), CUSUM takes the larger
    instead.
    """
    with np.errstate(over="ignore", under="ignore"):
        product: Floats = np.cumprod(factors, axis=1, dtype=np.float64)
    if product.min() < _SMALL or product.max() > _LARGE:
        return None
    starts = np.empty_like(product)
    starts[:, 0] = 1.0
    np.divide(1.0, product[:, :-1], out=starts[:, 1:])
    if accumulation is Accumulation.CUSUM:
        np.maximum(starts[:, 0], carry, out=starts[:, 0])
        np.maximum.accumulate(starts, axis=1, out=starts)
    else:
        starts[:, 0] += carry
        np.cumsum(starts, axis=1, out=starts)
    product *= starts
    return product


def run(
    factors: Factors, *, size: int, weights: Floats, log_threshold: float, accumulation: Accumulation
) -> DetectorReplay:
    """Run the average of the bets' statistics over a stream of `size` outcomes; restart after each alarm.

    `weights` are positive and add up to 1; factors lie above 0. Blocks are shortened where products would
    leave the floating-point range; the answer does not depend on their length.
    """
    carry, logs, threshold = np.zeros(weights.size), np.empty(size), np.exp(log_threshold) * (1 - 1e-12)
    alarms: list[_Rise] = []
    place, length, fresh = 0, _FIRST, 0
    while place < size:
        end = min(size, place + length)
        paths = _block(factors(place, end), carry, accumulation)
        if paths is None:
            length = max(1, length // 4)
            continue
        values = weights @ paths
        late = np.flatnonzero(values >= threshold)
        if late.size:
            last = int(late[0])
            end = place + last + 1
            alarms.append(_Rise(fresh, end, int(np.argmax(weights * paths[:, last]))))
            fresh, length = end, _FIRST
        logs[place:end] = values[: end - place]
        carry = np.zeros(weights.size) if late.size else paths[:, -1].copy()
        place, length = end, min(2 * length, _LONGEST)
    under_way = _Rise(fresh, size, int(np.argmax(weights * carry)))
    return DetectorReplay(
        alarms=tuple(rise.end - 1 for rise in alarms),
        changes=tuple(_likeliest_start(factors, rise)[0] for rise in alarms),
        log_values=np.log(logs, out=logs),
        log_threshold=log_threshold,
        change=_change_under_way(factors, under_way),
    )


def _likeliest_start(factors: Factors, rise: _Rise) -> tuple[int, float]:
    """From which outcome on the product of one bet's factors is largest, and its log; the last 16,384 are
    searched."""
    first = max(rise.start, rise.end - _LOOK_BACK)
    log_products = np.cumsum(np.log(factors(first, rise.end)[rise.bet]))
    before = np.concatenate([[0.0], log_products[:-1]])
    best = int(np.argmin(before))
    return first + best, float(log_products[-1] - before[best])


def _change_under_way(factors: Factors, rise: _Rise) -> int | None:
    if rise.start == rise.end:
        return None
    start, log_product = _likeliest_start(factors, rise)
    return start if log_product > 0 else None


def from_start(factors: Factors, *, size: int, weights: Floats) -> Floats:
    """Log of the average product of each bet's factors from the first outcome on: a test martingale, not a
    detector."""
    sums = np.cumsum(np.log(factors(0, size)), axis=1)
    logs: Floats = np.logaddexp.reduce(sums + np.log(weights)[:, None], axis=0)
    return logs
