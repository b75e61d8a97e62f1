"""An audit report from our tables: its numbers are those of the metrics, on both engines."""

from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from auditor.domain.audits import AuditState, ReviewStatus, SelectionMethod
from auditor.domain.chain import canonical_json, plain, sha256_text
from auditor.domain.events import Event, EventKind
from auditor.domain.findings import ErrorType
from auditor.domain.people import Role
from auditor.errors import NotFound
from auditor.reports import audit_document, html, pdf
from auditor.reports.model import FigureState, Signature
from auditor.services import metrics, reporting, signatures
from auditor.services.reporting import Paper
from auditor.storage import history
from auditor.storage.audits import Audit
from auditor.storage.cases import AuditCase
from auditor.storage.database import Database
from tests import make
from tests.reports.test_html import Page
from tests.reports.test_pdf import squeezed, text_of
from tests.services.reviewed_twice import with_second
from tests.services.test_metrics import simple_audit, visit

PAPER = Paper(practice="Harbor Street Physicians", time_zone="America/New_York")


def logged(database: Database) -> int:
    """The number of a reviewed audit of twelve claims, with one entry in the log."""
    with database.write() as session:
        audit = simple_audit(session)
        history.record(session, Event(kind=EventKind.AUDIT_DRAWN, by="olga"), at=make.NOON)
        return audit.id


def test_a_report_holds_the_metrics_as_they_are(database: Database) -> None:
    number = logged(database)
    with database.read() as session:
        report = reporting.audit_report(session, number, paper=PAPER)
        told = [plain(figure) for figure in report.figures]
        assert told == [plain(metric) for metric in metrics.audit_metrics(session, number)]
    assert (report.headline.metric, report.headline.arm, report.headline.n) == ("claim_error_rate", "ai", 12)


def test_page_paper_and_json_say_the_same_numbers(sqlite: Database) -> None:
    number = logged(sqlite)
    with sqlite.read() as session:
        report = reporting.audit_report(session, number, paper=PAPER)
    document = audit_document.document(report)
    page, paper = Page(html.html(document)).text, text_of(pdf.pdf(document))
    for figure in report.figures:
        if figure.estimate is None or figure.state is not FigureState.OK:
            continue
        if figure.metric.endswith(("kappa", "ac1", "difference")):
            continue
        for rate in (figure.estimate, figure.low, figure.high):
            assert rate is not None
            assert f"{rate * 100:.1f}" in page
            assert f"{rate * 100:.1f}" in paper
    assert squeezed(document.lede[1]) in paper


def test_a_report_is_of_the_newest_log_entry(database: Database) -> None:
    number = logged(database)
    with database.read() as session:
        report = reporting.audit_report(session, number, paper=PAPER)
        assert (report.checkpoint.number, report.checkpoint.sha256) == history.head(session)
    assert report.as_of == make.NOON


def test_the_same_records_make_the_same_file(sqlite: Database) -> None:
    number = logged(sqlite)
    made = []
    for _ in range(2):
        with sqlite.read() as session:
            report = reporting.audit_report(session, number, paper=PAPER)
        made.append((html.html(audit_document.document(report)), pdf.pdf(audit_document.document(report))))
    assert made[0] == made[1]


def test_errors_are_counted_by_type_and_missing_records_by_case(database: Database) -> None:
    number = logged(database)
    with database.read() as session:
        report = reporting.audit_report(session, number, paper=PAPER)
    counted = {each.error_type: (each.material, each.cases) for each in report.error_types}
    assert counted[ErrorType.UNSUPPORTED][1] >= 1
    assert [record.case_number for record in report.missing_records] == [4]
    assert report.progress.not_produced == 1
    assert (report.progress.drawn, report.progress.done) == (12, 12)


def test_time_per_case_is_told_with_how_many_were_timed_on_page_paper_and_json(sqlite: Database) -> None:
    number = logged(sqlite)
    spent = (60, 150, 1_050)
    with sqlite.write() as session:
        cases = session.scalars(
            select(AuditCase).where(AuditCase.audit_id == number).order_by(AuditCase.number)
        ).all()
        for case, seconds in zip(cases, spent, strict=False):
            case.seconds_spent = seconds
        cases[-1].seconds_spent, cases[-1].review_status = 9_000, ReviewStatus.PENDING
        second = with_second(session, cases[0])
        second.review_status, second.seconds_spent = ReviewStatus.DONE, 420
    with sqlite.read() as session:
        report = reporting.audit_report(session, number, paper=PAPER)
    told = plain(report)["review_times"]
    assert told == {"finished": 12, "timed": 4, "mean_minutes": 7.0, "median_minutes": 4.75, "total_hours": 7 / 15}
    document = audit_document.document(report)
    section = next(each for each in document.sections if each.name == "times")
    assert [cell.text for cell in section.blocks[0].rows[0]] == ["12", "4", "7", "4.75", "0.47"]
    assert "How long a review took" in Page(html.html(document)).text
    assert "4.75" in text_of(pdf.pdf(document))


