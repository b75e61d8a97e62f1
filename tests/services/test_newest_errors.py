"""The newest cases in error of what an alert is about."""

from dataclasses import replace

from sqlalchemy.orm import Session

from auditor.domain.audits import SelectionMethod
from auditor.domain.claims import CodingSource
from auditor.domain.monitors import POOLED
from auditor.domain.stories import Story
from auditor.services.newest_errors import newest_errors
from auditor.storage.audits import Audit
from auditor.storage.database import Database
from auditor.storage.plans import Source
from tests import make
from tests.mail.test_deliver import story
from tests.services.test_audited_outcomes import reviewed


def about(source: Source, **changes: object) -> Story:
    return replace(story(), source=source.name, **changes)  # type: ignore[arg-type]


def audited(
    session: Session, audit: Audit, claim_id: str, *, hours: int, error: bool = True, **fields: object
) -> int:
    case = make.case(session, audit, make.claim(claim_id, **{"model_version": "3.1", **fields}))
    reviewed(session, case, error=error, hours=hours)
    return case.id


def test_the_newest_errors_of_the_version_come_first_and_nothing_else(database: Database) -> None:
    with database.write() as session:
        source = make.source(session)
        audit = make.audit(session, plan=make.plan(session, source=source))
        other = make.audit(session)
        first = audited(session, audit, "C-1", hours=1)
        audited(session, audit, "C-2", hours=2, error=False)
        audited(session, audit, "C-3", hours=3, coding_source=CodingSource.HUMAN, model_version=None)
        before = audited(session, audit, "C-4", hours=4, model_version="3.0")
        audited(session, other, "C-5", hours=5)
        picked = make.selection(
            session, audit, "C-6", method=SelectionMethod.TARGETED, drawn=None, population=None, reason="complaint"
        )
        reviewed(
            session, make.case(session, audit, make.claim("C-6", model_version="3.1"), selection=picked), error=True
        )
        newest = audited(session, audit, "C-7", hours=7)
    with database.read() as session:
        found = newest_errors(session, about(source), name="mia")
        assert [case.case_id for case in found] == [newest, first]
        assert [kind.value for kind in found[0].types] == ["upcoded"]
        assert [case.case_id for case in newest_errors(session, about(source), name="mia", most=1)] == [newest]
        every = newest_errors(session, about(source, model_version=POOLED), name="mia")
        assert [case.case_id for case in every] == [newest, before, first]
        assert newest_errors(session, about(source, arm=None), name="mia") == []


def test_cases_of_a_privileged_audit_are_for_those_who_are_named_on_it(sqlite: Database) -> None:
    with sqlite.write() as session:
        source = make.source(session)
        audit = make.audit(session, plan=make.plan(session, source=source), privileged=True)
        audited(session, audit, "C-1", hours=1)
    with sqlite.read() as session:
        assert newest_errors(session, about(source), name="mia") == []
