"""A plan as people read it: what it says, how often it comes round, what to know before approving it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from auditor.domain.claims import CodingSource
from auditor.domain.plans import DateBasis, Period, SamplingUnit, SizingQuestion, Spread, Timing
from auditor.domain.recurrence import Recurrence, RecurrenceNotes


@dataclass(frozen=True, kw_only=True)
class PlanSheet:
    """One plan. `coming` are its next periods, `waiting` those that are over and have no audit yet, oldest first;
    `same_claims` other plans that may draw the same claims.

    `unknown_auditors` are named by the plan and may not review: no such person, disabled, or without the role.
    """

    plan_id: int
    plan: str
    source: str
    where: str | None
    coding_source: CodingSource | None
    stratify: tuple[str, ...]
    spread: Spread
    unit: SamplingUnit
    date_basis: DateBasis
    timing: Timing
    prebill_rate: float | None
    hold_days: int | None
    question: SizingQuestion
    recurrence: Recurrence | None
    coming: tuple[Period, ...]
    waiting: tuple[Period, ...]
    notes: RecurrenceNotes | None
    same_claims: tuple[str, ...]
    auditors: tuple[str, ...]
    unknown_auditors: tuple[str, ...]
    credentials: Mapping[str, str]
    lead: str | None
    blind_share: float
    second_review_share: float
    second_signature: bool
    finish_days: int
    created_by: str
    created_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    retired_by: str | None
    retired_at: datetime | None

    @property
    def next_due_on(self) -> date | None:
        """The day on which its next audit falls due, or fell due where a period waits for its audit."""
        following = (*self.waiting, *self.coming)
        return following[0].due_on if following and self.retired_at is None else None
