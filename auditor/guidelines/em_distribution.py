"""A provider's visit levels beside those of peers: aggregate, over counts, with an exact test given by the caller.

It does not know which claims are behind the counts, and calls nobody wrong: an outlier is where to look.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from auditor.domain.em_levels import em_level, families
from auditor.guidelines.protocol import Reason
from auditor.guidelines.rate_test import RateTest

LEAST_VISITS = 30
LEAST_PEERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitCount:
    """How often a provider billed a visit code."""

    provider: str
    specialty: str
    code: str
    visits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelShare:
    """The high levels of a provider and a family of visits, beside the peers of the specialty."""

    provider: str
    specialty: str
    family: str
    high: int
    visits: int
    peer_high: int
    peer_visits: int
    p_value: float | None
    outlier: bool
    not_judged: Reason | None


def level_shares(
    counts: Iterable[VisitCount], *, test: RateTest, false_alarm: float = 0.01
) -> tuple[LevelShare, ...]:
    """Every provider and family with the share of its upper levels; outliers are those above their peers.

    `false_alarm` (0 to 1) is the chance of any false outlier in the whole answer, by Bonferroni's bound. Judged are
    providers of 30 visits or more with three peers or more. **Assumes that peers of a specialty see like patients.**
    """
    grouped: defaultdict[tuple[str, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for count in counts:
        level = em_level(count.code)
        if level and _levels(level[0]) > 2:
            cell = grouped[count.specialty, level[0]][count.provider]
            cell[0] += count.visits if level[1] > (_levels(level[0]) + 1) / 2 else 0
            cell[1] += count.visits
    shares = [share for key in sorted(grouped) for share in _compared(key, grouped[key], test)]
    tests = sum(share.p_value is not None for share in shares)
    return tuple(_marked(share, false_alarm / max(1, tests)) for share in shares)


def _levels(family: str) -> int:
    return len(dict(families())[family])


def _compared(key: tuple[str, str], cells: dict[str, list[int]], test: RateTest) -> Iterator[LevelShare]:
    specialty, family = key
    all_high, all_visits = (sum(cell[at] for cell in cells.values()) for at in (0, 1))
    for provider, (high, visits) in sorted(cells.items()):
        reason = _unjudged(visits, len(cells) - 1, specialty)
        peers = all_high - high, all_visits - visits
        p_value = None if reason else test(high, visits, *peers)
        yield LevelShare(
            provider=provider,
            specialty=specialty,
            family=family,
            high=high,
            visits=visits,
            peer_high=peers[0],
            peer_visits=peers[1],
            p_value=p_value,
            outlier=False,
            not_judged=reason,
        )


def _unjudged(visits: int, peers: int, specialty: str) -> Reason | None:
    if not specialty:
        return Reason.NO_SPECIALTY
    return Reason.TOO_FEW if visits < LEAST_VISITS or peers < LEAST_PEERS else None


def _marked(share: LevelShare, level: float) -> LevelShare:
    above = share.high * share.peer_visits > share.peer_high * share.visits
    return replace(share, outlier=share.p_value is not None and share.p_value <= level and above)
