"""Unspecified sides where a code for the side exists: an aggregate over groups, since one such code can be right.

The list is of ICD-10-CM titles (`config/icd10cm_unspecified_sides.txt`). An exact test is given by the caller.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from auditor import resources
from auditor.domain.codes import normal_code
from auditor.guidelines.protocol import Reason
from auditor.guidelines.rate_test import RateTest

LEAST_CODES = 30
_STEM = 6  # characters that stand before the seventh, the encounter


@cache
def _unspecified() -> frozenset[str]:
    text = (resources.folder("config") / "icd10cm_unspecified_sides.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


@cache
def _stems() -> frozenset[str]:
    return frozenset(code[:-1] for code in _unspecified())


def names_side(code: str) -> bool | None:
    """Whether a diagnosis names its side; None where its codes know no sides.

    >>> names_side("M25.569"), names_side("M25.561"), names_side("I10")
    (False, True, None)
    """
    short = normal_code(code)[:_STEM]
    if short in _unspecified():
        return False
    return True if short[:-1] in _stems() else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SideCount:
    """How many codes of sides a group (a provider, an arm, a model version) wrote, and how many leave it open."""

    group: str
    unspecified: int
    codes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SideRate:
    """A group's rate beside the usual one."""

    count: SideCount
    p_value: float | None
    exceeded: bool
    not_judged: Reason | None


def side_rates(
    counts: Iterable[SideCount], *, usual: SideCount, test: RateTest, false_alarm: float = 0.01
) -> tuple[SideRate, ...]:
    """Every group's rate of unspecified sides; `exceeded` where it lies above the usual one beyond chance.

    `usual` holds the counts that say what is usual: the human arm, or the same group before. `false_alarm` (0 to 1)
    is the chance of any false alarm in the whole answer, by Bonferroni's bound. **Assumes independent codes.**
    """
    ordered = sorted(counts, key=lambda count: count.group)
    judged = [each for each in ordered if min(each.codes, usual.codes) >= LEAST_CODES]
    level = false_alarm / max(1, len(judged))
    return tuple(_rate(each, usual, test, level) for each in ordered)


def _rate(count: SideCount, usual: SideCount, test: RateTest, level: float) -> SideRate:
    if min(count.codes, usual.codes) < LEAST_CODES:
        return SideRate(count=count, p_value=None, exceeded=False, not_judged=Reason.TOO_FEW)
    p_value = test(count.unspecified, count.codes, usual.unspecified, usual.codes)
    above = count.unspecified * usual.codes > usual.unspecified * count.codes
    return SideRate(count=count, p_value=p_value, exceeded=above and p_value <= level, not_judged=None)
