from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import select

from auditor.domain.plans import Period
from auditor.services import audits, counted_reports, reporting
from auditor.services.reporting import Paper
from auditor.storage.audits import CountedReport
from auditor.storage.cases import AuditCase
from auditor.storage.log import AuditMark, LogEntry
from tests import make
from tests.domain.judgements import change
from tests.services.samples import draw, drawn_audit, review

JANUARY = Period(first_on=date(2026, 1, 1), last_on=date(2026, 1, 31))
PAPER = Paper(practice="P", time_zone="America/Chicago")


@pytest.fixture
def audited(database):
    with database.write() as session:
        audit = drawn_audit(session, {"": 500})
        cases = draw(session, audit, "", [make.claim(f"C-{n}") for n in range(20)], population=500)
        for number, case in enumerate(cases[:15]):
            review(session, case, {"l1": change("99213")} if number < 3 else None)
    return audit.id, [case.id for case in cases]


def kept(database, audit_id, **later):
    with database.read() as session:
        return counted_reports.kept(session, audit_id, at=make.NOON + timedelta(**later))


def test_what_is_kept_is_the_report_itself(database, audited):
    audit_id, _ = audited
    counted = counted_reports.count(database, audit_id, at=make.NOON)
    with database.read() as session:
        report = reporting.audit_report(session, audit_id, paper=PAPER)
        again = counted_reports.read(session, audit_id)
    assert counted.current
    assert kept(database, audit_id).sha256 == counted.sha256 == again.sha256
    assert again.report(PAPER) == replace(report, certificate=None)


def test_every_change_of_the_audit_or_of_its_plan_s_other_audits_makes_it_old(database, audited):
    audit_id, cases = audited
    assert kept(database, audit_id) is None
    counted_reports.count(database, audit_id, at=make.NOON)
    assert kept(database, audit_id).current
    with database.write() as session:
        review(session, session.get_one(AuditCase, cases[15]))
    assert not kept(database, audit_id).current
    counted_reports.count(database, audit_id, at=make.NOON)
    with database.write() as session:
        plan = audits.numbered(session, audit_id).plan
        opening = audits.Opening(plan=plan.name, period=JANUARY, seed="5" * 64)
        audits.open_audit(session, opening, by="olga", at=make.NOON)
    assert not kept(database, audit_id).current
    counted_reports.count(database, audit_id, at=make.NOON)
    assert kept(database, audit_id).current
    with database.write() as session:
        audits.numbered(session, audit_id).plan.tolerable = Fraction(1, 50)
    assert not kept(database, audit_id).current


def test_a_change_behind_the_log_s_back_is_looked_for_after_some_minutes(database, audited):
    audit_id, _ = audited
    counted_reports.count(database, audit_id, at=make.NOON)
    assert kept(database, audit_id, minutes=9).current
    assert not kept(database, audit_id, minutes=10).current


def test_an_older_count_never_takes_the_place_of_a_newer_one(database, audited):
    audit_id, _ = audited
    counted = counted_reports.count(database, audit_id, at=make.NOON)
    with database.write() as session:
        row = session.get_one(CountedReport, audit_id)
        row.entry_number, row.report = row.entry_number + 1, "newer"
    again = counted_reports.count(database, audit_id, at=make.NOON)
    assert again.text == "newer"
    assert counted.text != "newer"


def test_the_marks_are_those_that_the_log_s_bodies_name(database, audited):
    with database.read() as session:
        marks = dict(session.execute(select(AuditMark.entry_number, AuditMark.audit_id)).all())
        entries = session.scalars(select(LogEntry)).all()
    named = {each.number: audited[0] for each in entries if f'"audit":{audited[0]},' in each.body}
    assert marks == named
    assert len(marks) == 15
