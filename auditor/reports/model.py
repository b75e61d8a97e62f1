"""The facts of an audit report, frozen: page, PDF, mail and JSON all say what stands here and nothing else.

Rates are fractions in [0, 1], money is integer cents, moments are aware UTC. Cases go by our own numbers;
nothing of a patient and no claim id stands in a report.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from auditor.domain.audits import AuditState, NoteKind, SeedSource
from auditor.domain.checkpoints import Checkpoint
from auditor.domain.decisions import Decision
from auditor.domain.findings import ErrorType


class FigureState(StrEnum):
    """Whether a figure may be read as it stands. Nothing scored is "no data", never 0 % or 100 %."""

    OK = "ok"
    TOO_FEW = "too_few"
    NO_DATA = "no_data"
    UNPRICED = "unpriced"


ALL = "all"
"""The arm and the slice that hold everything."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One metric as the product defines it, of one arm, slice and stage, with all that it rests on.

    Numerator and denominator are raw counts of the sample (or cents); estimate and limits are of the frame.
    """

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
    state: FigureState


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far the review is. `requested` records are awaited; `not_produced` ones count as errors."""

    drawn: int
    done: int
    requested: int
    not_produced: int
    targeted: int


@dataclass(frozen=True, kw_only=True)
class ReviewTimes:
    """How long finished reviews took, first and second ones alike, over the `timed` of them whose time was measured.

    Idle time is left out. Minutes are a review's; all but the counts are None where none was timed.
    """

    finished: int = 0
    timed: int = 0
    mean_minutes: float | None = None
    median_minutes: float | None = None
    total_hours: float | None = None


@dataclass(frozen=True, kw_only=True)
class Stratum:
    """One stratum: its size in the frame, what was drawn and finished of it."""

    name: str
    claims: int
    paid_cents: int
    drawn: int
    done: int


@dataclass(frozen=True, kw_only=True)
class ErrorTypeCount:
    """How often one type of error was found, in codes, and in how many cases."""

    error_type: ErrorType
    material: int
    variances: int
    cases: int


@dataclass(frozen=True, kw_only=True)
class Period:
    """One earlier audit of the same plan, with the figure that is followed through time."""

    audit_id: int
    first_on: date
    last_on: date
    figures: tuple[Figure, ...]


@dataclass(frozen=True, kw_only=True)
class MissingRecord:
    """A case whose record was not produced, by our own number."""

    case_number: int
    stratum: str


@dataclass(frozen=True, kw_only=True)
class RebuttalResults:
    """What the audited argued, what came of it, and the rates by the findings as first settled and after it."""

    waiting: int
    upheld: int
    overturned: int
    before: tuple[Figure, ...]
    after: tuple[Figure, ...]


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Who signed what, bound to the digest of the content; tainted when that changed, at a known moment or not.

    `figures` are the main measures as they were when it was signed.
    """

    signer: str
    credential: str | None
    meaning: str
    signed_at: datetime
    content_sha256: str
    tainted: bool
    tainted_at: datetime | None
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RoundDrawn:
    """One round of the draw and how its size was derived; `sample_size` is that of the whole sample after it."""

    number: int
    sample_size: int
    algorithm: str
    derivation: Mapping[str, object]
    drawn_by: str
    drawn_at: datetime


@dataclass(frozen=True, kw_only=True)
class SelectionDrawn:
    """One unit that was drawn, by our own case number; the ticket lets anyone compare a draw of their own."""

    case_number: int | None
    stratum: str
    draw_order: int
    ticket: str
    probability: float | None


@dataclass(frozen=True, kw_only=True)
class AbandonedDraw:
    """An audit over the same days that was given up. It stays on the certificate."""

    audit_id: int
    opened_at: datetime
    abandoned_at: datetime
    reason: str
    seed_sha256: str


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """How the sample was drawn, so that someone who does not trust us can draw it again."""

    unit: str
    query_text: str
    frame_claims: int
    frame_paid_cents: int
    frame_sha256: str
    frame_taken_at: datetime
    exclusions: Mapping[str, int]
    seed: str
    seed_sha256: str
    seed_source: SeedSource
    committed_at: datetime
    revealed_at: datetime
    rounds: tuple[RoundDrawn, ...]
    selections: tuple[SelectionDrawn, ...]
    abandoned: tuple[AbandonedDraw, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Why something was done with the audit, in the words of whoever did it."""

    kind: NoteKind
    text: str
    written_by: str
    written_at: datetime


@dataclass(frozen=True, kw_only=True)
class AuditReport:
    """One audit: what was asked, what was found, how sure that is, how the sample came about, who signed."""

    practice: str
    time_zone: str
    audit_id: int
    plan: str
    source: str
    first_on: date
    last_on: date
    state: AuditState
    objective: str
    confidence: float
    tolerable: float | None
    as_of: datetime
    checkpoint: Checkpoint
    progress: Progress
    headline: Figure
    figures: tuple[Figure, ...]
    strata: tuple[Stratum, ...] = ()
    review_times: ReviewTimes = ReviewTimes()
    error_types: tuple[ErrorTypeCount, ...] = ()
    history: tuple[Period, ...] = ()
    missing_records: tuple[MissingRecord, ...] = ()
    rebuttals: RebuttalResults | None = None
    signatures: tuple[Signature, ...] = ()
    certificate: Certificate | None = None
    decision: Decision | None = None
    remarks: tuple[Remark, ...] = ()
