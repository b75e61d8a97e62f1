"""Actions and overpayments over HTTP."""

from datetime import timedelta

import pytest

from auditor.domain.people import Role
from auditor.services.follow_through import actions, overpayments
from tests import make
from tests.web.test_escaping import HOSTILE

TODAY = make.NOON.date()


@pytest.fixture
def olga(site):
    return site.logged_in("olga", Role.OFFICER)


def given(site, olga, **fields) -> int:
    with site.database.write() as session:
        audit = make.audit(session).id
    due = str(TODAY + timedelta(days=9))
    new = {"title": "Teach levels", "owner": "cora", "due_on": due, "audit_id": str(audit), "check_days": "30"}
    answer = olga.post("/actions", **(new | fields))
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].rpartition("/")[2])


def test_an_action_is_given_done_by_its_owner_and_shows_when_it_is_checked(site, olga):
    cora, carl = site.logged_in("cora", Role.CODER), site.logged_in("carl", Role.CODER)
    assert "no corrective actions yet" in olga.get("/actions").text
    number = given(site, olga, of="coder_of_record=cora", education_topic=HOSTILE)
    page = cora.get(f"/actions/{number}").text
    assert "It is done" in page
    assert "Give it up" not in page
    assert "<img" not in page
    assert carl.get(f"/actions/{number}").status_code == 403
    assert carl.post(f"/actions/{number}/done").status_code == 403
    assert cora.post(f"/actions/{number}/done", note="Read and discussed.").status_code == 303
    page = olga.get(f"/actions/{number}").text
    assert "opens by itself from 2026-02-24" in page
    assert "Read and discussed." in page
    with site.database.read() as session:
        assert actions.numbered(session, number).check_plan.approved_by == "olga"
    refused = olga.post(f"/actions/{number}/verdict", verdict="effective")
    assert (refused.status_code, "no drawn follow-up audit yet" in refused.text) == (409, True)


def test_what_was_typed_is_kept_when_an_action_is_refused(site, olga):
    site.person("cora", Role.CODER)
    for wrong, said in (({"due_on": ""}, "last day is missing"), ({"due_on": "2025-01-01"}, "is past")):
        fields = {"title": "Teach levels", "owner": "cora", "audit_id": "", "check_days": "30"} | wrong
        answer = olga.post("/actions", **fields)
        assert answer.status_code == 400
        assert said in answer.text
        assert 'value="Teach levels"' in answer.text
    number = given(site, olga)
    assert olga.post(f"/actions/{number}/change", owner="olga", due_on="2026-03-01", note="Away.").status_code == 303
    assert olga.post(f"/actions/{number}/cancellation", note="").status_code == 400
    assert olga.post(f"/actions/{number}/cancellation", note="Not needed.").status_code == 303
    assert "given up" in olga.get("/actions").text


def test_an_overpayment_is_written_down_quantified_and_returned(site, olga):
    assert "No overpayment has been identified" in olga.get("/overpayments").text
    fields = {"title": "Levels", "identified_on": str(TODAY), "investigated_from": "", "audit_id": ""}
    made = olga.post("/overpayments", **fields).headers["location"]
    assert "60 days left" in olga.get("/overpayments").text
    assert olga.post(f"{made}/investigation", on=str(TODAY)).status_code == 303
    page = olga.get(made).text
    assert "240 days left" in page
    assert "at the latest: day 180" in page
    wrong = olga.post(f"{made}/amount", dollars="much", method="claim by claim", on=str(TODAY))
    assert (wrong.status_code, "no amount of dollars" in wrong.text) == (400, True)
    assert ">claim by claim</textarea>" in wrong.text
    assert olga.post(f"{made}/amount", dollars="1,234.50", method="claim by claim", on=str(TODAY)).status_code == 303
    refused = olga.post(f"{made}/refund", dollars="5000", on=str(TODAY))
    assert (refused.status_code, "More was returned than is owed" in refused.text) == (400, True)
    assert olga.post(f"{made}/refund", dollars="1234.50", on=str(TODAY)).status_code == 303
    assert "returned in time" in olga.get("/overpayments").text
    with site.database.read() as session:
        assert overpayments.numbered(session, 1).refunded_cents == 123_450
