"""Which numbers an option of a monitor can be: those that would let it never speak, or always, are refused."""

import math
import operator
from collections.abc import Callable, Mapping

_REFUSED: tuple[tuple[str, Callable[[float, float], bool], float, str], ...] = (
    ("share", operator.le, 0, "must be above 0: a monitor without a share could never alarm"),
    ("spend", operator.le, 0, "must be above 0: a monitor that spends nothing could never alarm"),
    ("spend", operator.gt, 1, "must be 1 at most: it is a part of the monitor's share"),
    ("odds_ratio", operator.le, 1, "must be above 1: odds that are 1 times as large are no drift"),
    ("least_baseline", operator.lt, 1, "must be 1 case or more"),
    ("least_ratio", operator.lt, 1, "must be 1 or more: rates above and below are compared alike"),
    ("least_share", operator.ge, 1, "must be below 1: it is less than a usual week"),
    ("most_share", operator.le, 1, "must be above 1: it is more than a usual week"),
)


def refusals(options: Mapping[str, float]) -> dict[str, str]:
    """What cannot be: each option with what it has to be, in words that follow the option's name.

    >>> refusals({"share": 0.0, "spend": 0.5})
    {'share': 'must be above 0: a monitor without a share could never alarm'}
    """
    found = {
        name: f"must be a number, 0 or more, and not {value:g}"
        for name, value in options.items()
        if not (math.isfinite(value) and value >= 0)
    }
    for name, beyond, limit, said in _REFUSED:
        if name in options and name not in found and beyond(options[name], limit):
            found[name] = said
    least, most = options.get("least_baseline"), options.get("most_baseline")
    if least is not None and most is not None and not found and least > most:
        found["most_baseline"] = f"must be as large as the least baseline, {least:g}, or larger"
    return found
