"""Which outcomes each audited stream reads: whose cases make the baseline, which are watched, and what counts.

Outcomes come in draw order. A version that replaced another is held against that version's outcomes, and watched
from its first case on; one that replaced none makes its baseline of its own first cases. Judges nothing.
"""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from auditor.domain.claims import CodingSource
from auditor.domain.monitors import MonitorDefinition, MonitorKind, Slice, Strand
from auditor.services.audited_outcomes import AuditedOutcome

ADJUSTED = "adjusted for auditors"
_BASELINES = (100, 150, 200, 300, 400, 600, 800, 1000)
"""Sizes in which a baseline of a version's own cases grows, so that the chart is not designed anew every week."""

RESTARTED = 30
"""Audited cases that make the first baseline of a new normal."""

_OWN_SHARE = 0.5
_BANDS = 3


@dataclass(frozen=True, kw_only=True)
class AuditedStrand:
    """Outcomes that make the baseline, and those that are watched, both in draw order.

    `renewed` says that the baseline is a new normal, which a dismissal took for granted.
    """

    strand: Strand
    predecessor: str | None
    baseline: tuple[AuditedOutcome, ...]
    watched: tuple[AuditedOutcome, ...]
    renewed: bool = False


@dataclass(frozen=True, kw_only=True)
class AuditedStream:
    """One monitor's view of a strand: what counts as an event, and what stratum an outcome is scored in.

    `part` is the slice that it reads, None for all of the strand; `missing` says why it cannot read at all; `people`
    are the outcomes of the human arm.
    """

    monitor: MonitorDefinition
    split: AuditedStrand
    part: str | None = None
    missing: str = ""
    people: tuple[AuditedOutcome, ...] = ()

    def events(self, outcomes: Sequence[AuditedOutcome]) -> list[int]:
        """0 or 1 of each outcome."""
        happened = EVENTS[self.monitor.kind]
        return [int(happened(outcome)) for outcome in outcomes]

    def strata_of(self, outcomes: Sequence[AuditedOutcome]) -> list[str]:
        """The stratum of each outcome: of the draw, or its auditor, or the band of its stated confidence."""
        if self.monitor.by is Slice.AUDITOR:
            return [outcome.auditor or "" for outcome in outcomes]
        if self.monitor.kind is MonitorKind.CALIBRATION:
            stated = [outcome.confidence or 0.0 for outcome in outcomes]
            return [f"band {band}" for band in np.searchsorted(_band_edges(self.split.baseline), stated).tolist()]
        return [outcome.stratum for outcome in outcomes]

    @property
    def noun(self) -> str:
        """What moved, in words."""
        noun = _NOUNS[self.monitor.kind]
        if self.part is None or self.part == ADJUSTED:
            return noun if self.part is None else f"{noun}, {self.part}"
        by, _, value = self.part.partition("=")
        return f"{noun}, {by.replace('_', ' ')} {value}"

    def alike(self, outcomes: Sequence[AuditedOutcome]) -> list[AuditedOutcome]:
        """Those of the outcomes, whatever their arm or version, that are of the stream's slice and confidence."""
        found = [
            each for each in outcomes if self.monitor.kind not in _UNUSABLE or _is_usable(each, self.monitor.kind)
        ]
        if self.part is not None and self.monitor.by in _SLICES:
            value = self.part.partition("=")[2]
            found = [each for each in found if _SLICES[self.monitor.by](each) == value]
        if self.monitor.kind is MonitorKind.CALIBRATION:
            own = (*self.split.baseline, *self.split.watched)
            least = min((each.confidence or 0.0 for each in own), default=0.0)
            found = [each for each in found if (each.confidence or 0.0) >= least]
        return found


EVENTS: dict[MonitorKind, Callable[[AuditedOutcome], bool]] = {
    MonitorKind.AUDITED_ERRORS: lambda outcome: outcome.error,
    MonitorKind.OVERCODING: lambda outcome: outcome.overcoded,
    MonitorKind.UNDERCODING: lambda outcome: outcome.undercoded,
    MonitorKind.CALIBRATION: lambda outcome: outcome.error,
    MonitorKind.DOLLARS_IN_ERROR: lambda outcome: (outcome.overpaid_cents or 0) > 0,
}
_NOUNS = {
    MonitorKind.AUDITED_ERRORS: "audited error rate",
    MonitorKind.OVERCODING: "overcoding rate",
    MonitorKind.UNDERCODING: "undercoding rate",
    MonitorKind.CALIBRATION: "errors where the AI was surest",
    MonitorKind.DOLLARS_IN_ERROR: "dollars in error",
}
_SLICES: dict[Slice, Callable[[AuditedOutcome], str | None]] = {
    Slice.SPECIALTY: lambda outcome: outcome.specialty,
    Slice.PAYER: lambda outcome: outcome.payer,
    Slice.CODE_FAMILY: lambda outcome: outcome.code_group,
}


def day_of(outcome: AuditedOutcome) -> date:
    """The day that decides an outcome's week."""
    return outcome.coded_on or outcome.served_on


