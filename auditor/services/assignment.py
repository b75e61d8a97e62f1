"""Who reviews which case, and which cases are coded blind: even load, nobody's own coding, chance from the seed."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from auditor.domain.chain import sha256_text

_WHOLE = 16**64


def assign(coders: Sequence[str | None], auditors: Sequence[str], *, load: Mapping[str, int]) -> list[str | None]:
    """An auditor for each case, in order; None where everybody left coded the claim themselves.

    `coders` is the coder of record of each case, `load` how many open cases each auditor has already.

    >>> assign([None, "Anna", None], ["anna", "ben"], load={"ben": 1})
    ['anna', 'ben', 'anna']
    """
    open_cases = {name: load.get(name, 0) for name in auditors}
    chosen: list[str | None] = []
    for coder in coders:
        free = [name for name in auditors if coder is None or name.casefold() != coder.casefold()]
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
