"""The officer's desk: "if the OIG called today", each question with its proof or its remedy."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from shlex import quote

from sqlalchemy.orm import Session

from auditor.domain.corrective_actions import ActionState
from auditor.domain.schedules import Slot, SlotState
from auditor.reports.desk_model import DeskLine, Facts, OfficerDesk
from auditor.services import plans, privilege, schedule
from auditor.services.desks import coverage, evidence, population, upkeep
from auditor.services.follow_through import actions, overpayments, rebuttals, troubles
from auditor.services.reporting import Paper, as_of, checkpoint

_MOST_NAMED = 5


@dataclass(frozen=True, kw_only=True)
class Sight:
    """Who looks, on which day, at which moment. Without a viewer everything is seen."""

    on: date
    at: datetime
    viewer: str | None = None


def officer_desk(session: Session, sight: Sight, *, paper: Paper) -> OfficerDesk:
    """The desk on a day; privileged audits are there for those alone who are named on them."""
    since = sight.on - population.YEAR
    known = None if sight.viewer is None else {a.id for a in privilege.known_audits(session, sight.viewer)}
    slots = [
        slot
        for slot in schedule.all_slots(session, on=sight.on)
        if known is None or slot.audit_id is None or slot.audit_id in known
    ]
    counts = population.newest(session)
    rows = coverage.coverage(session, counts, since=since, audit_ids=known)
    lines = (
        _plans(session),
        *_work(slots),
        *coverage.lines(rows),
        *evidence.lines(session, rows, audit_ids=known),
        *_follow_through(session, sight.on, known),
        *upkeep.lines(session, on=sight.on, at=sight.at),
    )
    return OfficerDesk(
        practice=paper.practice,
        time_zone=paper.time_zone,
        on=sight.on,
        since=since,
        as_of=as_of(session, otherwise=sight.at),
        checkpoint=checkpoint(session),
        lines=tuple(lines),
        coverage=rows,
        counted=coverage.counted(counts),
    )


def _plans(session: Session) -> DeskLine:
    """Plans that call for no audit until somebody approves them: drafts, and those of follow-up audits."""
    in_use = [plan for plan in plans.all_plans(session) if plan.retired_at is None]
    waiting = [plan for plan in in_use if plan.approved_at is None]
    names = ", ".join(plan.name for plan in waiting[:_MOST_NAMED])
    return DeskLine(
        key="plans",
        holds=not waiting if in_use else None,
        facts={"wrong": len(waiting), "names": names},
        path=f"/plans/{waiting[0].id}" if waiting else "/plans",
        command=f"auditor plan approve {quote(waiting[0].name)}" if waiting else "auditor plan list",
    )


def _work(slots: Sequence[Slot]) -> list[DeskLine]:
    """Audits that should have been drawn, reviewed, signed by now."""
    told = [slot for slot in slots if slot.state is not SlotState.ABANDONED]
    undrawn = [slot for slot in told if slot.late and slot.state in (SlotState.DUE, SlotState.ARRIVING)]
    behind = [slot for slot in told if slot.late and slot.state in (SlotState.DRAWN, SlotState.IN_REVIEW)]
    ready = [slot for slot in told if slot.state is SlotState.REVIEWED]
    tainted = [slot for slot in told if slot.state is SlotState.TAINTED]
    signed = sum(slot.state is SlotState.SIGNED for slot in told)
    drawn = sum(slot.audit_id is not None for slot in told)
    drawn_late = [slot.drawn_late for slot in told if slot.drawn_late]
    proof = {"periods": len(told), "drawn": drawn, "drawn_late": len(drawn_late), "days": max(drawn_late, default=0)}
    return [
        _line("schedule", bool(told), undrawn, proof, ("/plans", "run-due")),
        _line("review", bool(drawn), behind, {"drawn": drawn}, (_audit(behind), "audit list")),
        _line("signed", bool(signed), ready, {"signed": signed}, (_audit(ready), _sign(ready))),
        _line("tainted", bool(signed), tainted, {"signed": signed}, (_audit(tainted), _sign(tainted))),
    ]


def _line(key: str, proven: bool, wrong: Sequence[Slot], proof: Facts, where: tuple[str, str]) -> DeskLine:
    """`where` is the page and the command of the remedy, or of the proof."""
    oldest = min((slot.due_on for slot in wrong), default=None)
    numbers = [str(slot.audit_id) for slot in wrong if slot.audit_id]
    more = f" and {len(numbers) - _MOST_NAMED} more" if len(numbers) > _MOST_NAMED else ""
    named = ", ".join(numbers[:_MOST_NAMED]) + more
    facts = {**proof, "wrong": len(wrong), "oldest": oldest, "audits": named}
    path, command = where
    holds = False if wrong else (True if proven else None)
    return DeskLine(key=key, holds=holds, facts=facts, path=path, command=f"auditor {command}")


def _audit(slots: Sequence[Slot]) -> str:
    found = [slot.audit_id for slot in slots if slot.audit_id is not None]
    return f"/audits/{found[0]}" if len(found) == 1 else "/audits"


def _sign(slots: Sequence[Slot]) -> str:
    found = next((slot.audit_id for slot in slots if slot.audit_id is not None), None)
    return f"audit sign-off {found} --by U --meaning M" if found else "audit list"


def _follow_through(session: Session, on: date, known: Collection[int] | None) -> list[DeskLine]:
    def seen(audit_id: int | None) -> bool:
        return known is None or audit_id is None or audit_id in known

    waiting = [each for each in rebuttals.every(session, only_waiting=True) if seen(each.case.audit_id)]
    late = [each for each in troubles.overdue_rebuttals(session, on=on) if seen(each.case.audit_id)]
    going_on = [each for each in actions.every(session, only_open=True) if seen(each.audit_id)]
    todo = [each for each in going_on if each.state is ActionState.OPEN]
    unchecked = [each for each in going_on if each.state is ActionState.DONE and each.check_plan_id]
    overdue = [each for each in troubles.overdue_actions(session, on=on) if seen(each.audit_id)]
    owed = [row for row in overpayments.every(session, open_on=on) if seen(row.audit_id)]
    clocks = [(row, overpayments.clock(row)) for row in owed]
    urgent = [row for row, clock in clocks if clock.warns(on)]
    left = min((clock.days_left(on) for _, clock in clocks), default=None)
    return [
        DeskLine(
            key="rebuttals",
            holds=not late,
            facts={"waiting": len(waiting), "wrong": len(late)},
            path="/rebuttals",
            command="auditor rebuttal list --waiting",
        ),
        DeskLine(
            key="actions",
            holds=not overdue,
            facts={"open": len(todo), "wrong": len(overdue), "unchecked": len(unchecked)},
            path="/actions",
            command="auditor action list --open",
        ),
        DeskLine(
            key="overpayments",
            holds=not urgent,
            facts={"open": len(clocks), "wrong": len(urgent), "days_left": left},
            path="/overpayments",
            command="auditor overpayment list --open",
        ),
    ]
