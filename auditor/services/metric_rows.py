"""What a metric is: one number with how it was counted, its interval and its state. Computes none.

Numerator and denominator are raw counts of the sample (or cents); estimate and limits are of the frame.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from auditor.services.scored_cases import ScoredCase

LEAST_CLAIMS = 10
"""Fewer claims than this are too few to say: the number is given, and marked."""

OWN = "own"
"""The stage column where each arm is judged by the stage that shows its own work, and those differ."""


class MetricState(StrEnum):
    """Whether a number may be read as it stands."""

    OK = "ok"
    NO_DATA = "no_data"
    TOO_FEW = "too_few"
    UNPRICED = "unpriced"


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One number of one arm and slice. `estimate` is None without data; `n` counts claims."""

    metric: str
    arm: str
    slice: str
    stage: str
    numerator: int | None
    denominator: int | None
    n: int
    estimate: float | None
    low: float | None
    high: float | None
    confidence: float
    method: str
    state: MetricState


@dataclass(frozen=True, kw_only=True)
class Part:
    """One arm and slice of a sample: its cases, and whether it is made of whole strata of the frame.

    `weights` and `populations` are those of the whole sample: what a reviewed case stands for, and the size of
    each stratum of the frame; `settled_weights` are those that hold once all cases that wait are settled.
    `complete` tells that every stratum of the part has a reviewed case.
    """

    arm: str
    slice: str
    cases: Sequence[ScoredCase]
    whole_strata: bool
    complete: bool
    weights: Mapping[int, float]
    populations: Mapping[Hashable, int]
    confidence: float
    settled_weights: Mapping[int, float] = field(default_factory=dict)

    def scored(self) -> list[ScoredCase]:
        """The reviewed cases."""
        return [case for case in self.cases if case.score]


def stratum_of(case: ScoredCase) -> tuple[int, str]:
    """The stratum that a case was drawn from: strata of two audits are never one."""
    return case.audit_id, case.stratum


def row(part: Part, metric: str, stage: str, counted: tuple[int | None, int | None, int], method: str = "") -> Metric:
    """A metric without an estimate: no data."""
    numerator, denominator, n = counted
    return Metric(
        metric=metric,
        arm=part.arm,
        slice=part.slice,
        stage=stage,
        numerator=numerator,
        denominator=denominator,
        n=n,
        estimate=None,
        low=None,
        high=None,
        confidence=part.confidence,
        method=method,
        state=MetricState.NO_DATA,
    )
