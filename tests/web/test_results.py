"""Results and rebuttals over HTTP; both engines."""

import pytest

from auditor.domain.people import Role
from auditor.services.follow_through import rebuttals
from auditor.storage.access import CaseView
from tests import make
from tests.domain.judgements import change
from tests.services.samples import draw, drawn_audit, review
from tests.web import cases
from tests.web.test_escaping import HOSTILE


def reviewed(site) -> list[int]:
    """Two cases of cora's coding, the first with a wrong level; the third is somebody else's."""
    with site.database.write() as session:
        audit = drawn_audit(session, {"all": 100}, name="Oversight")
        claims = [cases.claim(n, coder_of_record="cora" if n < 3 else "carl") for n in (1, 2, 3)]
        made = draw(session, audit, "all", claims, population=100)
        for place, case in enumerate(made):
            review(session, case, {"l1": change("99213", rationale="One problem only.")} if place == 0 else None)
        return [case.id for case in made]


@pytest.fixture
def cora(site):
    return site.logged_in("cora", Role.CODER)


def test_the_audited_argue_a_finding_and_an_officer_upholds_it(site, cora):
    case, *_ = reviewed(site)
    page = cora.get(f"/results/{case}").text
    assert "One problem only." in page
    assert "Argue this finding" in page
    sent = cora.post(f"/results/{case}/rebuttals", line="1", text=f"Two problems. {HOSTILE}")
    assert sent.headers["location"] == f"/results/{case}"
    page = cora.get(f"/results/{case}").text
    assert "waits for an answer" in page
    assert "<img" not in page
    assert "Uphold" not in page
    olga = site.logged_in("olga", Role.OFFICER)
    assert "Rebuttal 1" in olga.get("/rebuttals").text
    assert "Uphold" in olga.get(f"/results/{case}").text
    answer = olga.post(f"/results/{case}/rebuttals/1/answer", decision="upheld", text="Two problems it is.")
    assert answer.status_code == 303
    page = cora.get(f"/results/{case}").text
    assert "After the rebuttal" in page
    assert "Two problems it is." in page
    with site.database.read() as session:
        seen = {(view.user_name, view.case_id) for view in session.query(CaseView)}
    assert ("cora", case) in seen


def test_what_was_typed_is_kept_when_it_is_refused(site, cora):
    case, clean, _ = reviewed(site)
    refused = cora.post(f"/results/{clean}/rebuttals", line="1", text="But why?", key="argue1")
    assert refused.status_code == 400
    assert "Not saved." in refused.text
    cora.post(f"/results/{case}/rebuttals", line="1", text="Two problems.")
    again = cora.post(f"/results/{case}/rebuttals", line="1", text="I said: two.", key="argue1")
    assert again.status_code == 409
    olga = site.logged_in("olga", Role.OFFICER)
    empty = olga.post(f"/results/{case}/rebuttals/1/answer", text="Yes, level 4.", key="answer1")
    assert empty.status_code == 400
    assert ">Yes, level 4.</textarea>" in empty.text


def test_nobody_sees_other_peoples_results_or_cases_under_review(site, cora):
    case, _, other = reviewed(site)
    assert cora.get(f"/results/{other}").status_code == 403
    with site.database.write() as session:
        waiting = make.case(session, drawn_audit(session, {"all": 9}), cases.claim(9, coder_of_record="cora")).id
    assert cora.get(f"/results/{waiting}").status_code == 403
    assert site.logged_in("ben", Role.AUDITOR).get(f"/results/{case}").status_code == 403
    assert cora.get("/results/99999").status_code == 404


def test_a_rebuttal_is_handed_up_and_taken_back_on_its_own_case_only(site, cora):
    case, clean, _ = reviewed(site)
    cora.post(f"/results/{case}/rebuttals", line="1", text="Two problems.")
    olga, otto = site.logged_in("olga", Role.OFFICER), site.logged_in("otto", Role.OFFICER)
    assert olga.post(f"/results/{clean}/rebuttals/1/answer", decision="upheld", text="x").status_code == 404
    olga.post(f"/results/{case}/rebuttals/1/answer", decision="overturned", text="One.")
    up = cora.post(f"/results/{case}/rebuttals/1/escalation", to="otto", text="Please look.")
    assert up.status_code == 303
    assert "Uphold" not in olga.get(f"/results/{case}").text
    assert "Uphold" in otto.get(f"/results/{case}").text
    assert cora.post(f"/results/{case}/rebuttals/1/withdrawal", text="Never mind.").status_code == 303
    with site.database.read() as session:
        assert rebuttals.numbered(session, 1).state == "withdrawn"
