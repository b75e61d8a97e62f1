"""From values to places on a chart: linear and logarithmic scales with round ticks."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Values from `low` to `high` laid from place `start` to place `end`; `log` for values above 0."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """The place of a value; values outside are held at the edge."""
        held = min(max(value, self.low), self.high)
        if self.log:
            share = math.log(held / self.low) / math.log(self.high / self.low)
        else:
            share = (held - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def ticks(low: float, high: float, *, about: int = 5) -> tuple[float, ...]:
    """Round values from at most `low` to at least `high`, some `about` of them.

    >>> ticks(0, 0.23)
    (0.0, 0.05, 0.1, 0.15, 0.2, 0.25)
    >>> ticks(3, 3)
    (3.0, 4.0)
    """
    if not high > low:
        return (float(low), float(low) + 1)
    rough = (high - low) / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(round(k * step, 12) for k in range(first, last + 1))


def log_ticks(low: float, high: float) -> tuple[float, ...]:
    """The powers of ten around `low` and `high`.

    >>> log_ticks(0.5, 300)
    (0.1, 1.0, 10.0, 100.0, 1000.0)
    """
    first, last = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
    return tuple(10.0**k for k in range(first, max(last, first + 1) + 1))
