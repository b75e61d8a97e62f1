"""How a sample is spread over the strata of a frame, and how it grows without taking anything back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditor.stats.allocation import neyman

_LEAST_A_STRATUM = 2  # one unit a stratum shows no spread


@dataclass(frozen=True, kw_only=True)
class Allocation:
    """How many units each stratum gives."""

    sizes: Mapping[str, int]
    notes: tuple[str, ...]

    @property
    def total(self) -> int:
        """The whole sample."""
        return sum(self.sizes.values())


def allocate(strata: Mapping[str, int], n: int, *, spreads: Mapping[str, float] | None = None) -> Allocation:
    """Spread n over strata in proportion, at least two of each (one where n is small), none above its size.

    With `spreads`, by stratum, it is in proportion to size times spread.
    """
    units, notes = list(strata.values()), []
    for least in (_LEAST_A_STRATUM, 1):
        if n >= sum(min(least, count) for count in units):
            break
    else:
        notes.append(f"{n:,} units are fewer than the {len(units):,} strata: one of each is taken")
        n, least = len(units), 1
    weights = [1.0] * len(units) if spreads is None else [spreads[name] for name in strata]
    sizes = dict(zip(strata, neyman(units, weights, n, minimum=least), strict=True))
    full = [name for name, count in strata.items() if sizes[name] == count]
    if full and n < sum(units):
        notes.append(f"taken whole, being small: {_listed(full)}")
    return Allocation(sizes=sizes, notes=tuple(notes))


def grow(
    strata: Mapping[str, int], drawn: Mapping[str, int], n: int, *, spreads: Mapping[str, float] | None = None
) -> Allocation:
    """Spread n over strata as `allocate` does, none getting fewer than were drawn already."""
    target = allocate(strata, n, spreads=spreads)
    sizes = {name: max(target.sizes[name], drawn.get(name, 0)) for name in strata}
    while sum(sizes.values()) > max(n, sum(drawn.values())):
        surplus = {name: sizes[name] / strata[name] for name in strata if sizes[name] > drawn.get(name, 0)}
        if not surplus:
            break
        sizes[max(surplus, key=surplus.__getitem__)] -= 1
    return Allocation(sizes=sizes, notes=target.notes)


def _listed(names: Sequence[str], most: int = 5) -> str:
    shown = "; ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"
