"""Rebuttals from argument to result; both engines."""

from datetime import datetime, timedelta

import pytest

from auditor.domain.audits import DocumentationStatus, ReviewPass, ReviewStatus
from auditor.domain.findings import Outcome
from auditor.domain.people import Role
from auditor.domain.rebuttals import RebuttalState
from auditor.errors import BadInput, Conflict, Forbidden, NotFound
from auditor.reports import audit_document
from auditor.services import findings, metrics, reporting, signatures
from auditor.services.finding_rows import SETTLED, findings_of_audits
from auditor.services.findings import Review
from auditor.services.follow_through import rebuttals, reminders, troubles
from auditor.services.follow_through.audited import own_cases
from auditor.services.follow_through.rebuttals import Answer, Argument, HandingUp
from auditor.services.notices import Letterhead
from auditor.storage.cases import AuditCase
from auditor.storage.database import Database
from auditor.storage.log import LogEntry
from auditor.storage.monitors import OutboxMessage
from auditor.storage.review_work import FurtherReview
from tests import make
from tests.domain.judgements import change, verdict
from tests.services.samples import draw, drawn_audit, review

LATER = make.NOON + timedelta(days=1)


def audited(database: Database) -> list[int]:
    """Ten reviewed cases of cora's coding, the first two with a wrong visit level; case ids."""
    with database.write() as session:
        for name, role in (
            ("cora", Role.CODER),
            ("anna", Role.AUDITOR),
            ("olga", Role.OFFICER),
            ("otto", Role.OFFICER),
        ):
            make.user(session, name, roles=(role,))
        audit = drawn_audit(session, {"all": 100})
        claims = [make.claim(f"C-{n}", coder_of_record="cora", provider="DR-1") for n in range(10)]
        made = draw(session, audit, "all", claims, population=100)
        for place, case in enumerate(made):
            review(session, case, {"l1": change("99213")} if place < 2 else None)
        return [case.id for case in made]


def argued(database: Database, case: int, *, by: str = "cora", line: str = "1") -> int:
    with database.write() as session:
        argument = Argument(case_id=case, line=line, text="Moderate risk: a drug was changed.")
        return rebuttals.argue(session, argument, by=by, at=make.NOON).id


def answered(database: Database, rebuttal: int, *, by: str = "olga", upheld: bool = True, **answer: str) -> None:
    with database.write() as session:
        said = Answer(upheld=upheld, text="The note supports level 4.", **answer)
        rebuttals.respond(session, rebuttal, said, by=by, at=LATER)


def rates(database: Database, case: int) -> tuple[int, int]:
    """Claims in error before and after rebuttals."""
    with database.read() as session:
        audit = session.get_one(AuditCase, case).audit_id
        before = metrics.audit_metrics(session, audit, passes=SETTLED)[0]
        after = metrics.audit_metrics(session, audit)[0]
        return before.numerator, after.numerator


def test_an_upheld_rebuttal_changes_the_result_and_leaves_the_finding_readable(database: Database) -> None:
    case, *_ = audited(database)
    answered(database, argued(database, case))
    assert rates(database, case) == (2, 1)
    with database.read() as session:
        audit = session.get_one(AuditCase, case).audit_id
        settled = findings_of_audits(session, [audit], passes=SETTLED)[case]
        final = findings_of_audits(session, [audit])[case]
        (rate,) = [row for row in metrics.audit_metrics(session, audit) if row.metric == "rebuttal_upheld_rate"][:1]
    assert (settled[0].outcome, settled[0].correct_code) == (Outcome.CHANGE, "99213")
    assert final[0].outcome is Outcome.AGREE
    assert (rate.numerator, rate.denominator, rate.estimate, rate.state) == (1, 1, 1.0, "too_few")


def test_an_overturned_rebuttal_leaves_the_result_as_it_was(database: Database) -> None:
    case, *_ = audited(database)
    answered(database, argued(database, case), upheld=False)
    assert rates(database, case) == (2, 2)


def test_a_rebuttal_may_be_upheld_in_part(database: Database) -> None:
    case, *_ = audited(database)
    answered(database, argued(database, case), correct_code="99215")
    with database.read() as session:
        audit = session.get_one(AuditCase, case).audit_id
        final = findings_of_audits(session, [audit])[case][0]
    assert (final.outcome, final.correct_code, final.error_type) == (Outcome.CHANGE, "99215", "undercoded")


