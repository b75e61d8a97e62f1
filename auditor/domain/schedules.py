"""The year of audits: what is due when, and where each stands."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from auditor.domain.plans import Period


class SlotState(StrEnum):
    """Where one audit of a plan stands, in the order in which work is done."""

    COMING = "coming"
    ARRIVING = "arriving"
    DUE = "due"
    DRAWN = "drawn"
    IN_REVIEW = "in review"
    REVIEWED = "reviewed"
    SIGNED = "signed"
    TAINTED = "tainted"
    ABANDONED = "abandoned"


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One period of a plan with its audit, if there is one. It falls due on the day after its last day.

    `finish_by` is the day by which it should be signed, counted from the day it falls due, however late it was drawn;
    `late` says that it is behind: not drawn when it should be, or not signed. `drawn_late` are the days from the day
    it fell due to its draw, 0 where it was drawn in time.
    """

    plan_id: int
    plan: str
    period: Period
    due_on: date
    finish_by: date
    state: SlotState
    late: bool
    audit_id: int | None = None
    cases: int = 0
    done: int = 0
    drawn_late: int = 0


@dataclass(frozen=True, kw_only=True)
class PlanYear:
    """One plan's year: the slots by the month in which each falls due."""

    plan_id: int
    plan: str
    months: tuple[tuple[Slot, ...], ...]
