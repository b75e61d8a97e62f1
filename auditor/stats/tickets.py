"""The lot of an item: a SHA-256 that anyone can recompute. Knows no sample."""

import hashlib
from collections.abc import Iterable

from auditor.errors import BadInput

# 52 bits of a ticket fill the digits of a float.
_DIGITS = 13


def ticket(seed: str, item_id: str) -> str:
    """The item's ticket: hex SHA-256 of the UTF-8 text `seed,item_id`.

    **Assumes nothing.** FIPS 180-4.

    >>> ticket("31", "b")[:8]
    '7557e57c'
    """
    return hashlib.sha256(f"{seed},{item_id}".encode()).hexdigest()


def uniform(ticket: str) -> float:
    """A ticket read as a number strictly between 0 and 1.

    >>> uniform("8" + "0" * 63)
    0.5000000000000001
    """
    return (int(ticket[:_DIGITS], 16) + 0.5) / 2.0 ** (4 * _DIGITS)


def tickets(item_ids: Iterable[str], seed: str) -> list[tuple[str, str]]:
    """(ticket, item id) of each item; an item named twice would have two chances and is refused."""
    named = [(ticket(seed, item_id), item_id) for item_id in item_ids]
    if len({item_id for _, item_id in named}) < len(named):
        raise BadInput("item_ids names an item twice; each item may stand in the frame once.")
    return named
