"""A privileged audit is there for those named on it, and for nobody else."""

import re

import pytest

from auditor.domain.people import Role
from auditor.errors import BadInput, Conflict
from auditor.services import privilege
from auditor.services.follow_through import actions, overpayments, rebuttals
from auditor.web.app import ROUTES
from tests import make
from tests.domain.judgements import change
from tests.services.reviewed_twice import give, with_second
from tests.web import cases


@pytest.fixture
def counsel(site):
    """Two officers and an audit of three cases, all of anna, that only anna and olga may know of."""
    browsers = {name: site.logged_in(name, Role.OFFICER) for name in ("olga", "otto")}
    browsers["anna"] = site.logged_in("anna", Role.AUDITOR)
    with site.database.write() as session:
        made = cases.cases(session, 3)
        audit, case = made[0].audit_id, made[0].id
        privilege.protect(session, audit, ["Anna", "olga"], by="root", at=make.NOON)
    return browsers, audit, case


def told(answer):
    return answer.text.partition("<main")[2]


def paths(audit, case):
    return (f"/audits/{audit}", f"/audits/{audit}/cases", f"/cases/{case}")


def test_those_who_are_named_see_it(counsel):
    browsers, audit, case = counsel
    assert [browsers["olga"].get(path).status_code for path in paths(audit, case)] == [200] * 3
    assert f'href="/audits/{audit}"' in browsers["olga"].get("/audits").text
    assert f'href="/cases/{case}"' in browsers["anna"].get("/review").text


def test_to_others_it_is_not_there_in_any_list_and_under_no_number(counsel):
    browsers, audit, case = counsel
    assert "There are no audits yet" in browsers["otto"].get("/audits").text
    assert "No case is waiting" in browsers["otto"].get("/review").text
    for path in paths(audit, case):
        refused, unknown = browsers["otto"].get(path), browsers["otto"].get(path.replace("/1", "/7", 1))
        assert refused.status_code == unknown.status_code == 404
        assert told(refused) == told(unknown).replace("7", "1")
    sent = cases.send(browsers["otto"], case, 1, 0, agree_rest=True)
    assert (sent.status_code, cases.send(browsers["anna"], case, 1, 0, agree_rest=True).status_code) == (404, 200)


def test_lifted_it_is_everybodys_whose_role_covers_it(counsel, site):
    browsers, audit, case = counsel
    with site.database.write() as session:
        privilege.lift(session, audit, by="root", at=make.NOON)
    assert {browsers["otto"].get(path).status_code for path in paths(audit, case)} == {200}


def test_nobody_with_cases_of_it_is_left_out_and_somebody_is_named(counsel, site):
    _, audit, _ = counsel
    with site.database.write() as session:
        with pytest.raises(Conflict, match="anna has cases of audit"):
            privilege.protect(session, audit, ["olga"], by="root", at=make.NOON)
        with pytest.raises(BadInput, match="names at least one"):
            privilege.protect(session, audit, [], by="root", at=make.NOON)


def hidden_world(site) -> None:
    """A privileged audit 7341 with cases and whatever follows from them, beside one of the same plan and days."""
    with site.database.write() as session:
        for name, role in (("olga", Role.OFFICER), ("anna", Role.AUDITOR), ("ben", Role.AUDITOR)):
            make.user(session, name, roles=(role,))
        plan = make.plan(session, "Oversight", repeat="FREQ=YEARLY;COUNT=3", starts_on=make.FIRST_ON)
        open_one = make.audit(session, id=1, plan=plan)
        make.case(session, open_one, cases.claim(1), assigned_to="anna")
        hidden = make.audit(session, id=7341, plan=plan)
        disputed = make.case(session, hidden, cases.claim(1), id=98761, assigned_to="anna")
        with_second(session, disputed)
        give(session, disputed, {"l1": change("99213", rationale="no history")}, by="anna")
        give(session, disputed, by="ben")
        argued = make.case(session, hidden, cases.claim(2, coder_of_record="max"), id=98762, assigned_to="anna")
        give(session, argued, {"l1": change("99213")}, by="anna")
        rebuttals.argue(session, rebuttals.Argument(case_id=98762, line="1", text="No."), by="olga", at=make.NOON)
        new = actions.NewAction(title="Teach", owner="max", due_on=make.NOON.date(), audit_id=7341)
        actions.add(session, new, by="olga", at=make.NOON)
        owed = overpayments.Identified(title="Levels", identified_on=make.NOON.date(), audit_id=7341)
        overpayments.identify(session, owed, by="olga", at=make.NOON)
        make.case(session, hidden, cases.claim(3), id=98763)
        privilege.protect(session, 7341, ["anna", "ben", "olga"], by="root", at=make.NOON)


def telling(browser, paths) -> set[str]:
    """The pages that name the audit or one of its cases."""
    pages = {path: browser.get(path) for path in sorted(paths)}
    return {
        path
        for path, page in pages.items()
        if page.status_code == 200
        and re.search(r"\b(7341|9876[123])\b", page.text.partition("<main")[2] or page.text)
    }


@pytest.mark.parametrize("as_role", ["officer", "manager", "auditor", "coder"])
def test_no_page_at_all_tells_of_it_to_who_is_not_named(site, as_role):
    max_ = site.logged_in("max", *Role)
    hidden_world(site)
    numbers = {"audit": "1", "case": "1", "plan": "1", "action": "1", "overpayment": "1", "alert": "1"}
    paths = {re.sub(r"\{(\w+):number\}", lambda found: numbers.get(found[1], "1"), each.path) for each in ROUTES}
    paths |= {f"/?as={as_role}", "/audits/7341", "/cases/98761", "/results/98762", "/adjudications/98761"}
    paths |= {"/plans?year=2025", "/plans?year=2026", "/trends?by=plan", "/audits/1/cases?state=waiting"}
    paths = {path for path in paths if "{" not in path}
    assert telling(max_, paths) == set()
    with site.database.write() as session:
        privilege.lift(session, 7341, by="root", at=make.NOON)
    surely = {"/audits", "/audits/7341", "/adjudications", "/actions", "/overpayments", "/rebuttals", "/plans/1"}
    assert surely <= telling(max_, paths), "once it is lifted, the same pages tell of it"
