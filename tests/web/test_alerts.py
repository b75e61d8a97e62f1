"""The pages of alerts: what a manager sees, may do, and is refused."""

from dataclasses import replace
from datetime import date

import pytest

from auditor.domain.alerts import AlertState
from auditor.domain.mails import MailState
from auditor.domain.people import Role
from auditor.services import alerts, people
from auditor.services.alert_folding import Folding
from auditor.services.alerts import Grounds
from auditor.storage.monitors import OutboxMessage
from tests import make
from tests.mail.test_deliver import story
from tests.services.test_alerts import LETTERHEAD
from tests.services.test_audited_outcomes import reviewed
from tests.web.test_escaping import HOSTILE

STATES = {
    MailState.QUEUED: "waits",
    MailState.FOLDED: "told in another mail",
    MailState.SENDING: "under way",
    MailState.SENT: "</span>sent</span>",
    MailState.UNCERTAIN: "uncertain",
    MailState.DEAD: "given up",
}


@pytest.fixture
def mia(small_site):
    return small_site.logged_in("mia", Role.MANAGER)


def opened(site, key="hill/ai/3.1", **fields) -> int:
    with site.database.write() as session:
        folding = Folding(session=session, letterhead=LETTERHEAD, at=make.NOON)
        alert = folding.open_operational(key, replace(story(), **fields), as_of=date(2026, 1, 12))
        return alert.id


def state(site, number) -> AlertState:
    with site.database.read() as session:
        return alerts.numbered(session, number).state


def test_the_inbox_holds_what_waits_and_on_demand_everything(small_site, mia):
    assert "Nothing waits" in mia.get("/alerts").text
    first, second = opened(small_site), opened(small_site, "hill/ai/3.2")
    mia.post(f"/alerts/{first}/moves", move="dismiss", reason="new clinic")
    waiting, everything = mia.get("/alerts").text, mia.get("/alerts?show=all").text
    assert [f'href="/alerts/{n}"' in waiting for n in (first, second)] == [False, True]
    assert [f'href="/alerts/{n}"' in everything for n in (first, second)] == [True, True]


def test_the_inbox_says_when_nobody_is_told_and_when_mails_did_not_arrive(small_site, mia):
    with small_site.database.write() as session:
        people.named(session, "mia").email = None
    assert "Nobody is told of alerts" in mia.get("/alerts").text
    with small_site.database.write() as session:
        make.user(session, "max", roles=(Role.OFFICER,), email="max@hill.example")
    opened(small_site)
    with small_site.database.write() as session:
        session.query(OutboxMessage).one().state = MailState.UNCERTAIN
    page = mia.get("/alerts").text
    assert "Nobody is told" not in page
    assert "1 mail did not arrive for certain" in page


def test_an_alert_says_what_moved_what_it_costs_and_what_to_do_next(small_site, mia):
    page = mia.get(f"/alerts/{opened(small_site)}").text
    for told in (story().sentence, "modifier 25", "Before", "Now", "Acknowledge", "evidence frozen"):
        assert told in page
    assert page.count('<svg xmlns="http://www.w3.org/2000/svg" class="chart"') == 2
    assert "style=" not in page


