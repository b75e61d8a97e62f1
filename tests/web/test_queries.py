"""Provider queries in the browser, by login and by link."""

import pytest
from sqlalchemy import select

from auditor.domain.people import Role
from auditor.domain.queries import OTHER
from auditor.services import privilege, view_log
from auditor.storage.cases import AuditCase
from auditor.storage.monitors import OutboxMessage
from auditor.storage.queries import ProviderQuery
from tests import make
from tests.services.reviewed_twice import with_second
from tests.web import cases
from tests.web.test_escaping import HOSTILE

FORM = {
    "purpose": "clarify",
    "question": "Which type of heart failure was treated?",
    "indicators": "EF 35 %\nFurosemide 40 mg",
    "options": "Acute\nChronic",
    "to": "dora",
    "due": "2026-01-22",
}
INSIDE = ("heart failure", "EF 35", "C-1", "P-1")


@pytest.fixture
def case(site, anna):
    """A case of anna, and dora, who may be asked."""
    site.person("dora", Role.CODER)
    return cases.made(site)


def ask(browser, case, **fields):
    return browser.post(f"/cases/{case}/queries", **(FORM | fields))


def link(site) -> str:
    with site.database.read() as session:
        return session.scalars(select(OutboxMessage.content)).all()[0]["url"].removeprefix("http://127.0.0.1:8765")


def query_of(site) -> ProviderQuery:
    with site.database.read() as session:
        return session.scalars(select(ProviderQuery)).one()


def test_the_form_stands_beside_the_record_and_begins_with_a_template(anna, case):
    page = anna.get(f"/cases/{case}/queries?template=conflict").text
    assert "Conflicting documentation" in page
    assert "statements that differ" in page
    assert "lisinopril" in page
    assert anna.get(f"/cases/{case}/queries?template=nothing").status_code == 404


def test_a_question_is_checked_while_it_is_written_and_refused_with_what_was_typed(site, anna, case):
    bad = {"question": "Do you agree? It is an MCC."}
    told = anna.post(f"/cases/{case}/queries/check", **(FORM | bad))
    assert "take out “MCC”" in told.text
    assert "<html" not in told.text
    refused = ask(anna, case, **bad)
    assert refused.status_code == 400
    assert "take out “Do you agree”" in refused.text
    assert "Furosemide 40 mg" in refused.text
    with site.database.read() as session:
        assert session.scalars(select(ProviderQuery)).all() == []


def test_a_draft_is_changed_and_sent(site, anna, case):
    page = ask(anna, case, action="draft", question="Do you agree?").headers["location"]
    assert "Not ready to be sent" in anna.get(page).text
    assert 'name="query" value="1"' in anna.post(f"/cases/{case}/queries/redraft", **FORM, query="1").text
    assert ask(anna, case, query="1").headers["location"] == page
    assert query_of(site).state == "open"


def test_the_person_who_is_asked_answers_by_login_and_the_case_goes_on(site, anna, case):
    page = ask(anna, case).headers["location"]
    assert f'href="/cases/{case}"' not in anna.get("/review").text.partition("Paused")[0]
    dora = site.browser()
    dora.log_in("dora")
    assert f'href="{page}"' in dora.get("/queries").text
    assert "heart failure" in dora.get(page).text
    assert dora.post(f"{page}/answer", option=OTHER).status_code == 400
    assert dora.post(f"{page}/answer", option=OTHER, text="Diastolic").status_code == 303
    assert dora.post(f"{page}/answer", option="Acute").status_code == 409
    assert "Diastolic" in anna.get(page).text
    assert f'href="/cases/{case}"' in anna.get("/review").text.partition("Paused")[0]
    assert anna.post(f"{page}/end", outcome="record_amended", note="done").status_code == 303
    assert (query_of(site).state, query_of(site).answer_route) == ("closed", "login")


def test_opening_a_link_shows_and_answers_nothing(site, anna, case):
    ask(anna, case)
    scanner = site.browser()
    for _ in range(3):
        opened = scanner.get(link(site))
        assert opened.status_code == 200
        assert not [word for word in INSIDE if word in opened.text]
        assert scanner.get(f"{link(site)}/question").status_code == 405
        assert scanner.get(f"{link(site)}/sent").status_code == 405
    assert query_of(site).state == "open"
    with site.database.read() as session:
        assert {view.user_name for view in view_log.of_case(session, case)} == {"anna"}


def test_by_the_link_a_provider_reads_and_answers_and_the_view_is_logged(site, anna, case):
    ask(anna, case)
    provider, address = site.browser(), link(site)
    assert "heart failure" in provider.post(f"{address}/question").text
    refused = provider.post(f"{address}/sent", option="Perhaps")
    assert (refused.status_code, "choose one of the answers" in refused.text.lower()) == (400, True)
    assert provider.post(f"{address}/sent", option="Chronic").headers["location"] == address
    assert "was answered" in provider.get(address).text
    assert provider.post(f"{address}/sent", option="Acute").status_code == 409
    found = query_of(site)
    assert (found.answer_option, found.answered_by, found.answer_route) == ("Chronic", "dora", "link")
    with site.database.read() as session:
        seen = [(view.user_name, view.route) for view in view_log.of_case(session, case)]
    assert ("query 1", "POST /answer/{link}/question") in seen


