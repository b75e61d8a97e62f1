"""Where audits stand: the list says of each what a look at it alone says, and does not ask audit by audit."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, ReviewStatus
from auditor.domain.claims import CodingSource
from auditor.services import audits, signatures, standings
from auditor.services.standings import Standing
from auditor.storage.database import Database
from tests import make
from tests.domain.judgements import change
from tests.services.samples import review


def three_audits(session: Session, *, times: int = 1) -> None:
    """So often: an open audit, one under review that overlaps it, and a signed one."""
    make.user(session, "olga")
    source = make.source(session)
    for _ in range(times):
        plan = make.plan(session, source=source)
        make.audit(session, plan=plan, state=AuditState.OPEN)
        drawn = make.audit(session, plan=plan, first_on=make.LAST_ON, last_on=make.LAST_ON + timedelta(days=9))
        make.case(session, drawn, make.claim("C-1"), assigned_to="anna")
        make.case(session, drawn, make.claim("C-2"), review_status=ReviewStatus.DONE)
        signed = make.audit(session, plan=make.plan(session))
        review(session, make.case(session, signed, make.claim("C-3")), {"l1": change("99213")})
        signing = signatures.Signing(audit_id=signed.id, signer="olga", meaning="final")
        signatures.sign_off(session, signing, at=make.NOON)


HUMAN, AI = CodingSource.HUMAN, CodingSource.AI


@pytest.mark.parametrize(
    ("arm", "other", "shown"),
    [(HUMAN, AI, False), (HUMAN, HUMAN, True), (HUMAN, None, True), (None, AI, True), (None, None, True)],
)
def test_audits_of_two_arms_share_no_days(
    database: Database, arm: CodingSource | None, other: CodingSource | None, shown: bool
) -> None:
    with database.write() as session:
        source = make.source(session)
        first, second = (
            make.audit(session, plan=make.plan(session, name, source=source, coding_source=said))
            for name, said in (("one", arm), ("two", other))
        )
        assert [each.id for each in audits.overlapping(session, first)] == [second.id] * shown
        assert audits.shares_days(first, second) is shown


def uncounted(alone: Standing) -> Standing:
    """As the list says it, which does not count the claims that audits share."""
    return replace(alone, overlaps=tuple(replace(each, shared_claims=None) for each in alone.overlaps))


def test_the_list_says_what_each_audit_says_alone(database: Database) -> None:
    with database.write() as session:
        three_audits(session)
    with database.read() as session:
        listed = standings.all_standings(session)
        assert listed == [uncounted(standings.standing(session, each.audit_id)) for each in listed]
    opened, drawn, signed = listed
    assert (drawn.progress.cases, drawn.progress.done, drawn.progress.unassigned) == (2, 1, 1)
    assert drawn.progress.pending_by_auditor == {"anna": 1}
    assert [each.audit_id for each in opened.overlaps] == [drawn.audit_id]
    assert (signed.state_text, signed.overlaps) == ("signed", ())


def test_an_unsigned_audit_more_costs_the_list_no_question_more(sqlite: Database) -> None:
    def questions() -> int:
        asked = []
        event.listen(sqlite.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        with sqlite.read() as session:
            standings.all_standings(session)
        return len(asked)

    with sqlite.write() as session:
        source = make.source(session)
        plan = make.plan(session, source=source)
        make.audit(session, plan=plan)
    once = questions()
    with sqlite.write() as session:
        for _ in range(5):
            make.case(session, make.audit(session, plan=session.merge(plan)), make.claim("C-1"))
    assert questions() == once
