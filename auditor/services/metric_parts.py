"""Cuts a sample into arms and slices, and says of each what its cases stand for."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from auditor.domain.claims import CodingSource
from auditor.services.metric_rows import Part, stratum_of
from auditor.services.scored_cases import ScoredCase

ALL = "all"


@dataclass(frozen=True, kw_only=True)
class SampleFacts:
    """What is known of a sample beyond its cases.

    `frames` has the size of each stratum of the frame, strata without a selection included; `one_arm` is the arm
    that the whole frame belongs to, `stratified_by` the claim fields that name its strata.
    """

    frames: Mapping[Hashable, int]
    one_arm: CodingSource | None
    stratified_by: frozenset[str]
    confidence: float


Belongs = Callable[[ScoredCase], bool]
_WHOLE: tuple[str, Belongs, str | None] = (ALL, lambda case: True, None)  # noqa: ARG005


def arms_of(cases: Iterable[ScoredCase]) -> list[str]:
    """All arms together, then each arm that was drawn."""
    present = {case.arm for case in cases}
    return [ALL, *(arm.value for arm in CodingSource if arm in present)]


def slices_of(cases: Sequence[ScoredCase]) -> list[tuple[str, Belongs, str | None]]:
    """Name, membership and claim field of each slice: the whole, each stratum, each model version."""
    strata = sorted({case.stratum for case in cases})
    versions = sorted({case.model_version for case in cases if case.model_version})
    found = [_WHOLE]
    if len(strata) > 1:
        found += [(f"stratum={name}", _in_stratum(name), "stratum") for name in strata]
    return found + [(f"model_version={name}", _of_version(name), "model_version") for name in versions]


def _in_stratum(name: str) -> Belongs:
    return lambda case: case.stratum == name


def _of_version(name: str) -> Belongs:
    return lambda case: case.model_version == name


def parts_of(cases: Sequence[ScoredCase], facts: SampleFacts, *, sliced: bool = True) -> list[Part]:
    """Every arm of every slice, the whole first, or of the whole alone; those without a drawn case are left out."""
    weights = case_weights(cases)
    settled = case_weights(cases, waiting=True) if any(case.waits for case in cases) else {}
    parts = []
    for name, belongs, field in slices_of(cases) if sliced else [_WHOLE]:
        for arm in arms_of(cases):
            inside = [case for case in cases if belongs(case) and arm in (ALL, case.arm)]
            complete = _is_complete(inside, facts.frames if (arm, name) == (ALL, ALL) else {})
            if inside:
                part = Part(
                    arm=arm,
                    slice=name,
                    cases=inside,
                    whole_strata=complete and _is_whole(arm, field, facts),
                    complete=complete,
                    weights=weights,
                    populations=facts.frames,
                    confidence=facts.confidence,
                    settled_weights=settled,
                )
                parts.append(part)
    return parts


def _is_complete(inside: Iterable[ScoredCase], frames: Mapping[Hashable, int]) -> bool:
    """Whether each stratum that was drawn from, and each of the frame, has a reviewed case."""
    expected: set[Hashable] = set(frames)
    reviewed: set[Hashable] = set()
    for case in inside:
        expected.add(stratum_of(case))
        if case.score:
            reviewed.add(stratum_of(case))
    return expected <= reviewed


def case_weights(cases: Iterable[ScoredCase], *, waiting: bool = False) -> dict[int, float]:
    """How many units of its stratum a reviewed case stands for: those of the stratum over its reviewed ones.

    With `waiting`, cases that wait for an answer or a record are taken as if they were reviewed.
    """
    reviewed = [case for case in cases if case.score or (waiting and case.waits)]
    counts = Counter(map(stratum_of, reviewed))
    return {case.case_id: case.population / counts[stratum_of(case)] for case in reviewed}


def _is_whole(arm: str, field: str | None, facts: SampleFacts) -> bool:
    """Whether a part is made of whole strata: of a stratum or a field that names strata, of the only arm."""
    arm_is = arm == ALL or facts.one_arm == arm or "coding_source" in facts.stratified_by
    return arm_is and (field in (None, "stratum") or field in facts.stratified_by)
