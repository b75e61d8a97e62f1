"""Random numbers over a range, in order of selection, with spares: drawn by tickets, so anyone can redraw them."""

from dataclasses import dataclass

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.results import Basis, Result
from auditor.stats.selection import draw

_MOST = 20_000_000  # a range of this size takes about half a minute

_BASIS = Basis(
    method="random numbers",
    formula="ticket(i) = SHA-256 of `seed,i`; the numbers with the smallest tickets, smallest first",
    assumptions=("nobody could choose the seed after seeing what the numbers stand for",),
    source="FIPS 180-4 (SHA-256)",
    convention="without replacement; spares follow the numbers in the same order and replace nothing by themselves",
)


@dataclass(frozen=True, kw_only=True)
class RandomNumbers(Result):
    """The numbers in order of selection and in order of size, and the spares in order of selection."""

    numbers: tuple[int, ...]
    in_order: tuple[int, ...]
    spares: tuple[int, ...]


def random_numbers(*, low: int, high: int, count: int, seed: str, spares: int = 0) -> RandomNumbers:
    """Numbers from `low` to `high`, each at most once, with spares.

    low, high: whole numbers of 0 or more, both included. count: how many, at least 1. seed: any text. spares: how
    many more, to be used in their order where a number stands for nothing. Raises BadInput.
    **Assumes a seed that nobody could choose after seeing what the numbers stand for.** FIPS 180-4 (SHA-256).

    >>> found = random_numbers(low=1, high=4000, count=3, seed="31", spares=1)
    >>> found.numbers, found.in_order, found.spares
    ((3424, 2499, 2760), (2499, 2760, 3424), (1647,))
    """
    first, last = checks.count(low, "low"), checks.count(high, "high")
    wanted, more = checks.count(count, "count", least=1), checks.count(spares, "spares")
    if last < first or last - first >= _MOST:
        raise BadInput(f"high must be at least low, and the range at most {_MOST:,} numbers.")
    if wanted + more > last - first + 1:
        raise BadInput(f"count and spares must not exceed the {last - first + 1} numbers in the range.")
    drawn = [int(name) for name in draw(map(str, range(first, last + 1)), seed=seed, size=wanted + more)]
    return RandomNumbers(
        basis=_BASIS,
        inputs={"low": first, "high": last, "count": wanted, "spares": more, "seed": seed},
        numbers=tuple(drawn[:wanted]),
        in_order=tuple(sorted(drawn[:wanted])),
        spares=tuple(drawn[wanted:]),
    )