def test_a_code_that_was_not_missed_after_all_leaves_the_correct_set(database: Database) -> None:
    _, _, clean, *_ = audited(database)
    with database.write() as session:
        added = {"add1": verdict(Outcome.ADD, correct_code="36415")}
        review(session, session.get_one(AuditCase, clean), added)
    assert rates(database, clean) == (3, 3)
    answered(database, argued(database, clean, line="+1"))
    assert rates(database, clean) == (3, 2)


def test_a_decision_is_turned_round_by_whom_it_was_handed_to(database: Database) -> None:
    case, *_ = audited(database)
    number = argued(database, case)
    answered(database, number, by="anna", upheld=False)
    with database.write() as session:
        rebuttals.escalate(session, number, HandingUp(to="otto", text="Please look again."), by="cora", at=LATER)
    with pytest.raises(Forbidden, match="handed to otto"):
        answered(database, number, by="olga")
    answered(database, number, by="otto")
    assert rates(database, case) == (2, 1)
    with database.write() as session:
        rebuttals.escalate(session, number, HandingUp(to="olga", text="I doubt it."), by="otto", at=LATER)
    assert rates(database, case) == (2, 2)
    answered(database, number, by="olga", upheld=False)
    with database.read() as session:
        found = rebuttals.numbered(session, number)
        assert [entry.step for entry in found.entries] == [
            "argued", "overturned", "escalated", "upheld", "escalated", "overturned",
        ]  # fmt: skip
        assert (found.state, found.decided_by) == (RebuttalState.OVERTURNED, "olga")


def test_two_upheld_rebuttals_of_one_case_both_count(database: Database) -> None:
    case, *_ = audited(database)
    with database.write() as session:
        review(session, session.get_one(AuditCase, case), {"l1": change("99213"), "l2": verdict(Outcome.DELETE)})
    first, second = argued(database, case), argued(database, case, line="2")
    answered(database, first)
    assert rates(database, case) == (2, 2)
    answered(database, second)
    assert rates(database, case) == (2, 1)


def test_nobody_argues_other_peoples_work_or_decides_about_their_own(database: Database) -> None:
    case, other, clean, *_ = audited(database)
    with database.write() as session:
        make.user(session, "carl", roles=(Role.CODER,))
        make.user(session, "dr-1", roles=(Role.CODER, Role.OFFICER))
    with pytest.raises(Forbidden, match="not about the work of carl"):
        argued(database, case, by="carl")
    number = argued(database, case, by="dr-1")
    for name in ("dr-1", "cora", "carl"):
        with pytest.raises(Forbidden):
            answered(database, number, by=name)
    with pytest.raises(Conflict, match="waits for its answer"):
        argued(database, case)
    with pytest.raises(BadInput, match="nothing to argue"):
        argued(database, clean)
    with pytest.raises(BadInput, match="take words"), database.write() as session:
        rebuttals.argue(session, Argument(case_id=other, line="1", text="  "), by="cora", at=make.NOON)
    with pytest.raises(Forbidden, match="their own work"), database.write() as session:
        rebuttals.escalate(session, number, HandingUp(to="dr-1", text="x"), by="olga", at=LATER)
    with pytest.raises(NotFound), database.read() as session:
        rebuttals.numbered(session, 999)


def test_a_case_under_review_cannot_be_argued(database: Database) -> None:
    case, *_ = audited(database)
    with database.write() as session:
        session.get_one(AuditCase, case).review_status = ReviewStatus.PENDING
    with pytest.raises(Conflict, match="still under review"):
        argued(database, case)


def test_a_case_that_two_auditors_see_differently_is_argued_when_that_is_decided(database: Database) -> None:
    case, *_ = audited(database)
    with database.write() as session:
        second = FurtherReview(
            case_id=case,
            review_pass=ReviewPass.SECOND,
            documentation_status=DocumentationStatus.COMPLETE,
            review_status=ReviewStatus.DONE,
            reviewed_by="otto",
            differs=True,
        )
        session.add(second)
    with pytest.raises(Conflict, match="still under review"):
        argued(database, case)
    with database.read() as session:
        assert case not in [each.id for each in own_cases(session, "cora")]
    with database.write() as session:
        session.get_one(FurtherReview, second.id).differs = False
    assert argued(database, case)