def test_a_link_that_is_guessed_expired_or_taken_back_says_so_and_no_more(site, anna, case):
    page = ask(anna, case).headers["location"]
    address, browser = link(site), site.browser()
    assert browser.get("/answer/guessed").status_code == 404
    assert browser.post("/answer/guessed/question").status_code == 404
    site.clock.pass_by(days=60)
    assert browser.get(address).status_code == 410
    assert browser.post(f"{address}/sent", option="Chronic").status_code == 410
    site.clock.pass_by(days=-60)
    forged = browser.client.post(f"{address}/question", headers={"sec-fetch-site": "cross-site"})
    assert forged.status_code == 403
    assert anna.post(f"{page}/end", note="asked twice").status_code == 303
    assert browser.post(f"{address}/question").status_code == 410


def test_nobody_else_sees_a_query(site, anna, case):
    page = ask(anna, case).headers["location"]
    other = site.logged_in("emil", Role.CODER)
    assert other.get(page).status_code == 403
    assert page not in other.get("/queries").text
    assert other.get(f"/cases/{case}/queries").status_code == 403
    bert = site.logged_in("bert", Role.AUDITOR)
    assert bert.get(page).status_code == 403
    assert page not in bert.get("/queries").text
    assert anna.get(f"/cases/{case}/queries/77").status_code == 404
    olga = site.logged_in("olga", Role.OFFICER)
    assert page in olga.get("/queries").text
    with site.database.write() as session:
        privilege.protect(session, 1, ["anna"], by="root", at=make.NOON)
    assert page not in olga.get("/queries").text
    assert olga.get(page).status_code == 404


def test_records_are_requested_and_settled_and_a_missed_query_noted(site, anna, case):
    home = f"/cases/{case}/queries"
    anna.post(f"/cases/{case}/record", record="operative note", due="2026-02-01")
    assert "operative note" in anna.get(home).text
    assert anna.post(f"/cases/{case}/record", due="soon").status_code == 400
    anna.post(f"/cases/{case}/record/settle", produced="yes")
    assert "Ask the records room" in anna.get(home).text
    anna.post(f"/cases/{case}/missed-query", reason="type was unclear")
    assert "Noted by anna" in anna.get(home).text
    anna.post(f"/cases/{case}/missed-query", withdraw="yes")
    assert "Noted by" not in anna.get(home).text
    assert anna.post(f"/cases/{case}/missed-query", reason=" ").status_code == 400


def test_records_that_have_not_come_are_listed_and_a_second_review_asks_for_its_own(site, anna, case):
    site.person("ben", Role.AUDITOR)
    site.person("olga", Role.OFFICER)
    with site.database.write() as session:
        with_second(session, session.get_one(AuditCase, case))
    ben, olga = site.browser(), site.browser()
    ben.log_in("ben")
    olga.log_in("olga")
    home = f"/cases/{case}/queries"
    assert anna.post(f"/cases/{case}/record", due="2020-01-01").status_code == 400
    anna.post(f"/cases/{case}/record", record="operative note", due="2099-02-01")
    assert "operative note" in anna.get("/queries").text
    for page in (ben.get(home), ben.get("/queries"), ben.get(f"/cases/{case}")):
        assert page.status_code == 200
        assert "operative note" not in page.text
    ben.post(f"/cases/{case}/record", record="x-ray report", due="2099-02-02")
    assert "x-ray report" not in anna.get(home).text + anna.get("/queries").text
    for page in (olga.get(home), olga.get("/queries")):
        assert "operative note" in page.text
        assert "x-ray report" in page.text
    olga.post(f"/cases/{case}/record/settle", produced="yes")
    assert "operative note" not in olga.get("/queries").text


def test_what_people_write_is_shown_as_text(site, anna, case):
    page = ask(
        anna, case, question=HOSTILE, indicators=HOSTILE, options=f"{HOSTILE}\nChronic", email="a@b.example"
    ).headers["location"]
    anna.post(f"/cases/{case}/record", record=HOSTILE)
    anna.post(f"/cases/{case}/missed-query", reason=HOSTILE)
    provider = site.browser()
    pages = [
        anna.get(page),
        anna.get("/queries"),
        anna.get(f"/cases/{case}/queries"),
        provider.post(f"{link(site)}/question"),
        provider.post(f"{link(site)}/sent", option=OTHER, text=HOSTILE),
        anna.get(page),
    ]
    assert not [each for each in pages if HOSTILE in each.text]


def test_the_answer_is_read_on_the_case_page_beside_the_record(site, anna, case):
    ask(anna, case)
    assert "Provider query" not in anna.get(f"/cases/{case}").text
    site.browser().post(f"{link(site)}/sent", option=OTHER, text=f"Diastolic, {HOSTILE}")
    page = anna.get(f"/cases/{case}").text
    assert "Provider query 1, answered 15" in page
    assert "(Diastolic, &lt;img" in page
