"""Which numbers an option of a monitor can be: those that would let it never speak, or always, are refused."""

import math
from collections.abc import Mapping

_LEAST: dict[str, tuple[float, str]] = {
    "least_baseline": (1, "must be 1 case or more"),
    "least_ratio": (1, "must be 1 or more: rates above and below are compared alike"),
}
_ABOVE: dict[str, tuple[float, str]] = {
    "share": (0, "must be above 0: a monitor without a share could never alarm"),
    "spend": (0, "must be above 0: a monitor that spends nothing could never alarm"),
    "odds_ratio": (1, "must be above 1: odds that are 1 times as large are no drift"),
    "most_share": (1, "must be above 1: it is more than a usual week"),
}
_MOST: dict[str, tuple[float, str]] = {"spend": (1, "must be 1 at most: it is a part of the monitor's share")}
_BELOW: dict[str, tuple[float, str]] = {"least_share": (1, "must be below 1: it is less than a usual week")}


def refusals(options: Mapping[str, float]) -> dict[str, str]:
    """What cannot be: each option with what it has to be, in words that follow the option's name.

    >>> refusals({"share": 0.0, "spend": 0.5})
    {'share': 'must be above 0: a monitor without a share could never alarm'}
    """
    found = {name: refused for name, value in options.items() if (refused := _refused(name, value))}
    least, most = options.get("least_baseline"), options.get("most_baseline")
    if least is not None and most is not None and not found and least > most:
        found["most_baseline"] = f"must be as large as the least baseline, {least:g}, or larger"
    return found


def _refused(name: str, value: float) -> str:
    if not (math.isfinite(value) and value >= 0):
        return f"must be a number, 0 or more, and not {value:g}"
    limits = (
        (_LEAST, lambda limit: value < limit),
        (_ABOVE, lambda limit: value <= limit),
        (_MOST, lambda limit: value > limit),
        (_BELOW, lambda limit: value >= limit),
    )
    return next((said[name][1] for said, beyond in limits if name in said and beyond(said[name][0])), "")
