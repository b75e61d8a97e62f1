"""A draw with unequal chances, without replacement, whose inclusion probabilities are exact for every size.

The design is elimination (Tillé 1996): from all items one is struck out after the other, each time with the chance
that takes the inclusion probabilities from min(1, c w) at one size to those at the next smaller one. So samples of
all sizes are nested, a larger draw extends a smaller one, and with equal weights it is the plain draw. Which item
is struck out is settled by a race: an item's clock, -ln(ticket as a uniform), runs down at the speed of its present
chance, and the first to reach zero goes; an exponential clock has no memory, so tickets serve all rounds.
Does not know dollars or risk, only weights.
"""

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.checks import Floats
from auditor.stats.tickets import tickets, uniform


@dataclass(frozen=True)
class WeightedPick:
    """A drawn item, in draw order, with the probability that a sample of this size includes it."""

    item_id: str
    ticket: str
    weight: float
    inclusion_probability: float


def inclusion_probabilities(weights: Iterable[float], *, size: int) -> tuple[float, ...]:
    """min(1, c * weight), with c such that they add up to size.

    weights: at least 0, one an item. size: 0 to the number of weights above 0. Raises BadInput.
    **Assumes nothing.** Tillé 2006, Sampling Algorithms, 2.10.

    >>> [round(p, 6) for p in inclusion_probabilities([0.1, 0.4], size=1)]
    [0.2, 0.8]
    """
    column = checks.numbers(weights, "weights", least=0)
    wanted = _wanted(column, size)
    ascending = np.sort(column[column > 0])
    descending: list[float] = ascending[::-1].tolist()
    rests = _rests(descending)
    scale, certain = _scale(descending, rests, wanted, len(descending))
    least_certain = descending[certain - 1] if certain else math.inf
    return tuple(1.0 if w >= least_certain else float(min(1.0, scale * w)) for w in column)


def weighted_draw(item_ids: Iterable[str], weights: Iterable[float], *, seed: str, size: int) -> list[WeightedPick]:
    """`size` items, chances in proportion to weights, each with its exact inclusion probability.

    item_ids: natural keys, each once. weights: at least 0, one an item (dollars, risk); items of weight 0 are never
    drawn. seed: any text. size: 0 to the number of weights above 0. Items whose share exceeds one draw are certain.
    Raises BadInput. **Assumes a seed that nobody could choose after seeing the items.**
    Tillé 1996, doi:10.1093/biomet/83.1.238 (elimination procedure).

    >>> [(p.item_id, p.inclusion_probability) for p in weighted_draw("abc", [1, 1, 2], seed="7", size=2)]
    [('c', 1.0), ('a', 0.5)]
    """
    named = tickets(item_ids, seed)
    column = checks.numbers(weights, "weights", least=0, length=len(named))
    wanted = _wanted(column, size)
    chances = inclusion_probabilities(column, size=wanted) if wanted else ()
    order = _struck_out(named, column)[::-1][:wanted]
    return [WeightedPick(named[i][1], named[i][0], float(column[i]), chances[i]) for i in order]


def _wanted(weights: Floats, size: int) -> int:
    wanted, available = checks.count(size, "size"), int((weights > 0).sum())
    if wanted > available:
        raise BadInput(f"size must not exceed the {available} items with a weight above 0; got {wanted}.")
    return wanted


def _rests(descending: Sequence[float]) -> list[float]:
    """The sum of all weights from each place on."""
    sums: list[float] = np.cumsum(np.asarray(descending)[::-1])[::-1].tolist()
    return sums


def _scale(descending: Sequence[float], rests: list[float], size: int, certain: int) -> tuple[float, int]:
    """The c of min(1, c w) at a size, and how many of the largest are certain: never more than at a larger size."""
    while certain and (size - certain + 1) * descending[certain - 1] <= rests[certain - 1]:
        certain -= 1
    return ((size - certain) / rests[certain] if certain < len(rests) else 0.0), certain


def _struck_out(named: list[tuple[str, str]], weights: Floats) -> list[int]:
    """Positions of the items in the order in which they are struck out; weight 0 takes no part."""
    by_ticket = sorted((i for i in range(len(named)) if weights[i] > 0), key=lambda i: named[i])
    # Ties of clocks are settled by ticket: of two equal clocks the larger ticket goes first.
    place = {i: -rank for rank, i in enumerate(by_ticket)}
    order = sorted(by_ticket, key=lambda i: -weights[i])
    race = _Race(
        [weights[i] for i in order], [-math.log(uniform(named[i][0])) for i in order], [place[i] for i in order]
    )
    return [order[j] for j in race.run()]


class _Race:
    """Items by descending weight, from all of them down to one; `struck` holds who went, first to last."""

    def __init__(self, weights: list[float], clocks: list[float], places: list[int]) -> None:
        self.weights, self.clocks, self.places = weights, clocks, places
        self.rests = _rests(weights)
        self.elapsed = 0.0
        self.running: list[tuple[float, int, int]] = []
        self.struck: list[int] = []

    def run(self) -> list[int]:
        """Everybody, in the order of leaving."""
        size = len(self.weights)
        scale, certain = _scale(self.weights, self.rests, size, size) if size else (0.0, 0)
        self._start(range(certain, size))
        while certain:
            size -= 1
            following, still_certain = _scale(self.weights, self.rests, size, certain)
            speed = 1 - following / scale if certain < len(self.weights) else 0.0
            self._strike(speed, {j: 1 - following * self.weights[j] for j in range(still_certain, certain)})
            scale, certain = following, still_certain
        # With nobody certain all clocks run at one speed: who has least left goes first.
        return self.struck + [j for _, _, j in sorted(self.running)]

    def _start(self, joining: Iterable[int]) -> None:
        for j in joining:
            heapq.heappush(self.running, (self.elapsed + self.clocks[j], self.places[j], j))

    def _strike(self, speed: float, joining: dict[int, float]) -> None:
        """Let one go: of the running, at a common speed, or of those who join now, each at a speed of its own."""
        leaving = [(self.clocks[j] / s, self.places[j], j) for j, s in joining.items() if s > 0]
        if self.running and speed > 0:
            due, place, j = self.running[0]
            leaving.append(((due - self.elapsed) / speed, place, j))
        time, _, gone = min(leaving)
        self.struck.append(gone)
        if gone not in joining:
            heapq.heappop(self.running)
        self.elapsed += speed * time
        for j, own in joining.items():
            self.clocks[j] -= own * time
        self._start(j for j in joining if j != gone)
