"""Intervals drawn as text: a dot for the estimate, a line for the interval, a bar where the tolerable rate lies."""

from collections.abc import Iterable
from dataclasses import dataclass

_NOISE = 1e-9  # what is above zero but for rounding
_NICE = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0)


@dataclass(frozen=True, kw_only=True)
class Scale:
    """From which value to which the columns of a drawing go."""

    low: float
    high: float
    columns: int = 20

    def column(self, value: float) -> int:
        """The column of a value, at the edge when it lies beyond."""
        share = (value - self.low) / (self.high - self.low)
        return min(self.columns - 1, max(0, round(share * (self.columns - 1))))


def scale_of(values: Iterable[float | None]) -> Scale:
    """A scale from 0 (or as far below as needed) to a round value that holds them all.

    >>> scale_of([0.01, 0.083, None]).high
    0.1
    """
    known = [value for value in values if value is not None]
    highest, lowest = max(known, default=1.0), min(known, default=0.0)
    high = next((nice for nice in _NICE if nice >= highest), 1.0)
    low = 0.0 if lowest >= -_NOISE else -next((nice for nice in _NICE if nice >= -lowest), 1.0)
    return Scale(low=low, high=high)


def whisker(
    scale: Scale,
    estimate: float,
    limits: tuple[float, float] | None,
    *,
    mark: float | None = None,
    is_sure: bool = True,
) -> str:
    """One interval as one line of text; the dot is hollow where there are too few units to say.

    >>> whisker(Scale(low=0, high=1, columns=11), 0.5, (0.2, 0.7), mark=0.9)
    '  ├──●─┤ ╎ '
    """
    line = [" "] * scale.columns
    if limits is not None:
        left, right = scale.column(limits[0]), scale.column(limits[1])
        line[left : right + 1] = ["─"] * (right - left + 1)
        line[left], line[right] = "├", "┤"
    if mark is not None and scale.low <= mark <= scale.high:
        line[scale.column(mark)] = "╎" if line[scale.column(mark)] == " " else "┼"
    line[scale.column(estimate)] = "●" if is_sure else "○"
    return "".join(line)
