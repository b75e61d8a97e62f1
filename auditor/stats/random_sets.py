"""Sets of one to four random numbers, such as page and line, from one or several frames: drawn by tickets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.results import Basis, Result
from auditor.stats.selection import draw

_MOST = 20_000_000  # so many sets take about a minute
_LONGEST = 4

_BASIS = Basis(
    method="sets of random numbers",
    formula="ticket(set) = SHA-256 of `seed,a-b-...`; the sets with the smallest tickets, smallest first",
    assumptions=("nobody could choose the seed after seeing what the numbers stand for",),
    source="FIPS 180-4 (SHA-256)",
    convention="every set of every frame has the same chance; without replacement; spares follow in the same order",
)


@dataclass(frozen=True, kw_only=True)
class RandomSets(Result):
    """The sets in order of selection and sorted, and the spares in order of selection."""

    sets: tuple[tuple[int, ...], ...]
    in_order: tuple[tuple[int, ...], ...]
    spares: tuple[tuple[int, ...], ...]


def random_sets(frames: Sequence[tuple[int, ...]], *, count: int, seed: str, spares: int = 0) -> RandomSets:
    """Sets of numbers, each set at most once, from one or several frames.

    frames: (low, high) of each number of a set, both included: (1, 500) for single numbers, (1, 40, 1, 25) for pages
    1 to 40 with lines 1 to 25; as many rows as there are frames, of the same length, none overlapping. count: how
    many sets, at least 1. seed: any text. spares: how many more. Raises BadInput.
    **Assumes a seed that nobody could choose after seeing what the numbers stand for.** FIPS 180-4 (SHA-256).

    >>> found = random_sets([(1, 40, 1, 25), (41, 41, 1, 7)], count=2, seed="31", spares=1)
    >>> found.sets, found.spares
    (((3, 23), (28, 23)), ((27, 19),))
    """
    rooms = [_ranges(row) for row in frames]
    if not rooms or len({len(room) for room in rooms}) > 1:
        raise BadInput("frames must hold at least one row, all with the same number of numbers.")
    _refuse_overlaps(rooms)
    wanted, more = checks.count(count, "count", least=1), checks.count(spares, "spares")
    there = sum(prod(map(len, room)) for room in rooms)
    if there > _MOST:
        raise BadInput(f"frames must hold at most {_MOST:,} sets, not {there:,}.")
    if wanted + more > there:
        raise BadInput(f"count and spares must not exceed the {there:,} sets in the frames.")
    named = ("-".join(map(str, each)) for room in rooms for each in product(*room))
    drawn = [tuple(map(int, name.split("-"))) for name in draw(named, seed=seed, size=wanted + more)]
    return RandomSets(
        basis=_BASIS,
        inputs={"frames": tuple(frames), "count": wanted, "spares": more, "seed": seed},
        sets=tuple(drawn[:wanted]),
        in_order=tuple(sorted(drawn[:wanted])),
        spares=tuple(drawn[wanted:]),
    )


def _ranges(row: Iterable[int]) -> tuple[range, ...]:
    ends = [checks.count(each, "frames") for each in row]
    if len(ends) not in range(2, 2 * _LONGEST + 1, 2):
        raise BadInput(f"frames must give low and high of 1 to {_LONGEST} numbers: 1/500, or 1/40/1/25.")
    found = tuple(range(low, high + 1) for low, high in zip(ends[::2], ends[1::2], strict=True))
    if not all(found):
        raise BadInput("frames must give low before high, and high not below it.")
    return found


def _refuse_overlaps(rooms: Sequence[tuple[range, ...]]) -> None:
    for place, room in enumerate(rooms):
        for other in rooms[:place]:
            if all(a.start < b.stop and b.start < a.stop for a, b in zip(room, other, strict=True)):
                raise BadInput("frames must not overlap: a set in two of them would have two chances.")
