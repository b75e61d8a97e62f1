"""What officers do with an audit in the browser: each deed once, with its reason, and refused in a sentence."""

import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sqlalchemy import select, update

from auditor.domain import totp
from auditor.domain.audits import AuditState, DocumentationStatus
from auditor.domain.events import EventKind
from auditor.domain.people import Role
from auditor.domain.plans import Period
from auditor.errors import Conflict
from auditor.services import audits, samples, second_factors, signatures, standings
from auditor.storage.audits import SignOff
from auditor.storage.cases import AuditCase
from auditor.storage.log import LogEntry
from tests import claims_tables, make, practice
from tests.services.samples import draw, drawn_audit, review
from tests.web import cases
from tests.web.conftest import PASSWORD


@pytest.fixture
def olga(site):
    return site.logged_in("olga", Role.OFFICER)


def reviewed(site, *, waiting=0, **plan) -> int:
    """An audit whose cases are done, but for some that wait for their records."""
    with site.database.write() as session:
        audit = drawn_audit(session, {"": 500}, **plan)
        made = draw(session, audit, "", [cases.claim(n) for n in range(1, 7)], population=500)
        for case in made[waiting:]:
            review(session, case)
        for case in made[:waiting]:
            case.documentation_status = DocumentationStatus.REQUESTED
        return audit.id


def state(site, number):
    with site.database.read() as session:
        return audits.numbered(session, number).state


def test_an_audit_is_drawn_extended_and_given_picked_claims_from_its_page(site, olga, tmp_path):
    file = tmp_path / "claims.sqlite"
    claims_tables.in_sqlite(file, practice.tables(120))
    site.person("anna", Role.AUDITOR)
    with site.database.write() as session:
        source = make.source(session, "here", url=f"sqlite:///{file}")
        plan = make.plan(session, source=source, auditors=["anna"], size=10)
        opening = audits.Opening(plan=plan.name, period=practice.YEAR, seed=make.SEED)
        number = audits.open_audit(session, opening, by="olga", at=make.NOON).id
    page = f"/audits/{number}"
    assert "Draw the sample" in olga.get(page).text
    assert olga.post(f"{page}/draw").status_code == 303
    assert olga.post(f"{page}/draw").status_code == 409
    assert olga.post(f"{page}/extend", more="5").status_code == 303
    assert "say how many" in olga.post(f"{page}/extend", more="").text.lower()
    assert "units were left in the frame" not in olga.get(page).text
    with site.database.read() as session:
        found = standings.standing(session, number)
        sampled = {row.claim_id for row in samples.sample(session, number).selections}
    assert (found.progress.cases, found.progress.pending_by_auditor) == (15, {"anna": 15 - found.progress.unassigned})
    other = min(set(_ids(file)) - sampled)
    assert olga.post(f"{page}/target", claims=other, reason="a complaint").status_code == 303
    wrong = olga.post(f"{page}/target", claims="nowhere", reason="a complaint")
    assert (wrong.status_code, "nothing was added" in wrong.text) == (400, True)
    assert olga.post(f"{page}/extend", more="500").status_code == 303
    assert "Only 105 units were left in the frame: all of them are taken." in olga.get(page).text


def test_an_audit_of_days_to_come_says_so_until_it_is_drawn(site, olga):
    with site.database.write() as session:
        plan = make.plan(session, source=make.source(session, "later"))
        ahead = Period(first_on=date(2099, 1, 1), last_on=date(2099, 1, 31))
        opening = audits.Opening(plan=plan.name, period=ahead, seed=make.SEED)
        number = audits.open_audit(session, opening, by="olga", at=make.NOON).id
    assert "The period has not begun, and ends on 2099-01-31" in olga.get(f"/audits/{number}").text
    with site.database.write() as session, pytest.raises(Conflict, match=f"audit {number} of .* is open already"):
        audits.open_audit(session, opening, by="pia", at=make.NOON)


def test_an_audit_is_given_up_with_a_reason_that_stays_on_its_page(site, olga):
    number = reviewed(site, waiting=2)
    page = f"/audits/{number}"
    assert "Abandon it" in olga.get(page).text
    without = olga.post(f"{page}/abandon", reason=" ")
    assert (without.status_code, "takes a reason" in without.text) == (400, True)
    assert olga.post(f"{page}/abandon", reason="the wrong payer was drawn").status_code == 303
    shown = olga.get(page).text
    assert state(site, number) is AuditState.ABANDONED
    assert "the wrong payer was drawn" in shown
    assert "Abandon it" not in shown
    assert olga.post(f"{page}/abandon", reason="once more").status_code == 409


def seen(officer, number):
    """The content that an officer's page would sign."""
    found = re.search(r'name="content_sha256" value="(\w{64})"', officer.get(f"/audits/{number}").text)
    return found[1] if found else ""


def signed(officer, number, **typed):
    """The answer to an officer who looks at an audit and signs it."""
    form = {"meaning": "approved as final", "password": PASSWORD, "content_sha256": seen(officer, number)}
    return officer.post(f"/audits/{number}/sign-off", **form | typed)


def test_a_signature_takes_the_password_and_a_finished_audit_and_reopening_taints_it_everywhere(site, olga):
    number = reviewed(site)
    page = f"/audits/{number}"
    wrong = signed(olga, number, password="not it")
    assert (wrong.status_code, state(site, number)) == (403, AuditState.DRAWN)
    assert "password is wrong" in wrong.text
    assert signed(olga, number, meaning=" ").status_code == 400
    assert signed(olga, number).status_code == 303
    again = signed(olga, number)
    assert (again.status_code, "signed already, by olga: nothing was signed now" in again.text) == (409, True)
    assert olga.post(f"{page}/reopen", reason="").status_code == 400
    assert olga.post(f"{page}/reopen", reason="a record came late").status_code == 303
    shown = olga.get(page).text
    assert "tainted" in shown
    assert "a record came late" in shown
    assert "signature tainted" in olga.get("/audits").text


