"""A plan in sentences, for pages, mails, calendars and the terminal."""

from dataclasses import dataclass
from datetime import date

from auditor.domain.plan_sheets import PlanSheet
from auditor.domain.recurrence import Recurrence, RecurrenceNotes
from auditor.reports.words import say

_SHEET = "plan"


@dataclass(frozen=True, kw_only=True)
class PlanWords:
    """What is audited, when, how often and to show what; and what to know before approving it."""

    population: str
    timing: str
    objective: str
    recurrence: str
    credentials: str
    notes: tuple[str, ...]


def words(plan: PlanSheet) -> PlanWords:
    """A plan's sentences."""
    return PlanWords(
        population=say(_SHEET, "population", plan=plan),
        timing=say(_SHEET, "timing", plan=plan),
        objective=say(_SHEET, "objective", plan=plan),
        recurrence=how_often(plan.recurrence),
        credentials=say(_SHEET, "credentials", plan=plan),
        notes=notes(plan),
    )


def how_often(repeat: Recurrence | None) -> str:
    """The recurrence in words, with its end.

    >>> repeat = Recurrence(rule="FREQ=MONTHLY;INTERVAL=3;COUNT=4", starts_on=date(2026, 1, 1))
    >>> how_often(repeat).replace(chr(160), " ")
    'Each quarter, from 1 Jan 2026 on, 4 times.'
    """
    if repeat is None:
        return say(_SHEET, "by_hand")
    until = repeat.parts.get("UNTIL")
    return say(_SHEET, "recurrence", repeat=repeat, until=date.fromisoformat(until) if until else None)


def notes(plan: PlanSheet) -> tuple[str, ...]:
    """What whoever approves the plan should know."""
    said = {"same": plan.same_claims, "unknown": plan.unknown_auditors, "nobody": not plan.auditors}
    of_people = (say(_SHEET, f"note_{name}", plan=plan) for name, holds in said.items() if holds)
    return (*(recurrence_notes(plan.notes) if plan.notes else ()), *of_people)


def recurrence_notes(told: RecurrenceNotes) -> tuple[str, ...]:
    """What to know of how it comes round."""
    said = {
        "endless": told.endless,
        "finished": told.finished_on,
        "over": told.over,
        "skipped": told.skipped_day,
        "begins": told.begins_on,
    }
    return tuple(say(_SHEET, f"note_{name}", notes=told) for name, holds in said.items() if holds)
