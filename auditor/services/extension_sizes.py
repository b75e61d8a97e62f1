"""How far a stratified sample must grow: what an extension adds to each stratum, and the smallest that suffices."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from auditor.services import allocation, samples
from auditor.services.scored_cases import ScoredCase
from auditor.storage.audits import Audit


@dataclass(frozen=True, kw_only=True)
class Growth:
    """How a sample grows: sizes of the frame's strata, what is drawn of each, and how many of those are looked at."""

    strata: Mapping[str, int]
    drawn: Mapping[str, int]
    mine: Mapping[str, int]
    spreads: Mapping[str, float] | None

    @property
    def left(self) -> int:
        """How many of the frame are not drawn."""
        return sum(self.strata.values()) - sum(self.drawn.values())

    def joined(self, more: int) -> dict[Hashable, int]:
        """How many of those looked at each of their strata has when so many more are drawn over the whole frame.

        They are spread as `extending` spreads them. Where only some of a stratum's cases are looked at, as many of
        the new ones are expected to be of their kind as of those that are drawn.
        """
        total = min(sum(self.drawn.values()) + more, sum(self.strata.values()))
        sizes = allocation.grow(self.strata, self.drawn, total, spreads=self.spreads).sizes
        return {name: sizes[name] * count // self.drawn[name] for name, count in self.mine.items()}


def growth(audit: Audit, every: Sequence[ScoredCase], mine: Sequence[ScoredCase]) -> Growth:
    """How a drawn audit grows, of whose cases `mine` are looked at."""
    frame = samples.drawn_from(audit)
    return Growth(
        strata={str(each["name"]): int(str(each["claims"])) for each in frame.strata},
        drawn=Counter(each.stratum for each in every),
        mine=Counter(each.stratum for each in mine),
        spreads=samples.spreads(audit),
    )


def smallest(suffices: Callable[[int], bool], *, most: int) -> int | None:
    """The smallest number from 0 to `most` that suffices, when every larger one does; None where none does."""
    if not suffices(most):
        return None
    low, high = -1, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if suffices(middle) else (middle, high)
    return high
