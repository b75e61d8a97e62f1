import json
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select, text

from auditor.domain.audits import AuditState, DocumentationStatus, ReviewStatus
from auditor.domain.chain import digest
from auditor.domain.checkpoints import Checkpoint
from auditor.domain.people import Role
from auditor.errors import BadInput, Conflict, Forbidden, NotFound
from auditor.mail.rendering import rendered
from auditor.reports import audit_document
from auditor.services import audits, credentials, due, people, reporting, signature_notices, signatures
from auditor.services.credentials import Certificate
from auditor.services.notices import Letterhead
from auditor.services.reporting import Paper
from auditor.services.signed_content import content_sha256
from auditor.storage.audits import SignOff
from auditor.storage.cases import AuditCase
from auditor.storage.log import LogEntry
from auditor.storage.monitors import OutboxMessage
from tests import make
from tests.domain.judgements import change
from tests.services.samples import draw, drawn_audit, review
from tests.services.test_due import RULES

PAPER = Paper(practice="Hill", time_zone="UTC")
TODAY = make.NOON.date()
YESTERDAY = TODAY - timedelta(days=1)
LATER = make.NOON + timedelta(days=1)


@pytest.fixture
def audit_id(database):
    """An audit of three reviewed cases, one in error, and an officer who may sign it."""
    with database.write() as session:
        make.user(session, "olga", credential="CHC")
        made = make.audit(session)
        for number in range(1, 4):
            case = make.case(session, made, make.claim(f"C-{number}"))
            review(session, case, {"l1": change("99213")} if number == 3 else None)
        return made.id


def sign(database, audit_id, signer="olga", meaning="approved as final"):
    signing = signatures.Signing(audit_id=audit_id, signer=signer, meaning=meaning)
    with database.write() as session:
        return signatures.sign_off(session, signing, at=make.NOON)


def standing(database, audit_id):
    with database.read() as session:
        return signatures.signature(session, audits.numbered(session, audit_id))


def test_a_signature_holds_while_nothing_changes(database, audit_id):
    sign(database, audit_id)
    found = standing(database, audit_id)
    assert (found.signer, found.credential, found.meaning, found.tainted) == (
        "olga",
        "CHC",
        "approved as final",
        False,
    )
    with database.read() as session:
        assert audits.numbered(session, audit_id).state is AuditState.SIGNED


@pytest.mark.parametrize(
    ("signs_as", "beside"),
    [("CHC", "CHC, CCS"), ("Compliance lead, cpc", "Compliance lead, CCS"), ("CCS", "CCS"), (None, "CCS")],
)
def test_a_signature_names_the_certificates_in_force_on_its_day(database, audit_id, signs_as, beside):
    ended, ends_today = (
        Certificate(title=title, expires_on=on) for title, on in (("CPC", YESTERDAY), ("CCS", TODAY))
    )
    with database.write() as session:
        people.named(session, "olga").credential = signs_as
        for held in (ended, ends_today):
            credentials.hold(session, "olga", held, by="root", at=make.NOON)
    sign(database, audit_id)
    assert standing(database, audit_id).credential == beside
    with database.write() as session:
        credentials.hold(session, "olga", Certificate(title="CRC"), by="root", at=make.NOON)
    assert standing(database, audit_id).credential == beside, "a later certificate was not there when it was signed"


def test_an_unfinished_audit_cannot_be_signed(database, audit_id):
    with database.write() as session:
        session.scalar(select(AuditCase).limit(1)).review_status = ReviewStatus.PENDING
    with pytest.raises(Conflict, match="1 of 3 cases of audit 1 are not done"):
        sign(database, audit_id)


def test_documentation_that_is_still_requested_keeps_an_audit_open(database, audit_id):
    with database.write() as session:
        session.scalar(select(AuditCase).limit(1)).documentation_status = DocumentationStatus.REQUESTED
    with pytest.raises(Conflict, match="still wait for their documentation"):
        sign(database, audit_id)


def test_only_an_officer_of_ours_signs(database, audit_id):
    with database.write() as session:
        make.user(session, "anna", roles=(Role.AUDITOR,))
        make.user(session, "otto", disabled_at=make.NOON)
    with pytest.raises(NotFound, match="there is no user nobody"):
        sign(database, audit_id, "nobody")
    with pytest.raises(Forbidden, match="it takes the role officer"):
        sign(database, audit_id, "anna")
    with pytest.raises(Forbidden, match="otto is disabled"):
        sign(database, audit_id, "otto")
    with pytest.raises(BadInput, match="takes a meaning"):
        sign(database, audit_id, meaning=" ")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE findings SET correct_code = '99212'",
        "DELETE FROM findings",
        "UPDATE selections SET population = 999 WHERE draw_order = 2",
        "UPDATE audit_cases SET documentation_status = 'not_produced' WHERE number = 1",
        "UPDATE audit_cases SET claim_sha256 = 'x' WHERE number = 1",
        "UPDATE sampling_frames SET claims = 1001",
        "UPDATE sample_rounds SET sample_size = 60",
    ],
)
def test_a_change_behind_our_back_taints_the_signature(database, audit_id, change):
    sign(database, audit_id)
    with database.write() as session:
        session.execute(text(change))
    assert standing(database, audit_id).tainted


