"""What a method promises, what it was seen to keep, and whether the two agree. Knows no method."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

# A run makes some hundreds of simulated checks; by chance alone one in 4,000 of them is this many errors off.
ALLOWANCE = 3.5


class Kind(StrEnum):
    """What is counted: how often an interval covers, how often a rule errs, how long a monitor stays quiet."""

    COVERAGE = "coverage"
    ERROR_RATE = "error rate"
    RUN_LENGTH = "run length"


@dataclass(frozen=True, kw_only=True)
class Check:
    """One method in one setting. `error` is the standard error of `shown`, 0 where it was enumerated exactly.

    `tolerance` is the standard error that would be seen if the promise were kept to a hair.
    """

    family: str
    method: str
    setting: str
    kind: Kind
    nominal: float
    shown: float
    error: float = 0.0
    tolerance: float = 0.0
    guaranteed: bool = True

    @property
    def margin(self) -> float:
        """How much better than promised, as a share of the promise; negative where it is worse."""
        gap = self.nominal - self.shown if self.kind is Kind.ERROR_RATE else self.shown - self.nominal
        return gap / self.nominal

    @property
    def kept(self) -> bool:
        """Whether the promise holds, up to what simulation cannot tell."""
        return self.margin * self.nominal >= -ALLOWANCE * max(self.tolerance, self.error) - 1e-9

    @property
    def broken(self) -> bool:
        """Whether a guarantee was broken; an approximation that falls short is shown, not failed."""
        return self.guaranteed and not self.kept


def simulated(check: Check, *, hits: int, runs: int) -> Check:
    """The check with a share of runs in it, and both standard errors."""
    share = float(hits / runs)
    return Check(
        family=check.family,
        method=check.method,
        setting=check.setting,
        kind=check.kind,
        nominal=check.nominal,
        shown=share,
        error=sqrt(share * (1 - share) / runs),
        tolerance=sqrt(check.nominal * (1 - check.nominal) / runs),
        guaranteed=check.guaranteed,
    )


def exit_code(checks: Iterable[Check]) -> int:
    """1 when a guarantee was broken, else 0."""
    return int(any(check.broken for check in checks))


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A method over all of its settings: how many, the worst of them, the mean of what was shown."""

    family: str
    method: str
    kind: Kind
    settings: int
    guaranteed: bool
    worst: Check
    mean: float
    broken: int
    exact: bool


def summaries(checks: Iterable[Check]) -> list[Summary]:
    """One summary a method and promise, in the order of the checks."""
    grouped: dict[tuple[str, str, float], list[Check]] = {}
    for check in checks:
        promised = 0.0 if check.kind is Kind.RUN_LENGTH else check.nominal
        grouped.setdefault((check.family, check.method, promised), []).append(check)
    return [_summary(group) for group in grouped.values()]


def _summary(group: list[Check]) -> Summary:
    first = group[0]
    ratios = [check.shown / check.nominal if check.kind is Kind.RUN_LENGTH else check.shown for check in group]
    return Summary(
        family=first.family,
        method=first.method,
        kind=first.kind,
        settings=len(group),
        guaranteed=first.guaranteed,
        worst=min(group, key=lambda check: check.margin),
        mean=sum(ratios) / len(ratios),
        broken=sum(check.broken for check in group),
        exact=all(check.error == 0 and check.tolerance == 0 for check in group),
    )