def test_a_manager_takes_an_alert_from_acknowledged_to_resolved(small_site, mia):
    number = opened(small_site)
    steps = {
        "acknowledge": ({}, AlertState.ACKNOWLEDGED),
        "investigate": ({}, AlertState.INVESTIGATING),
        "assign": ({"to": "mia"}, AlertState.INVESTIGATING),
        "silence": ({"until": "2030-01-01"}, AlertState.INVESTIGATING),
        "confirm": ({"reason": "9 of 20 wrong"}, AlertState.CONFIRMED),
        "resolve": ({"reason": "rolled back"}, AlertState.RESOLVED),
        "reopen": ({"reason": "it goes on"}, AlertState.OPEN),
    }
    for move, (fields, expected) in steps.items():
        answer = mia.post(f"/alerts/{number}/moves", move=move, **fields)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/alerts/{number}"), move
        assert state(small_site, number) is expected
    page = mia.get(f"/alerts/{number}").text
    assert all(said in page for said in ("9 of 20 wrong", "rolled back", "it goes on"))


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"move": "explode"}, 400, "no such step"),
        ({"move": "silence", "until": "tomorrow"}, 400, "until which day"),
        ({"move": "silence", "until": "2001-01-01"}, 400, "is past"),
        ({"move": "resolve", "reason": "  "}, 400, "Say why"),
        ({"move": "assign", "to": "nobody"}, 404, "no user nobody"),
        ({"move": "reopen", "reason": "again"}, 409, "is open already"),
    ],
)
def test_a_step_that_makes_no_sense_changes_nothing(small_site, mia, fields, status, said):
    number = opened(small_site)
    answer = mia.post(f"/alerts/{number}/moves", **fields)
    assert (answer.status_code, said in answer.text) == (status, True)
    assert state(small_site, number) is AlertState.OPEN


def test_what_was_decided_before_stands_on_the_next_alert_of_its_kind(small_site, mia):
    first = opened(small_site)
    with small_site.database.write() as session:
        alerts.dismiss(session, first, grounds=Grounds(reason=HOSTILE), by="mia", at=make.NOON)
    page = mia.get(f"/alerts/{opened(small_site)}").text
    assert "Decided before" in page
    assert f'href="/alerts/{first}"' in page
    assert HOSTILE not in page


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF"), ("html", b"<!DOCTYPE html>")])
def test_the_report_of_an_alert_is_taken_away_as_a_small_file(small_site, mia, form, begins):
    answer = mia.get(f"/alerts/{opened(small_site)}/report/{form}")
    assert answer.content.startswith(begins)
    assert f'attachment; filename="alert-1.{form}"' in answer.headers["content-disposition"]
    assert len(answer.content) < 300_000


def test_an_alert_or_a_form_of_report_that_there_is_not_is_not_found(small_site, mia):
    assert mia.get("/alerts/99").status_code == 404
    assert mia.get(f"/alerts/{opened(small_site)}/report/docx").status_code == 404


def test_an_audit_cannot_be_ordered_without_a_source(small_site, mia):
    number = opened(small_site)
    answer = mia.post(f"/alerts/{number}/audit", cases="20")
    assert answer.status_code == 404
    assert "no source" in answer.text
    assert mia.post(f"/alerts/{number}/audit", cases="many").status_code == 400


def test_a_few_cases_in_error_stand_on_the_page_and_those_who_may_open_them(small_site, mia):
    olga = small_site.logged_in("olga", Role.OFFICER)
    with small_site.database.write() as session:
        source = make.source(session, "hill")
        audit = make.audit(session, plan=make.plan(session, source=source))
        case = make.case(session, audit, make.claim(model_version="3.1"))
        reviewed(session, case, error=True)
    number = opened(small_site)
    for person, opens in ((mia, False), (olga, True)):
        page = person.get(f"/alerts/{number}").text
        assert "A few cases to look at" in page
        assert f'<a href="/audits/{audit.id}">audit {audit.id}</a>: upcoded' in page
        assert (f'<a href="/cases/{case.id}">' in page) == opens
        assert "C-1" not in page


def test_who_was_told_stands_on_the_page_with_what_became_of_each_mail(small_site, mia):
    number = opened(small_site)
    page = mia.get(f"/alerts/{number}").text
    assert "Who was told" in page
    assert ("mia@practice.example" in page, "waits" in page) == (True, True)
    for state, said in STATES.items():
        with small_site.database.write() as session:
            row = session.query(OutboxMessage).one()
            row.state, row.last_error = state, "the server refused the message (554)"
        told = mia.get(f"/alerts/{number}").text.split("Who was told")[1]
        assert said in told
        assert ("refused the message (554)" in told) == (state is not MailState.SENT)
    assert set(STATES) == set(MailState)