def streams_of(
    outcomes: Sequence[AuditedOutcome], strand: Strand, *, predecessor: str | None, monitor: MonitorDefinition
) -> list[AuditedStream]:
    """The streams of one monitor over a strand: one, or one a slice that has enough for a baseline."""
    usable = outcomes
    if monitor.kind in _UNUSABLE:
        usable = [outcome for outcome in outcomes if _is_usable(outcome, monitor.kind)]
    if outcomes and not usable:
        split = AuditedStrand(strand=strand, predecessor=predecessor, baseline=(), watched=())
        return [AuditedStream(monitor=monitor, split=split, missing=_UNUSABLE[monitor.kind])]
    if monitor.by in _SLICES and monitor.by is not None:
        return _sliced(usable, strand, predecessor, monitor, _SLICES[monitor.by])
    split = split_outcomes(usable, strand, predecessor=predecessor, monitor=monitor)
    if monitor.kind is MonitorKind.CALIBRATION:
        split = split_outcomes(_surest(usable, split), strand, predecessor=predecessor, monitor=monitor)
    part = ADJUSTED if monitor.by is Slice.AUDITOR else None
    return [AuditedStream(monitor=monitor, split=split, part=part, people=_people(usable))]


def _surest(outcomes: Sequence[AuditedOutcome], split: AuditedStrand) -> list[AuditedOutcome]:
    """The cases of which the AI was as sure as of the surer half of the baseline.

    Confidence that says nothing any more shows there: among the others errors were many before.
    """
    least = statistics.median([outcome.confidence or 0.0 for outcome in split.baseline] or [0.0])
    return [outcome for outcome in outcomes if (outcome.confidence or 0.0) >= least]


def _people(outcomes: Sequence[AuditedOutcome]) -> tuple[AuditedOutcome, ...]:
    return tuple(outcome for outcome in outcomes if outcome.arm is CodingSource.HUMAN)


_UNUSABLE = {
    MonitorKind.CALIBRATION: "audited claims tell no ai_confidence: name it in the source's mapping",
    MonitorKind.DOLLARS_IN_ERROR: "audited claims tell no paid or allowed dollars: name them in the source's mapping",
}


def _is_usable(outcome: AuditedOutcome, kind: MonitorKind) -> bool:
    if kind is MonitorKind.CALIBRATION:
        return outcome.confidence is not None
    return outcome.overpaid_cents is not None and bool(outcome.paid_cents)


def _sliced(
    outcomes: Sequence[AuditedOutcome],
    strand: Strand,
    predecessor: str | None,
    monitor: MonitorDefinition,
    value_of: Callable[[AuditedOutcome], str | None],
) -> list[AuditedStream]:
    """One stream a value with enough cases for a baseline; smaller slices are read with the whole strand only.

    A value that all cases share is no slice: its stream would say everything twice.
    """
    found = []
    for value in sorted({value for each in outcomes if (value := value_of(each)) is not None}):
        own = [each for each in outcomes if value_of(each) == value]
        if len(own) == len(outcomes):
            continue
        split = split_outcomes(own, strand, predecessor=predecessor, monitor=monitor)
        if len(split.baseline) >= monitor.options["least_baseline"] and split.watched:
            part = f"{monitor.by}={value}"
            found.append(AuditedStream(monitor=monitor, split=split, part=part, people=_people(own)))
    return found


def split_outcomes(
    outcomes: Sequence[AuditedOutcome], strand: Strand, *, predecessor: str | None, monitor: MonitorDefinition
) -> AuditedStrand:
    """An arm's outcomes as baseline and watch of one of its versions."""
    arm = [outcome for outcome in outcomes if outcome.arm is strand.arm]
    own = [outcome for outcome in arm if strand.is_pooled or outcome.model_version == strand.model_version]
    first = min((day_of(outcome) for outcome in own), default=date.max)
    older = [each for each in arm if each.model_version == predecessor and day_of(each) < first]
    if predecessor is not None and older:
        most = int(monitor.options["most_baseline"])
        baseline, watched = older[-most:], own
    else:
        cut = own_baseline(len(own), monitor)
        baseline, watched = own[:cut], own[cut:]
    return AuditedStrand(strand=strand, predecessor=predecessor, baseline=tuple(baseline), watched=tuple(watched))


def own_baseline(count: int, monitor: MonitorDefinition) -> int:
    """How many of a version's own first cases make its baseline: a share of them, in steps."""
    least, most = int(monitor.options["least_baseline"]), int(monitor.options["most_baseline"])
    fitting = [size for size in _BASELINES if least <= size <= min(most, _OWN_SHARE * count)]
    return max(fitting, default=least)


def restarted(stream: AuditedStrand, begins: date) -> AuditedStrand:
    """The same begun anew with what was coded from a day on: a new normal, whose own first cases are the baseline.

    A few dozen cases make one, in steps, so that a rate that goes on rising is told of soon.
    """
    strand = stream.strand
    own = [
        outcome
        for outcome in (*stream.baseline, *stream.watched)
        if day_of(outcome) >= begins and (strand.is_pooled or outcome.model_version == strand.model_version)
    ]
    sizes = (RESTARTED, *_BASELINES)
    cut = max((size for size in sizes if size <= _OWN_SHARE * len(own)), default=RESTARTED)
    return replace(stream, baseline=tuple(own[:cut]), watched=tuple(own[cut:]), renewed=True)


def _band_edges(baseline: Sequence[AuditedOutcome]) -> list[float]:
    stated = [outcome.confidence for outcome in baseline if outcome.confidence is not None]
    if not stated:
        return []
    inner = np.quantile(stated, [part / _BANDS for part in range(1, _BANDS)])
    return sorted(set(inner.tolist()))
