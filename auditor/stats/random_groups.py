"""The draw of Rao, Hartley and Cochran: clusters parted at random, one of each part in proportion to its size.

Both steps come from tickets, so anyone can draw again with any SHA-256 tool: clusters are dealt into groups in the
order of their tickets; in each group a ticket of its own, read as a number from 0 to 1, points to the cluster whose
stretch of the group's measure holds it. What the sample says is computed in `multistage`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from auditor.errors import BadInput
from auditor.stats import checks
from auditor.stats.tickets import ticket, tickets, uniform


@dataclass(frozen=True)
class GroupPick:
    """The cluster that was drawn from a group, its measure, and the group's clusters and measure in all."""

    item_id: str
    group: int
    measure: float
    group_clusters: int
    group_measure: float


def random_group_draw(
    item_ids: Iterable[str], measures: Iterable[float], *, seed: str, size: int
) -> tuple[GroupPick, ...]:
    """One cluster from each of `size` random groups, with chances in proportion to its measure within the group.

    item_ids: natural keys of the clusters, each once. measures: above 0, one a cluster (claims, dollars). seed: any
    text. size: groups, 2 to the number of clusters; groups are as equal in number as can be. Raises BadInput.
    **Assumes a seed that nobody could choose after seeing the clusters.** Rao, Hartley & Cochran 1962.

    >>> found = random_group_draw("abcd", [1, 2, 3, 4], seed="7", size=2)
    >>> [(pick.item_id, pick.group_clusters, pick.group_measure) for pick in found]
    [('c', 2, 4.0), ('d', 2, 6.0)]
    """
    named = tickets(item_ids, seed)
    column = checks.numbers(measures, "measures", length=len(named))
    if column.min() <= 0:
        raise BadInput("measures must be above 0; a cluster without any could not be drawn.")
    groups = checks.count(size, "size", least=2)
    if groups > len(named):
        raise BadInput(f"size must not exceed the {len(named)} clusters; got {groups}.")
    dealt = sorted(zip(named, column.tolist(), strict=True))
    within = ticket(seed, "within groups")
    return tuple(_pick(dealt[place::groups], place, within) for place in range(groups))


def _pick(members: Sequence[tuple[tuple[str, str], float]], place: int, seed: str) -> GroupPick:
    ends = list(accumulate(measure for _, measure in members))
    aim = uniform(ticket(seed, str(place + 1))) * ends[-1]
    pointed = (member for member, end in zip(members, ends, strict=True) if aim < end)
    (_, item_id), measure = next(pointed, members[-1])  # rounding could carry the aim up to the end itself
    return GroupPick(item_id, place + 1, measure, len(members), ends[-1])
