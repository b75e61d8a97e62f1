"""Which ones: the portable draw. Anyone can recompute it with any SHA-256 tool.

An item's ticket is the SHA-256 of the text `seed,item_id` as 64 hex digits; a sample is the items with the smallest
tickets. So a larger draw extends a smaller one, the order of rows is irrelevant, and every engine draws the same.
Does not know strata (draw in each) nor where seeds come from. Unequal chances: `weighted_draw`.
"""

import heapq
from collections.abc import Iterable

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.tickets import ticket, tickets
from auditor.stats.weighted_selection import WeightedPick, inclusion_probabilities, weighted_draw

__all__ = ["WeightedPick", "draw", "inclusion_probabilities", "ticket", "weighted_draw"]


def draw(item_ids: Iterable[str], *, seed: str, size: int) -> list[str]:
    """The `size` items with the smallest tickets, smallest first; ties by item id.

    item_ids: natural keys, each once. seed: any text. size: 0 to the number of items. Raises BadInput.
    **Assumes a seed that nobody could choose after seeing the items.** FIPS 180-4 (SHA-256).

    >>> draw(["a", "b", "c", "d"], seed="31", size=2)
    ['d', 'b']
    """
    named = tickets(item_ids, seed)
    wanted = checks.count(size, "size")
    if wanted > len(named):
        raise BadInput(f"size must not exceed the {len(named)} items there are; got {wanted}.")
    return [item_id for _, item_id in heapq.nsmallest(wanted, named)]
