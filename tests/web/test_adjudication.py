import pytest

from auditor.domain.audits import ReviewStatus
from auditor.domain.people import Role
from auditor.services import findings, seats, view_log
from auditor.storage.cases import AuditCase
from tests import make
from tests.domain.judgements import change
from tests.services.reviewed_twice import give, with_second
from tests.web import cases
from tests.web.cases import send


@pytest.fixture
def disputed(site):
    """A case on which anna and ben differ, and which cleo may decide."""
    with site.database.write() as session:
        plan = make.plan(session, auditors=["anna", "ben", "cleo"])
        case = make.case(session, make.audit(session, plan=plan), cases.claim(1), assigned_to="anna")
        with_second(session, case)
        added = {"code_system": "CPT", "correct_code": "93000"}
        give(session, case, {"l1": change("99213", rationale="no history taken"), "add1": added}, by="anna")
        give(session, case, by="ben")
        return case.id


def sent(browser, case, number, revision, **given):
    key = f"00000000-0000-4000-8000-{number:012}"
    return browser.send(f"/adjudications/{case}/changes", {"key": key, "revision": revision, **given})


def test_a_second_reviewer_works_on_an_untouched_case_and_saves_to_a_place_of_their_own(site, anna):
    with site.database.write() as session:
        case = cases.cases(session, 1)[0]
        with_second(session, case)
        case = case.id
    ben = site.logged_in("ben", Role.AUDITOR)
    send(anna, case, 1, 0, agree_rest=True)
    send(anna, case, 2, 1, finished=True)
    assert f'href="/cases/{case}"' in ben.get("/review").text
    page = ben.get(f"/cases/{case}").text
    assert "nothing changed yet" in page
    assert "no verdict" in page
    assert send(ben, case, 3, 0, judged=[{"line": "1", "outcome": "delete"}]).json()["revision"] == 1
    assert [each.outcome for each in cases.stored(site, case)[1]] == ["agree", "agree"]
    with site.database.read() as session:
        row = seats.seat_of(session, session.get_one(AuditCase, case), name="ben")
        assert [each.outcome for each in findings.current(session, case, row.review_pass)] == ["delete"]


def test_both_reviews_stand_beside_each_code_without_names(site, disputed):
    cleo = site.logged_in("cleo", Role.AUDITOR)
    assert f'href="/adjudications/{disputed}"' in cleo.get("/adjudications").text
    page = cleo.get(f"/adjudications/{disputed}").text
    assert page.count("data-take") == 4
    assert "no history taken" in page
    assert "93000" in page
    assert "anna" not in page
    assert "ben" not in page.replace("bench", "")
    with site.database.read() as session:
        assert [view.user_name for view in view_log.of_case(session, disputed)] == ["cleo"]


def test_a_decision_is_saved_step_by_step_and_ends_the_dispute(site, disputed):
    cleo = site.logged_in("cleo", Role.AUDITOR)
    judged = [{"line": "1", "outcome": "change", "correct_code": "99213", "error_type": "upcoded"}]
    assert sent(cleo, disputed, 1, 0, judged=judged, seconds=40).json()["revision"] == 1
    assert sent(cleo, disputed, 2, 0, agree_rest=True).status_code == 409
    assert sent(cleo, disputed, 3, 1, agree_rest=True).status_code == 200
    done = sent(cleo, disputed, 4, 2, finished=True, seconds=5).json()
    assert (done["done"], done["next"]) == (True, "/adjudications")
    assert "Nothing is waiting" in cleo.get("/adjudications").text
    with site.database.read() as session:
        row = seats.further_reviews(session, disputed)["adjudicated"]
        assert (row.review_status, row.reviewed_by, row.seconds_spent) == (ReviewStatus.DONE, "cleo", 45)


def test_the_time_that_reviews_took_is_told_of_the_audit(site, anna):
    case = cases.made(site)
    olga = site.logged_in("olga", Role.OFFICER)
    with site.database.read() as session:
        audit = session.get_one(AuditCase, case).audit_id
    assert "measured review" not in olga.get(f"/audits/{audit}").text
    send(anna, case, 1, 0, agree_rest=True, seconds=200)
    send(anna, case, 1, 0, agree_rest=True, seconds=200)
    send(anna, case, 2, 1, finished=True, seconds=70)
    page = olga.get(f"/audits/{audit}").text.partition("How long a review took")[2]
    assert ">4.5<" in page.partition("</table>")[0]


def test_whoever_reviewed_a_case_sees_nothing_of_the_other_review(site, anna, disputed):
    ben = site.logged_in("ben", Role.AUDITOR)
    for browser in (anna, ben):
        assert "Nothing is waiting" in browser.get("/adjudications").text
        assert browser.get(f"/adjudications/{disputed}").status_code == 403
        assert sent(browser, disputed, 1, 0, agree_rest=True).status_code == 403
    assert "99213" not in ben.get(f"/cases/{disputed}").text
    assert "93000" not in ben.get(f"/cases/{disputed}").text


def test_a_case_that_nobody_disputes_is_no_adjudication(site):
    case = cases.made(site)
    olga = site.logged_in("olga", Role.OFFICER)
    assert olga.get(f"/adjudications/{case}").status_code == 409
    assert olga.get("/adjudications/999").status_code == 404
