"""What other detectors are given to read: the one stream in which a scenario's drift shows best, week by week.

That is a favour: they watch one stream, where the product has to find it among some two hundred.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditor.benchmarks.detection_setting import AUDIT_WEEKS
from auditor.benchmarks.detection_world import LEVELS, Site
from auditor.domain.claims import CodingSource
from auditor.services.audited_outcomes import AuditedOutcome

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_SURE = 0.95
AUDITED = ("errors_8", "errors_10", "creep", "clustered")


@dataclass(frozen=True, kw_only=True)
class Feed:
    """Categories by week of one stream; `values` says what number each category stands for.

    `people` is the same of the human arm, for drifts that show only beside it. Audited feeds come a month at a time.
    """

    counts: Integers
    values: Floats
    people: Integers | None = None
    monthly: bool = False

    def drawn(self, week: int, random: np.random.Generator) -> Floats:
        """The single cases of a week, in random order, as numbers."""
        cases = np.repeat(self.values, self.counts[:, week])
        random.shuffle(cases)
        return cases


def feed_for(scenario: str, site: Site) -> Feed:
    """The stream of the AI arm in which this scenario shows."""
    if scenario in AUDITED:
        return _audited(site)
    if scenario == "calibration":
        return _surest(site)
    arm, people = site.cube.arms[CodingSource.AI, "3.1"], site.cube.humans()
    if scenario in ("em_level", "season"):
        levels = arm.codes[: len(LEVELS)].astype(np.int64)
        return Feed(counts=levels, values=np.arange(2.0, 2 + len(LEVELS)))
    if scenario == "modifier":
        marked = arm.modifiers[0].astype(np.int64)
        return Feed(counts=np.stack([arm.claims.astype(np.int64) - marked, marked]), values=np.array([0.0, 1.0]))
    rows = slice(len(LEVELS), None)
    codes, theirs = arm.codes[rows].astype(np.int64), people.codes[rows].astype(np.int64)
    values = np.arange(float(codes.shape[0]))
    return Feed(counts=codes, values=values, people=theirs if scenario == "stale" else None)


def _audited(site: Site) -> Feed:
    """Clean and wrong cases by week."""
    return _outcomes(_of_ai(site), site)


def _surest(site: Site) -> Feed:
    """The same of the surer half of cases, where lost calibration shows."""
    return _outcomes([each for each in _of_ai(site) if (each.confidence or 0.0) >= _SURE], site)


def _of_ai(site: Site) -> list[AuditedOutcome]:
    return [each for each in site.outcomes if each.arm is CodingSource.AI]


def _outcomes(cases: list[AuditedOutcome], site: Site) -> Feed:
    counts = np.zeros((2, len(site.cube.weeks)), dtype=np.int64)
    place = {week: at for at, week in enumerate(site.cube.weeks)}
    for each in cases:
        counts[int(each.error), place[each.served_on]] += 1
    return Feed(counts=counts, values=np.array([0.0, 1.0]), monthly=True)


def known_at(feed: Feed, week: int) -> int:
    """At the end of how many weeks a case of this week (from 0) is known."""
    return (week // AUDIT_WEEKS + 1) * AUDIT_WEEKS if feed.monthly else week + 1
