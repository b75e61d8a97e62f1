"""Draws one case after the other, each among those left with a chance in proportion to its weight.

The order comes from the portable tickets: with the ticket read as a uniform u, the item with the smallest
-ln(u) / weight is first (Efraimidis and Spirakis 2006). So a larger draw extends a smaller one, the order of rows is
irrelevant, and the chance at each turn is known exactly: what a weighted sequential limit needs. For estimates with
inclusion probabilities use weighted_selection.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log

import numpy as np

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.tickets import tickets, uniform


@dataclass(frozen=True, slots=True)
class SuccessivePick:
    """A drawn item with its chance among the items left at its turn, and the smallest chance any of those had."""

    item_id: str
    ticket: str
    weight: float
    chance: float
    least_chance: float


def successive_draw(
    item_ids: Iterable[str], weights: Iterable[float], *, seed: str, size: int
) -> list[SuccessivePick]:
    """The first `size` items of a draw without replacement, chances in proportion to weights at each turn.

    item_ids: natural keys, each once; weights: above 0, one an item; seed: any text; size: 0 to the number of items.
    **Assumes a seed that nobody could choose after seeing the items.** Raises: BadInput for weights not above 0.

    >>> [(p.item_id, round(p.chance, 3)) for p in successive_draw("abc", [1, 1, 2], seed="7", size=2)]
    [('b', 0.25), ('a', 0.333)]

    Efraimidis and Spirakis (2006), doi:10.1016/j.ipl.2005.11.003.
    """
    named = tickets(item_ids, seed)
    column = checks.numbers(weights, "weights", least=0, length=len(named))
    if column.min() <= 0:
        raise BadInput("weights must be above 0; give an item that matters little a small weight.")
    wanted = checks.count(size, "size")
    if wanted > len(named):
        raise BadInput(f"size must not exceed the {len(named)} items; got {wanted}.")
    clocks = np.array([-log(uniform(ticket)) for ticket, _ in named]) / column
    order = sorted(range(len(named)), key=lambda i: (clocks[i], named[i]))
    ordered = column[order]
    left = np.cumsum(ordered[::-1])[::-1]
    smallest = np.minimum.accumulate(ordered[::-1])[::-1]
    return [
        SuccessivePick(
            named[i][1], named[i][0], float(column[i]), float(ordered[t] / left[t]), float(smallest[t] / left[t])
        )
        for t, i in enumerate(order[:wanted])
    ]
