"""What was audited in the last months, by arm, payer and specialty, of all the claims that there were."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, ReviewStatus, SelectionMethod
from auditor.reports.desk_model import Counted, CoverageRow, DeskLine, Facts
from auditor.storage.audits import Audit, Selection
from auditor.storage.cases import AuditCase
from auditor.storage.plans import PopulationCount

FIELDS = {"arm": "coding_source", "payer": "payer", "specialty": "specialty"}
_NOT_SAID = "(not said)"
_FLOOR = 0.01  # a smaller share of all claims is no gap that anybody would ask about
_MOST_NAMED = 3


@dataclass
class _Tally:
    drawn: int = 0
    reviewed: int = 0
    signed: int = 0
    claims: int = 0
    planned: int = 0


@dataclass(frozen=True, kw_only=True)
class _Tallies:
    """By field and value; `counted` says of which fields all claims were counted."""

    of: dict[tuple[str, str], _Tally] = field(default_factory=lambda: defaultdict(_Tally))
    counted: set[str] = field(default_factory=set)


def coverage(
    session: Session, counts: Sequence[PopulationCount], *, since: date, audit_ids: Collection[int] | None
) -> tuple[CoverageRow, ...]:
    """Cases drawn by chance in audits of periods that end after a day, beside all claims, most of them first."""
    tallies = _Tallies()
    _add_cases(session, tallies, since=since, audit_ids=audit_ids)
    _add_claims(tallies, counts)
    rows = [_row(name, value, tally, name in tallies.counted) for (name, value), tally in tallies.of.items()]
    order = list(FIELDS)
    return tuple(sorted(rows, key=lambda row: (order.index(row.field), -(row.claims or 0), -row.drawn, row.value)))


def counted(counts: Sequence[PopulationCount]) -> Counted | None:
    """When and over which days the claims were counted."""
    if not counts:
        return None
    oldest = min(counts, key=lambda each: each.counted_at)
    claims = sum(share["claims"] for each in counts for share in each.shares if share["field"] == FIELDS["arm"])
    return Counted(at=oldest.counted_at, first_on=oldest.first_on, last_on=oldest.last_on, claims=claims)


def lines(rows: Sequence[CoverageRow]) -> list[DeskLine]:
    """For each field: every value of some weight is in a plan, and was drawn from."""
    return [_line(name, [row for row in rows if row.field == name]) for name in FIELDS]


def _add_cases(session: Session, tallies: _Tallies, *, since: date, audit_ids: Collection[int] | None) -> None:
    question = (
        select(AuditCase.audit_id, AuditCase.claim, AuditCase.coding_source, AuditCase.review_status, Audit.state)
        .join(Audit, Audit.id == AuditCase.audit_id)
        .join(Selection, Selection.id == AuditCase.selection_id)
        .where(
            Audit.last_on > since,
            Audit.state.in_([AuditState.DRAWN, AuditState.SIGNED]),
            Selection.method == SelectionMethod.PROBABILITY,
        )
    )
    for audit_id, claim, arm, review, state in session.execute(question):
        if audit_ids is not None and audit_id not in audit_ids:
            continue
        values = {"arm": arm.value, "payer": claim.get("payer"), "specialty": claim.get("specialty")}
        for name, value in values.items():
            tally = tallies.of[name, value or _NOT_SAID]
            tally.drawn += 1
            tally.reviewed += review is ReviewStatus.DONE
            tally.signed += state is AuditState.SIGNED


def _add_claims(tallies: _Tallies, counts: Sequence[PopulationCount]) -> None:
    named = {column: name for name, column in FIELDS.items()}
    for count in counts:
        for share in count.shares:
            tally = tallies.of[named[share["field"]], share["value"] or _NOT_SAID]
            tally.claims += share["claims"]
            tally.planned += share["planned"]
            tallies.counted.add(named[share["field"]])


def _row(name: str, value: str, tally: _Tally, is_counted: bool) -> CoverageRow:
    path, command = f"/trends?by={name}", f"auditor metric trend --by {name}"
    if is_counted and tally.claims and not tally.planned:
        path, command = _plan_for(name, value)
    elif is_counted and tally.claims and not tally.drawn:
        path, command = "/plans", "auditor run-due"
    return CoverageRow(
        field=name,
        value=value,
        drawn=tally.drawn,
        reviewed=tally.reviewed,
        signed=tally.signed,
        path=path,
        command=command,
        claims=tally.claims if is_counted else None,
        planned=tally.planned if is_counted else None,
    )


def _plan_for(name: str, value: str) -> tuple[str, str]:
    """The form of a plan for a value that none covers yet, and its command."""
    if name == "arm":
        query, option = {"coding_source": value}, f"--coding-source {value}"
    else:
        quoted = value.replace("'", "''")
        where = f"{name} IS NULL" if value == _NOT_SAID else f"{name} = '{quoted}'"
        query, option = {"where": where}, f'--where "{where}"'
    return f"/plans/new?{urlencode(query)}", f"auditor plan create NAME {option}"


def _line(name: str, rows: Sequence[CoverageRow]) -> DeskLine:
    claims = sum(row.claims or 0 for row in rows)
    weighty = [row for row in rows if row.claims and row.claims >= _FLOOR * claims]
    unplanned = [row for row in weighty if not row.planned]
    undrawn = [row for row in weighty if row.planned and not row.drawn]
    gaps = [*unplanned, *undrawn]
    facts: Facts = {
        "claims": claims,
        "values": len(weighty),
        "planned": sum(row.planned or 0 for row in rows),
        "reviewed": sum(row.reviewed for row in rows),
        "unplanned": _named(unplanned),
        "undrawn": _named(undrawn),
        "wrong": len(gaps),
    }
    path, command = (gaps[0].path, gaps[0].command) if gaps else (f"/trends?by={name}", "auditor source count")
    return DeskLine(
        key=f"coverage_{name}", holds=None if not claims else not gaps, facts=facts, path=path, command=command
    )


def _named(rows: Sequence[CoverageRow]) -> str:
    named = ", ".join(row.value.replace("_", " ") for row in rows[:_MOST_NAMED])
    return f"{named} and {len(rows) - _MOST_NAMED} more" if len(rows) > _MOST_NAMED else named
