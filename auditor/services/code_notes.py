"""What is at hand beside a code under review: its title, the rulings on it, and what was found on it before.

Nothing here depends on the case in hand, so that it can tell nothing of it. Earlier findings are those of signed
audits and a reviewer's own: what colleagues found in an audit under way stays with them until it is settled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, exists, literal_column, not_, or_, select
from sqlalchemy.orm import Session, aliased

from auditor.domain.audits import AuditState, ReviewPass
from auditor.domain.findings import ErrorType, Outcome
from auditor.services import rulings
from auditor.services.guidelines import code_search, editions
from auditor.services.guidelines.code_search import FoundCode
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase, Finding
from auditor.storage.rulings import Ruling

_LOOKED_AT = 300  # the newest of a code that are looked through, so that common codes are as quick as rare ones
_SHOWN = 5
_DEPARTS = Finding.outcome != literal_column(f"'{Outcome.AGREE.value}'")  # in the words of the index of such findings


@dataclass(frozen=True, kw_only=True)
class EarlierFinding:
    """What was found on the same code in another case: no text of it, since that tells of a patient."""

    audit_id: int
    number: int
    outcome: Outcome
    correct_code: str | None
    correct_modifiers: str | None
    error_type: ErrorType | None
    citation: str | None
    found_at: datetime
    mine: bool


@dataclass(frozen=True, kw_only=True)
class CodeNotes:
    """Everything at hand on one code. `term` is None where no list in force on the day has it."""

    code_system: str
    code: str
    term: FoundCode | None
    rulings: tuple[Ruling, ...]
    earlier: tuple[EarlierFinding, ...]


def notes(session: Session, of: tuple[str, str], *, on: date, by: str) -> CodeNotes:
    """What is at hand on a (code system, code) for a reviewer, on a day of service."""
    code_system, code = of
    return CodeNotes(
        code_system=code_system,
        code=code,
        term=code_search.known(session, [of], editions.imported(session), on=on).get(of),
        rulings=rulings.on_codes(session, [code])[code],
        earlier=tuple(_earlier(session, code, by)),
    )


def _earlier(session: Session, code: str, by: str) -> Sequence[EarlierFinding]:
    newest = (
        select(Finding.id)
        .where(Finding.code_submitted == code, _DEPARTS)
        .order_by(Finding.id.desc())
        .limit(_LOOKED_AT)
        .subquery()
    )
    settled = and_(Audit.state == AuditState.SIGNED, Finding.review_pass != ReviewPass.SECOND)
    later = aliased(Finding)
    superseded = exists().where(
        later.case_id == Finding.case_id,
        later.review_pass == Finding.review_pass,
        later.stage == Finding.stage,
        later.line == Finding.line,
        later.version > Finding.version,
    )
    question = (
        select(Finding, AuditCase.audit_id, AuditCase.number)
        .join(newest, newest.c.id == Finding.id)
        .join(AuditCase, AuditCase.id == Finding.case_id)
        .join(Audit, Audit.id == AuditCase.audit_id)
        .where(or_(settled, Finding.found_by == by), Finding.withdrawn.is_(False), not_(superseded))
        .order_by(Finding.id.desc())
    )
    found: dict[tuple[int, str], EarlierFinding] = {}
    for finding, audit_id, number in session.execute(question):
        if len(found) == _SHOWN:
            break
        found.setdefault((finding.case_id, finding.line), _told(finding, audit_id, number, by))
    return list(found.values())


def _told(finding: Finding, audit_id: int, number: int, by: str) -> EarlierFinding:
    return EarlierFinding(
        audit_id=audit_id,
        number=number,
        outcome=finding.outcome,
        correct_code=finding.correct_code,
        correct_modifiers=finding.correct_modifiers,
        error_type=finding.error_type,
        citation=finding.citation,
        found_at=finding.found_at,
        mine=finding.found_by == by,
    )