def signed_at_once(*officers_and_number):
    """Everybody signs in a thread of their own, at the same moment: status and page of each."""
    *officers, number = officers_and_number
    together, content = Barrier(len(officers)), seen(officers[0], number)

    def sign(officer):
        together.wait()
        answer = signed(officer, number, content_sha256=content)
        return answer.status_code, answer.text

    with ThreadPoolExecutor(len(officers)) as pool:
        return sorted(pool.map(sign, officers))


def sign_offs(site, number):
    with site.database.read() as session:
        return list(session.scalars(select(SignOff.signer).where(SignOff.audit_id == number)))


def test_of_two_officers_who_sign_at_once_one_signs_and_the_other_is_told_who_did(site, olga):
    number, otto = reviewed(site), site.logged_in("otto", Role.OFFICER)
    done, refused = signed_at_once(olga, otto, number)
    (signer,) = sign_offs(site, number)
    assert (done[0], refused[0], state(site, number)) == (303, 409, AuditState.SIGNED)
    sentence = f"Audit {number} is signed already, by {signer}: nothing was signed now; reopen it to sign anew."
    assert refused[1].count(sentence) == 1
    with site.database.read() as session:
        events = select(LogEntry).where(LogEntry.kind == EventKind.AUDIT_SIGNED)
        assert len(session.scalars(events).all()) == 1


def test_one_officer_in_two_windows_does_not_sign_for_two(site, olga):
    number = reviewed(site, second_signature=True)
    window = site.browser()
    assert window.log_in("olga").status_code == 303
    done, refused = signed_at_once(olga, window, number)
    assert (done[0], refused[0], sign_offs(site, number)) == (303, 409, ["olga"])
    assert f"has signed audit {number} already: its plan asks for a second officer" in refused[1]
    assert state(site, number) is AuditState.DRAWN


def test_five_wrong_passwords_close_the_signature_for_a_while(site, olga):
    number = reviewed(site)
    for _ in range(5):
        assert signed(olga, number, password="wrong").status_code == 403
    assert signed(olga, number).status_code == 429
    site.clock.pass_by(minutes=16)
    assert signed(olga, number).status_code == 303


def test_where_the_plan_asks_for_it_a_second_officer_signs_what_the_first_has_signed(site, olga):
    number = reviewed(site, second_signature=True)
    otto = site.logged_in("otto", Role.OFFICER)
    assert signed(olga, number).status_code == 303
    assert state(site, number) is AuditState.DRAWN
    assert "olga has signed; the plan asks for a second officer" in olga.get(f"/audits/{number}").text
    assert signed(olga, number).status_code == 409
    assert signed(otto, number).status_code == 303
    assert state(site, number) is AuditState.SIGNED
    with site.database.read() as session:
        found = signatures.signature(session, audits.numbered(session, number))
    assert found is not None
    assert (found.signer, found.tainted) == ("otto", False)


def test_a_change_between_two_signatures_taints_the_first_and_the_second_counts_alone(site, olga):
    number = reviewed(site, second_signature=True)
    assert signed(olga, number).status_code == 303
    content = seen(olga, number)
    with site.database.write() as session:
        session.execute(update(AuditCase).where(AuditCase.audit_id == number).values(blind=True))
    otto = site.logged_in("otto", Role.OFFICER)
    refused = signed(otto, number, content_sha256=content)
    assert (refused.status_code, "nothing was signed; look at it anew" in refused.text) == (409, True)
    assert signed(otto, number).status_code == 303
    assert state(site, number) is AuditState.DRAWN
    assert "otto has signed; the plan asks for a second officer" in otto.get(f"/audits/{number}").text


def test_what_waits_for_records_is_closed_with_a_reason_and_counts_as_errors(site, olga):
    number = reviewed(site, waiting=2)
    page = f"/audits/{number}"
    assert "Close 2 without an answer" in olga.get(page).text
    assert olga.post(f"{page}/close", reason=" ").status_code == 400
    assert olga.post(f"{page}/close", reason="asked three times").status_code == 303
    shown = olga.get(page).text
    assert "asked three times" in shown
    assert 'aria-label="4 done, 2 record not produced' in shown
    assert olga.post(f"{page}/close", reason="again").status_code == 409


def test_managers_look_and_do_nothing(site, olga):
    number = reviewed(site)
    mia = site.logged_in("mia", Role.MANAGER)
    assert "Sign it off" not in mia.get(f"/audits/{number}").text
    for path in ("draw", "extend", "target", "reassign", "close", "sign-off", "reopen", "abandon"):
        assert mia.post(f"/audits/{number}/{path}").status_code == 403


def _ids(file):
    with sqlite3.connect(file) as connection:
        return [row[0] for row in connection.execute("SELECT claim_id FROM claims")]


def test_whoever_has_a_second_factor_signs_with_a_code_of_it_that_counts_once(site, olga):
    number = reviewed(site)
    secret = b"0123456789abcdefghij"
    with site.database.write() as session:
        second_factors.begin(session, "olga", secret)
        typed = totp.code(secret, totp.step_at(site.clock.now))
        second_factors.confirm(session, "olga", typed, ["recovery-1"], at=site.clock.now)
    site.clock.pass_by(minutes=2)
    assert "Code of your second factor" in olga.get(f"/audits/{number}").text
    assert signed(olga, number).status_code == 403
    assert signed(olga, number, code=typed).status_code == 403
    assert signed(olga, number, code=totp.code(secret, totp.step_at(site.clock.now))).status_code == 303
