"""Why a violation rate jumped: the edition changed, the model version changed, both, or neither.

It counts violations by week, edition and model version, and compares shares with an exact test given by the caller.
It does not know rules or claims. Where both changed in the same week nobody can tell them apart, and it says so.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from auditor.guidelines.rate_test import RateTest


class Cause(StrEnum):
    """What explains a jump."""

    EDITION = "edition"
    MODEL = "model version"
    BOTH = "both"
    CONFOUNDED = "edition and model version changed together"
    NEITHER = "neither"
    NO_JUMP = "no jump"
    TOO_FEW = "too few claims to say"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekCount:
    """Judged claims of a week, and how many violate, under one edition and one model version."""

    week: date
    edition: str
    model_version: str
    violations: int
    claims: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """Two groups of claims that differ in one thing: `before` and `after` are (violations, claims)."""

    name: str
    before: tuple[int, int]
    after: tuple[int, int]
    p_value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """The cause, and the contrasts that say so."""

    cause: Cause
    jump: Contrast
    contrasts: tuple[Contrast, ...]


LEAST_CLAIMS = 20


def attribute(
    counts: Iterable[WeekCount], *, jumped_on: date, test: RateTest, significance: float = 0.01
) -> Attribution:
    """What changed when the rate of violations jumped in the week of `jumped_on`.

    Each suspect is tested with the other held fixed: editions among claims of one model version, model versions
    among claims of one edition. A model version that is alone in its edition on both sides leaves the two
    confounded. `significance` (0 to 1) is shared by the contrasts. **Assumes independent claims.**

    Raises ValueError when a count is negative or above its claims.
    """
    weeks = sorted(counts, key=lambda each: (each.week, each.edition, each.model_version))
    if any(not 0 <= each.violations <= each.claims for each in weeks):
        raise ValueError("violations must lie between 0 and claims")
    before, after = ([each for each in weeks if (each.week >= jumped_on) is late] for late in (False, True))
    jump = _contrast("before and after", before, after, test)
    if jump.p_value is None:
        return Attribution(cause=Cause.TOO_FEW, jump=jump, contrasts=())
    if jump.p_value > significance or not _rose(jump):
        return Attribution(cause=Cause.NO_JUMP, jump=jump, contrasts=())
    contrasts = (*_held(before, after, by=_EDITION, test=test), *_held(before, after, by=_MODEL, test=test))
    return Attribution(cause=_cause(before, after, contrasts, significance), jump=jump, contrasts=contrasts)


_Reader = Callable[[WeekCount], str]


def _edition_of(each: WeekCount) -> str:
    return each.edition


def _model_of(each: WeekCount) -> str:
    return each.model_version


_EDITION = ("edition", _edition_of, _model_of)
_MODEL = ("model version", _model_of, _edition_of)


def _sums(counts: Iterable[WeekCount]) -> tuple[int, int]:
    listed = list(counts)
    return sum(each.violations for each in listed), sum(each.claims for each in listed)


def _contrast(name: str, before: Iterable[WeekCount], after: Iterable[WeekCount], test: RateTest) -> Contrast:
    old, new = _sums(before), _sums(after)
    enough = min(old[1], new[1]) >= LEAST_CLAIMS
    return Contrast(name=name, before=old, after=new, p_value=test(*new, *old) if enough else None)


def _rose(contrast: Contrast) -> bool:
    (old, old_claims), (new, new_claims) = contrast.before, contrast.after
    return new * old_claims > old * new_claims


def _held(
    before: Sequence[WeekCount], after: Sequence[WeekCount], *, by: tuple[str, _Reader, _Reader], test: RateTest
) -> list[Contrast]:
    """New values of one suspect against the old ones, within each value of the other suspect that has both."""
    name, read, other = by
    known = {read(each) for each in before}
    found = []
    for held in sorted({other(each) for each in after}):
        alike = [each for each in (*before, *after) if other(each) == held]
        new = [each for each in alike if read(each) not in known]
        old = [each for each in alike if read(each) in known]
        if new and old:
            found.append(_contrast(f"{name}, within {held}", old, new, test))
    return found


def _cause(
    before: Sequence[WeekCount], after: Sequence[WeekCount], contrasts: Sequence[Contrast], significance: float
) -> Cause:
    new = {
        name: {read(each) for each in after} - {read(each) for each in before} for name, read, _ in (_EDITION, _MODEL)
    }
    if not new["edition"] and not new["model version"]:
        return Cause.NEITHER
    level = significance / max(1, len(contrasts))
    guilty = {
        name: any(
            each.p_value is not None and each.p_value <= level and _rose(each)
            for each in contrasts
            if each.name.startswith(name)
        )
        for name in new
    }
    if guilty["edition"] or guilty["model version"]:
        both = guilty["edition"] and guilty["model version"]
        return Cause.BOTH if both else Cause.EDITION if guilty["edition"] else Cause.MODEL
    if new["edition"] and new["model version"] and not _separable(contrasts):
        return Cause.CONFOUNDED
    return Cause.TOO_FEW if any(each.p_value is None for each in contrasts) else Cause.NEITHER


def _separable(contrasts: Sequence[Contrast]) -> bool:
    return any(each.p_value is not None for each in contrasts)
