"""Who reviews which case, and which are coded blind: even load, nobody's own coding, chance from the seed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from auditor.domain.chain import sha256_text

_WHOLE = 16**64


@dataclass(frozen=True, kw_only=True)
class Work:
    """What matters of a claim for who may review it; `taken_by` has it for another review already."""

    coder: str | None
    specialty: str | None
    taken_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class Reviewers:
    """Who is there to review, what each is certified in, and what a specialty asks for ("": every other one).

    `coders` are the values of `coder_of_record`, case folded, that are each of them besides their names.
    """

    names: tuple[str, ...]
    held: Mapping[str, frozenset[str]] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)
    coders: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def may(self, name: str, work: Work) -> bool:
        """Whether a person may review a claim: not their own coding, and certified where that is asked for."""
        if work.taken_by is not None and work.taken_by.casefold() == name.casefold():
            return False
        own = {name.casefold(), *self.coders.get(name, ())}
        if work.coder is not None and work.coder.casefold() in own:
            return False
        title = self.asked.get(work.specialty or "", self.asked.get(""))
        return title is None or title in self.held.get(name, frozenset())


def assign(work: Sequence[Work], reviewers: Reviewers, *, load: Mapping[str, int]) -> list[str | None]:
    """An auditor for each case, in order; None where nobody is left who may review it.

    `load` is how many open cases each auditor has already.

    >>> cases = [Work(coder=coder, specialty=None) for coder in (None, "Anna", None)]
    >>> assign(cases, Reviewers(names=("anna", "ben")), load={"ben": 1})
    ['anna', 'ben', 'anna']
    """
    open_cases = {name: load.get(name, 0) for name in reviewers.names}
    chosen: list[str | None] = []
    for each in work:
        free = [name for name in reviewers.names if reviewers.may(name, each)]
        least = min(free, key=lambda name: open_cases[name], default=None)
        if least is not None:
            open_cases[least] += 1
        chosen.append(least)
    return chosen


def by_chance(share: Fraction, *, seed: str, purpose: str, item_id: str) -> bool:
    """Whether an item belongs to a random share; anyone who knows the seed can recompute it.

    The draw is SHA-256 of `seed,purpose,item_id`, which is independent of the tickets that chose the sample.

    >>> by_chance(Fraction(1), seed="s", purpose="blind", item_id="C1")
    True
    """
    return int(sha256_text(f"{seed},{purpose},{item_id}"), 16) < share * _WHOLE