def test_a_new_version_of_a_finding_changes_what_was_signed(database, audit_id):
    before = sign(database, audit_id).content_sha256
    with database.write() as session:
        case = session.scalar(select(AuditCase).where(AuditCase.number == 3))
        make.finding(session, case, version=2, correct_code="99212")
    with database.read() as session:
        assert content_sha256(session, audits.numbered(session, audit_id)) != before


def test_reopening_taints_the_signature_and_a_new_one_may_follow(database, audit_id):
    sign(database, audit_id)
    with pytest.raises(Conflict, match="is signed already"):
        sign(database, audit_id)
    with database.write() as session:
        signatures.reopen(session, audit_id=audit_id, by="olga", at=LATER)
    assert standing(database, audit_id).tainted_at == LATER
    sign(database, audit_id)
    assert not standing(database, audit_id).tainted
    with database.read() as session:
        assert [each.tainted_at for each in session.scalars(select(SignOff).order_by(SignOff.id))] == [LATER, None]


def test_what_was_signed_stays_beside_a_tainted_signature_in_report_and_mail(database):
    with database.write() as session:
        make.user(session, "olga", email="olga@hill.example")
        audit = drawn_audit(session, {"all": 500}, name="Oversight")
        claims = [make.claim(f"C-{n}") for n in range(20)]
        for place, case in enumerate(draw(session, audit, "all", claims, population=500)):
            review(session, case, {"l1": change("99213")} if place == 0 else None)
        audit_id = audit.id
    sign(database, audit_id)
    with database.write() as session:
        signatures.reopen(session, audit_id=audit_id, by="olga", at=LATER, reason="a record came late")
        case = session.scalar(select(AuditCase).where(AuditCase.number == 2))
        review(session, case, {"l1": change("99213")})
    with database.read() as session:
        report = reporting.audit_report(session, audit_id, paper=PAPER)
        [logged] = [
            json.loads(entry.body) for entry in session.scalars(select(LogEntry)) if entry.kind == "audit.signed"
        ]
        kept = session.scalar(select(SignOff)).figures
    [signature] = report.signatures
    signed = next(each for each in signature.figures if each.metric == "claim_error_rate" and each.arm == "ai")
    assert (signed.numerator, signed.denominator) == (1, 20)
    assert (report.headline.numerator, report.headline.denominator) == (2, 20)
    assert logged["figures_sha256"] == digest(kept)
    section = next(each for each in audit_document.document(report).sections if each.name == "signatures")
    beside = next(each for each in section.blocks if getattr(each, "caption", "").startswith("What olga signed"))
    row = next(each for each in beside.rows if each[0].text == "Claim error rate")
    assert [cell.text.replace("\u00a0", " ") for cell in row[2:4]] == ["5.0 %", "10.0 %"]
    letterhead = Letterhead(practice="Hill", base_url="http://h", time_zone="UTC", mail_domain="hill.example")
    with database.write() as session:
        assert signature_notices.queue(session, letterhead=letterhead, since=make.NOON, at=LATER) == 1
        assert signature_notices.queue(session, letterhead=letterhead, since=make.NOON, at=LATER) == 0
        [mail] = session.scalars(select(OutboxMessage))
        made = rendered(mail.kind, mail.content, Checkpoint(number=9, sha256="ab" * 32))
    assert made.subject == f"Audit {audit_id}, {report.plan}: the signature of olga no longer holds."
    for words in (made.text, made.html):
        plain = unescape(words).replace("\u00a0", " ")
        assert "5.0 % (" in plain
        assert "10.0 % (" in plain
        assert f"http://h/audits/{audit_id}" in words
    assert "C-2" not in made.text


@pytest.mark.parametrize(("last_run", "mails"), [(LATER.date(), 1), (LATER.date() + timedelta(days=5), 0), (None, 0)])
def test_a_timer_that_stood_for_six_weeks_still_tells_of_what_was_tainted_meanwhile(
    database, audit_id, last_run, mails
):
    sign(database, audit_id)
    with database.write() as session:
        people.everyone(session)[0].email = "olga@hill.example"
        signatures.reopen(session, audit_id=audit_id, by="olga", at=LATER, reason="a record came late")
    at = LATER + timedelta(weeks=6)
    rules = {"audit_rules": RULES.audits, "run_rules": RULES.monitors}
    due.run_due(database, **rules, at=at, last_run_on=last_run)
    due.run_due(database, **rules, at=at, last_run_on=at.date())
    with database.read() as session:
        assert session.query(OutboxMessage).filter_by(kind=signature_notices.KIND).count() == mails


def test_only_a_signed_audit_is_reopened(database, audit_id):
    with database.write() as session, pytest.raises(Conflict, match="only a signed audit"):
        signatures.reopen(session, audit_id=audit_id, by="olga", at=LATER)


def test_a_disabled_officer_keeps_what_they_signed(database, audit_id):
    sign(database, audit_id)
    with database.write() as session:
        people.disable(session, name="olga", by="root", at=LATER)
    assert standing(database, audit_id).signer == "olga"