def test_nothing_is_signed_while_a_rebuttal_waits_and_a_signed_audit_must_be_reopened(database: Database) -> None:
    case, other, *_ = audited(database)
    number = argued(database, case)
    with database.read() as session:
        audit = session.get_one(AuditCase, case).audit_id
    signing = signatures.Signing(audit_id=audit, signer="olga", meaning="final")
    with pytest.raises(Conflict, match="1 rebuttals"), database.write() as session:
        signatures.sign_off(session, signing, at=LATER)
    answered(database, number)
    with database.write() as session:
        signatures.sign_off(session, signing, at=LATER)
    late = argued(database, other)
    with pytest.raises(Conflict, match="reopen"):
        answered(database, late)
    with database.read() as session:
        assert rebuttals.numbered(session, late).state is RebuttalState.OPEN
    answered(database, late, upheld=False)
    with database.read() as session:
        found = signatures.signature(session, session.get_one(AuditCase, case).audit)
    assert found is not None
    assert not found.tainted


def test_what_was_decided_on_a_rebuttal_is_not_changed_under_it(database: Database) -> None:
    case, *_ = audited(database)
    answered(database, argued(database, case))
    with database.write() as session, pytest.raises(Conflict, match="decided on a rebuttal"):
        findings.record(session, case, Review(findings=()), by="anna", at=LATER)


def test_a_rebuttal_is_taken_back_only_while_it_waits(database: Database) -> None:
    case, *_ = audited(database)
    number = argued(database, case)
    with database.write() as session:
        rebuttals.withdraw(session, number, text="Seen the note now.", by="cora", at=LATER)
    with pytest.raises(Conflict, match="withdrawn already"):
        answered(database, number)
    with database.read() as session:
        assert [each.state for each in rebuttals.every(session)] == [RebuttalState.WITHDRAWN]
        assert rebuttals.every(session, only_waiting=True) == []
        log = " ".join(f"{entry.kind} {entry.body}" for entry in session.query(LogEntry))
    assert "rebuttal.withdrawn" in log
    assert "Moderate" not in log
    assert "Seen the note" not in log


def test_the_report_shows_the_rates_before_and_after(database: Database) -> None:
    case, *_ = audited(database)
    with database.read() as session:
        audit = session.get_one(AuditCase, case).audit_id
        paper = reporting.Paper(practice="Hill", time_zone="UTC")
        assert reporting.audit_report(session, audit, paper=paper).rebuttals is None
    answered(database, argued(database, case))
    with database.read() as session:
        report = reporting.audit_report(session, audit, paper=paper)
    assert report.rebuttals is not None
    assert (report.rebuttals.upheld, report.rebuttals.waiting) == (1, 0)
    first, last = report.rebuttals.before[0], report.rebuttals.after[0]
    assert (first.metric, first.numerator, last.numerator) == ("claim_error_rate", 2, 1)
    assert last == report.figures[0]
    section = next(s for s in audit_document.document(report).sections if s.name == "rebuttals")
    assert "1 of 1 decided rebuttals was upheld." in section.blocks[0].text.replace("\u00a0", " ")


def test_reviewers_are_told_of_an_argument_and_the_audited_of_the_answer_once(database: Database) -> None:
    case, *_ = audited(database)
    number = argued(database, case)
    letterhead = Letterhead(practice="Hill", base_url="http://h", time_zone="UTC", mail_domain="hill.example")

    def told(at: datetime) -> list[tuple[str, str]]:
        with database.write() as session:
            reminders.queue(session, letterhead=letterhead, since=at - timedelta(days=9), on=at.date(), at=at)
            mails = session.query(OutboxMessage).order_by(OutboxMessage.id)
            return [(mail.recipient.partition("@")[0], mail.content["told"]) for mail in mails]

    assert told(make.NOON) == [("anna", "rebuttal_argued")]
    with database.read() as session:
        (late,) = troubles.troubles(session, on=make.NOON.date() + timedelta(days=15))
        assert list(troubles.troubles(session, on=make.NOON.date() + timedelta(days=14))) == []
    assert (late.key, late.sentence) == ("rebuttals", f"Unanswered for more than 14 days: {number}.")
    answered(database, number)
    assert told(LATER) == told(LATER) == [("anna", "rebuttal_argued"), ("cora", "rebuttal_upheld")]
