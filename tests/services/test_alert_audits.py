"""A targeted audit ordered by an alert: which claims it picks, where they go, and what they then show."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from auditor.domain.alerts import AlertMove
from auditor.domain.audits import DocumentationStatus, ReviewStatus
from auditor.errors import BadInput, Conflict
from auditor.services import alerts
from auditor.services.alert_audits import Order, Ordered, order, question_of
from auditor.services.alert_folding import Folding
from auditor.services.alerts import Grounds
from auditor.services.suspect_evidence import evidence
from auditor.sources.suspects import SuspectQuestion
from auditor.storage.audits import Selection
from auditor.storage.cases import AuditCase
from tests import make
from tests.mail.test_deliver import story
from tests.practice import Practice
from tests.services.test_alerts import LETTERHEAD

SINCE, UNTIL = date(2025, 6, 2), date(2025, 9, 28)


def alert(practice: Practice, **fields: object) -> int:
    """An open alert about version 3.1 of the AI."""
    about = {"source": "claims", "arm": "ai", "model_version": "3.1", "since": SINCE, "weeks_until": UNTIL}
    told = replace(story(), **{**about, "signals": (), **fields})
    with practice.database.write() as session:
        folding = Folding(session=session, letterhead=LETTERHEAD, at=make.NOON)
        opened = folding.open_operational("claims/ai/3.1", told, as_of=date(2025, 9, 29))
        assert opened
        return opened.id


def ordered(practice: Practice, alert_id: int, size: int = 5) -> Ordered:
    request = Order(alert_id=alert_id, size=size, seed=make.SEED)
    return order(practice.database, request, by="olga", at=make.NOON, environment={})


def picked(practice: Practice, alert_id: int) -> list[AuditCase]:
    with practice.database.read() as session:
        found = session.query(AuditCase).join(Selection).filter(Selection.reason == f"alert {alert_id}")
        return list(found.order_by(AuditCase.number))


def review(session: Session, case: AuditCase, *, missing: bool) -> None:
    """Agree with every code, or write down that there are no documents."""
    case.review_status, case.reviewed_at = ReviewStatus.DONE, make.NOON
    if missing:
        case.documentation_status = DocumentationStatus.NOT_PRODUCED
        return
    right = {"outcome": "agree", "correct_code": None, "error_type": None, "severity": None}
    for line, code in enumerate(case.claim["codes"], start=1):
        make.finding(session, case, line=str(line), stage=code["stage"], code_submitted=code["code"], **right)


def test_the_cases_are_of_the_version_and_the_weeks_of_the_alert_and_are_targeted(practice: Practice) -> None:
    sample = practice.drawn(coding_source=None)
    number = alert(practice)
    done = ordered(practice, number)
    assert (done.audit_id, done.cases, done.opened) == (sample.audit_id, 5, False)
    for case in picked(practice, number):
        assert (case.model_version, case.coding_source) == ("3.1", "ai")
        assert SINCE <= date.fromisoformat(case.claim["coded_on"]) <= UNTIL
    with practice.database.read() as session:
        (step,) = alerts.steps(session, number)
        methods = {row.method for row in session.query(Selection).filter_by(reason=f"alert {number}")}
    assert (step.move, step.audit_id, methods) == (AlertMove.AUDIT_ORDERED, sample.audit_id, {"targeted"})


def test_a_second_order_brings_other_claims(practice: Practice) -> None:
    practice.drawn()
    number = alert(practice)
    ordered(practice, number)
    ordered(practice, number)
    assert len({case.claim["claim_id"] for case in picked(practice, number)}) == 10


def test_where_no_audit_is_in_review_one_is_opened_and_drawn_over_the_weeks_of_the_alert(practice: Practice) -> None:
    practice.open(coding_source=None)
    number = alert(practice)
    done = ordered(practice, number)
    assert done.opened
    with practice.database.read() as session:
        from auditor.services import audits

        audit = audits.numbered(session, done.audit_id)
        assert (audit.first_on, audit.last_on, audit.state) == (SINCE, UNTIL, "drawn")


def test_the_share_wrong_among_reviewed_cases_is_the_evidence(practice: Practice) -> None:
    practice.drawn()
    number = alert(practice)
    ordered(practice, number)
    with practice.database.read() as session:
        (shown,) = evidence(session, number)
    assert (shown.cases, shown.done, shown.errors, shown.low) == (5, 0, 0, None)
    with practice.database.write() as session:
        for place, case in enumerate(picked(practice, number)[:4]):
            review(session, session.merge(case), missing=place < 3)
    with practice.database.read() as session:
        (shown,) = evidence(session, number)
    assert (shown.done, shown.errors) == (4, 3)
    assert shown.low == pytest.approx(0.194120, abs=1e-5)  # Clopper-Pearson for 3 of 4
    assert shown.high == pytest.approx(0.993691, abs=1e-5)


@pytest.mark.parametrize("size", [0, 201])
def test_an_order_of_no_case_or_too_many_is_refused(practice: Practice, size: int) -> None:
    practice.drawn()
    with pytest.raises(BadInput, match="order 1 to 200 cases"):
        ordered(practice, alert(practice), size)


def test_a_closed_alert_orders_nothing(practice: Practice) -> None:
    practice.drawn()
    number = alert(practice)
    with practice.database.write() as session:
        alerts.dismiss(session, number, grounds=Grounds(reason="new clinic"), by="olga", at=make.NOON)
    with pytest.raises(Conflict, match="dismissed already"):
        ordered(practice, number)


def test_an_alert_that_no_claim_shows_orders_nothing(practice: Practice) -> None:
    practice.drawn()
    with pytest.raises(Conflict, match="no claim left"):
        ordered(practice, alert(practice, since=date(2030, 1, 7), weeks_until=date(2030, 1, 13)))


def test_signals_say_which_codes_and_modifiers_claims_must_carry() -> None:
    signals = [
        {"what": "code J45.909", "direction": 1},
        {"what": "code I10", "direction": -1},
        {"what": "modifier 25", "direction": 1},
    ]
    told = {
        "arm": "ai",
        "model_version": None,
        "since": "2025-06-02",
        "weeks_until": "2025-09-28",
        "signals": signals,
    }
    assert question_of(told) == SuspectQuestion(
        arm="ai", model_version=None, first_on=SINCE, last_on=UNTIL, codes=("J45909",), modifiers=("25",)
    )
    levels = question_of({**told, "signals": [{"what": "E/M level", "direction": 1}]})
    assert {"99214", "99215", "99204"} <= set(levels.codes)
    assert "99213" not in levels.codes
