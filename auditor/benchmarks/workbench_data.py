"""Fills an empty installation with audits, cases, findings and code lists in bulk, the same for the same seed.

Nine of ten audits are done and signed; in the others every second case waits for its auditor. Rows are written as the
engine keeps them, past the services: 2 million findings would take these an afternoon.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from auditor.benchmarks import workbench_audits, workbench_claims, workbench_codes
from auditor.benchmarks.workbench_audits import AT, CASES_AN_AUDIT, POPULATION
from auditor.benchmarks.workbench_claims import TEMPLATES, Template
from auditor.benchmarks.workbench_rows import count_on, insert, table_of
from auditor.domain.audits import ReviewStatus, SelectionMethod
from auditor.domain.chain import sha256_text
from auditor.storage.audits import Audit, Selection
from auditor.storage.cases import AuditCase, Finding
from auditor.storage.database import Database
from auditor.storage.people import User

_NAME = "bench{:02}"


@dataclass(frozen=True, kw_only=True)
class Size:
    """How many auditors there are, and how many cases; findings are CODES a done case."""

    auditors: int
    cases: int


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What is there; `waiting` counts the cases that nobody has begun."""

    audits: int
    cases: int
    findings: int
    waiting: int
    names: tuple[str, ...]


def fill(database: Database, size: Size, *, seed: int) -> Filled:
    """Make it all in one transaction, then sign what is done, then let the engine look at its tables."""
    names = tuple(_NAME.format(number) for number in range(1, size.auditors + 1))
    random = Random(seed)  # noqa: S311
    with database.write() as session:
        workbench_codes.import_lists(session, random)
        audits = workbench_audits.open_audits(session, names, -(-size.cases // CASES_AN_AUDIT))
        templates = workbench_claims.templates(random, session.get_bind().dialect)
        made = [_case(number, audits, names) for number in range(size.cases)]
        tables = [table_of(kind) for kind in (Selection, AuditCase, Finding)]
        insert(session, tables[0], (_selection(each) for each in made))
        insert(session, tables[1], (_case_row(each, templates) for each in made))
        insert(session, tables[2], _findings(made, templates))
        count_on(session, tables)
    with database.write() as session:
        workbench_audits.sign(session)
    with database.write() as session:
        session.execute(text("ANALYZE"))
    with database.read() as session:
        return found(session, size)


def found(session: Session, size: Size) -> Filled:
    """What was filled in earlier, and how much of it is left to do, for so many auditors of it."""
    waiting = (AuditCase.review_status == ReviewStatus.PENDING, AuditCase.revision == 0)
    names = session.scalars(select(User.name).where(User.name.like(_NAME.format(0)[:-2] + "%")).order_by(User.id))
    return Filled(
        audits=session.scalar(select(func.count(Audit.id))) or 0,
        cases=session.scalar(select(func.count(AuditCase.id))) or 0,
        findings=session.scalar(select(func.count(Finding.id))) or 0,
        waiting=session.scalar(select(func.count(AuditCase.id)).where(*waiting)) or 0,
        names=tuple(names)[: size.auditors],
    )


@dataclass(frozen=True, kw_only=True)
class _Made:
    number: int
    audit: int
    round: int
    place: int
    name: str
    done: bool

    @property
    def template(self) -> int:
        return self.number % TEMPLATES


def _case(number: int, audits: Sequence[tuple[int, int, bool]], names: Sequence[str]) -> _Made:
    audit, drawn, is_open = audits[number // CASES_AN_AUDIT]
    place = number % CASES_AN_AUDIT + 1
    done = not (is_open and place % 2)
    name = names[(number // 2) % len(names)]
    return _Made(number=number + 1, audit=audit, round=drawn, place=place, name=name, done=done)


def _selection(made: _Made) -> dict[str, Any]:
    return {
        "id": made.number,
        "audit_id": made.audit,
        "round_id": made.round,
        "item_id": f"B-{made.number}",
        "claim_id": f"B-{made.number}",
        "stratum": "",
        "draw_order": made.place,
        "ticket": sha256_text(f"bench {made.number}"),
        "drawn": CASES_AN_AUDIT,
        "population": POPULATION,
        "method": SelectionMethod.PROBABILITY.value,
    }


def _case_row(made: _Made, templates: Sequence[Template]) -> dict[str, Any]:
    status = ReviewStatus.DONE if made.done else ReviewStatus.PENDING
    reviewed = {"reviewed_by": made.name if made.done else None, "reviewed_at": AT if made.done else None}
    return {
        **templates[made.template].case,
        "id": made.number,
        "audit_id": made.audit,
        "selection_id": made.number,
        "number": made.place,
        "assigned_to": made.name,
        "review_status": status.value,
        "revision": int(made.done),
        "seconds_spent": 240 if made.done else 0,
        **reviewed,
    }


def _findings(made: Iterable[_Made], templates: Sequence[Template]) -> Iterator[dict[str, Any]]:
    number = 0
    for case in (each for each in made if each.done):
        for finding in templates[case.template].findings:
            number += 1
            yield {**finding, "id": number, "case_id": case.number, "found_by": case.name}