def test_without_a_timed_review_no_time_is_told(sqlite: Database) -> None:
    number = logged(sqlite)
    with sqlite.read() as session:
        report = reporting.audit_report(session, number, paper=PAPER)
    assert (report.review_times.timed, report.review_times.mean_minutes) == (0, None)
    assert "None of the 12 finished reviews was timed" in Page(html.html(audit_document.document(report))).text


def test_an_audit_that_is_only_open_has_a_report_without_numbers(database: Database) -> None:
    with database.write() as session:
        number = make.audit(session, state=AuditState.OPEN, drawn_at=None).id
    with database.read() as session:
        report = reporting.audit_report(session, number, paper=PAPER)
    assert report.headline.state is FigureState.NO_DATA
    assert report.certificate is None
    assert "Nothing has been drawn yet." in audit_document.document(report).lede


def test_targeted_picks_stand_apart(database: Database) -> None:
    with database.write() as session:
        audit = simple_audit(session)
        picked = make.selection(session, audit, "C-99", method=SelectionMethod.TARGETED, drawn=None, population=None)
        make.case(session, audit, visit(99), selection=picked)
    with database.read() as session:
        report = reporting.audit_report(session, audit.id, paper=PAPER)
    assert (report.progress.targeted, report.progress.drawn) == (1, 12)
    assert report.certificate is not None
    assert len(report.certificate.selections) == 12


def test_no_claim_id_and_no_patient_stands_in_a_report(database: Database) -> None:
    number = logged(database)
    with database.read() as session:
        text = canonical_json(reporting.audit_report(session, number, paper=PAPER))
    assert "C-1" not in text
    assert "P-1" not in text


def test_a_change_behind_our_back_taints_the_printed_signature(database: Database) -> None:
    with database.write() as session:
        make.user(session, "olga", roles=(Role.OFFICER,), credential="CPC")
        audit = simple_audit(session)
        signing = signatures.Signing(audit_id=audit.id, signer="olga", meaning="approved as final")
        signatures.sign_off(session, signing, at=make.NOON)
    assert [each.tainted for each in _signatures(database, audit)] == [False]
    with database.write() as session:
        case = session.query(AuditCase).filter_by(audit_id=audit.id, number=1).one()
        case.claim_sha256 = sha256_text("another claim")
    signed = _signatures(database, audit)
    assert [(each.tainted, each.tainted_at, each.credential) for each in signed] == [(True, None, "CPC")]


def _signatures(database: Database, audit: Audit) -> tuple[Signature, ...]:
    with database.read() as session:
        return reporting.audit_report(session, audit.id, paper=PAPER).signatures


def test_earlier_audits_of_the_plan_make_a_history(database: Database) -> None:
    with database.write() as session:
        newest, older = simple_audit(session), simple_audit(session)
        older.plan_id = newest.plan_id
        older.first_on, older.last_on = make.FIRST_ON - timedelta(days=92), make.FIRST_ON - timedelta(days=1)
    with database.read() as session:
        report = reporting.audit_report(session, newest.id, paper=PAPER)
        first = reporting.audit_report(session, older.id, paper=PAPER)
    assert [period.audit_id for period in report.history] == [older.id, newest.id]
    assert first.history == ()
    own = next(f for f in report.figures if (f.metric, f.arm, f.slice) == ("claim_error_rate", "ai", "all"))
    assert report.history[1].figures == (own,)


def test_abandoned_draws_stay_on_the_certificate(database: Database) -> None:
    with database.write() as session:
        audit = simple_audit(session)
        make.audit(
            session,
            plan=audit.plan,
            state=AuditState.ABANDONED,
            abandoned_at=make.NOON,
            abandon_reason="wrong quarter",
        )
    with database.read() as session:
        report = reporting.audit_report(session, audit.id, paper=PAPER)
    assert report.certificate is not None
    assert [draw.reason for draw in report.certificate.abandoned] == ["wrong quarter"]


def test_an_unknown_audit_is_named(sqlite: Database) -> None:
    with sqlite.read() as session, pytest.raises(NotFound, match="there is no audit 7"):
        reporting.audit_report(session, 7, paper=PAPER)


def test_a_figure_has_the_fields_of_a_metric(sqlite: Database) -> None:
    number = logged(sqlite)
    with sqlite.read() as session:
        metric = metrics.audit_metrics(session, number)[0]
        figure = reporting.audit_report(session, number, paper=PAPER).figures[0]
    assert asdict(figure).keys() == asdict(metric).keys()


def _audit(session: Session, number: int) -> Audit:
    return session.get_one(Audit, number)
