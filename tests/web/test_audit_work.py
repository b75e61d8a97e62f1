"""Work that reaches auditors from an audit's page: arrivals, bills, cases passed on, and the mails about each."""

import sqlite3
from datetime import date
from fractions import Fraction
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from auditor.domain.audits import AuditState
from auditor.domain.checkpoints import Checkpoint
from auditor.domain.people import Role
from auditor.domain.plans import Period, Timing
from auditor.mail.rendering import rendered
from auditor.services import audits, reviewers, samples
from auditor.storage.cases import AuditCase
from auditor.storage.monitors import OutboxMessage
from auditor.storage.prebill import BillHold
from tests import claims_tables, make, practice

QUARTER = Period(first_on=date(2026, 1, 1), last_on=date(2026, 3, 31))


@pytest.fixture
def office(site, tmp_path):
    """An officer's browser, two auditors, and a claims file of 2025 that is the source of the plans."""
    file = tmp_path / "claims.sqlite"
    claims_tables.in_sqlite(file, practice.tables(120))
    olga = site.logged_in("olga", Role.OFFICER)
    for name in ("carla", "dora"):
        site.person(name, Role.AUDITOR)
    with site.database.write() as session:
        source = make.source(session, "here", url=f"sqlite:///{file}")
    return SimpleNamespace(olga=olga, site=site, file=file, source=source.id)


def opened(office, period=practice.YEAR, **plan) -> int:
    with office.site.database.write() as session:
        given = {"source_id": office.source, "auditors": ["carla", "dora"], "size": 10}
        made = make.plan(session, **(given | plan))
        opening = audits.Opening(plan=made.name, period=period, seed=make.SEED)
        return audits.open_audit(session, opening, by="olga", at=make.NOON).id


def move(office, day, where):
    with sqlite3.connect(office.file) as claims:
        claims.execute(f"UPDATE claims SET served_on = '{day}' WHERE {where}")


def mails(office):
    """Subject, recipient and texts of what waits to be sent, in order."""
    mark = Checkpoint(number=1, sha256="0" * 64)
    with office.site.database.read() as session:
        queued = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
        return [(each.recipient.partition("@")[0], rendered(each.kind, each.content, mark)) for each in queued]


def load(office, number):
    with office.site.database.read() as session:
        question = select(AuditCase.assigned_to, func.count()).where(AuditCase.audit_id == number)
        return {row[0]: row[1] for row in session.execute(question.group_by(AuditCase.assigned_to))}


def test_claims_are_selected_as_they_arrive_their_bills_wait_and_go_and_the_frame_closes(office):
    number = opened(
        office, QUARTER, timing=Timing.PREBILL, prebill_rate=Fraction(1, 4), hold_days=5, auditors=["carla"]
    )
    page, olga = f"/audits/{number}", office.olga
    move(office, "2026-01-14", "rowid % 2 = 0")
    assert "Look what has arrived" in olga.get(page).text
    assert olga.post(f"{page}/arrivals").status_code == 303
    first = load(office, number)["carla"]
    assert f"{first} bills wait" in olga.get(page).text
    told = mails(office)
    assert [name for name, _ in told] == ["carla"]
    assert told[0][1].subject.startswith(f"{first} cases to review")
    assert "each bill waits for its review, at most 5 days" in " ".join(told[0][1].text.split())
    assert told[0][1].calendar is not None

    move(office, "2026-01-15", "rowid % 4 = 1")
    assert olga.post(f"{page}/arrivals").status_code == 303
    second = load(office, number)["carla"] - first
    assert second > 0
    assert len(mails(office)) == 1, "claims come in ones and twos: a mail a day is enough"
    office.site.clock.pass_by(days=1, hours=1)
    olga.log_in("olga")
    assert olga.post(f"{page}/arrivals").status_code == 303
    assert mails(office)[1][1].subject.startswith(f"{second} more cases to review")

    assert olga.post(f"{page}/release").status_code == 409, "no review is done, and no day has come"
    office.site.clock.pass_by(days=4)
    olga.log_in("olga")
    assert olga.post(f"{page}/release").status_code == 303
    with office.site.database.read() as session:
        assert session.scalars(select(BillHold.released_by)).all() == ["olga"] * (first + second)
    assert "waits until" not in olga.get(page).text.lower()

    office.site.clock.pass_by(days=80)
    olga.log_in("olga")
    assert olga.post(f"{page}/arrivals").status_code == 303
    assert "Certificate of the draw" in olga.get(page).text
    with office.site.database.read() as session:
        assert audits.numbered(session, number).state is AuditState.DRAWN
        assert len(samples.sample(session, number).selections) == first + second


def test_auditors_are_told_of_cases_that_join_theirs_and_of_those_passed_on(office):
    number = opened(office)
    page, olga = f"/audits/{number}", office.olga
    assert olga.post(f"{page}/draw").status_code == 303
    assert sorted(name for name, _ in mails(office)) == ["carla", "dora"]
    before = load(office, number)

    assert olga.post(f"{page}/extend", more="6").status_code == 303
    joined = {name: count - before[name] for name, count in load(office, number).items()}
    said = dict(mails(office)[2:])
    assert {name: said[name].subject.split()[0] for name in said} == {n: str(c) for n, c in joined.items() if c}
    name = min(said)
    assert f"{before[name] + joined[name]} wait for you" in " ".join(said[name].text.split())

    with office.site.database.read() as session, sqlite3.connect(office.file) as claims:
        sampled = {row.claim_id for row in samples.sample(session, number).selections}
        other = min({row[0] for row in claims.execute("SELECT claim_id FROM claims")} - sampled)
    assert olga.post(f"{page}/target", claims=other, reason="a complaint").status_code == 303
    (told,) = mails(office)[2 + len(said) :]
    assert told[1].subject.startswith("1 more case to review")

    count, kept = len(mails(office)), load(office, number)
    assert olga.post(f"{page}/reassign", source="carla", to="dora").status_code == 303
    assert load(office, number) == {"dora": sum(kept.values())}
    (passed,) = mails(office)[count:]
    assert passed[0] == "dora"
    assert passed[1].subject.startswith(f"{sum(kept.values())} cases to review")
    assert f"dora ({sum(kept.values())} not done)" in olga.get(page).text
    assert olga.post(f"{page}/reassign", source="carla", to="dora").status_code == 409


def test_cases_without_an_auditor_are_shared_out_among_those_of_the_plan(office):
    number = opened(office)
    page, olga = f"/audits/{number}", office.olga
    assert olga.post(f"{page}/draw").status_code == 303
    with office.site.database.write() as session:
        session.execute(AuditCase.__table__.update().values(assigned_to=None))
    assert olga.post(f"{page}/reassign", source="", to="").status_code == 303
    shared = load(office, number)
    assert sorted(shared) == ["carla", "dora"]
    assert max(shared.values()) - min(shared.values()) <= 1
    with office.site.database.read() as session:
        assert reviewers.load(session, ["carla", "dora"]) == shared
