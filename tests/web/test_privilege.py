"""A privileged audit is there for those named on it, and for nobody else."""

import pytest

from auditor.domain.people import Role
from auditor.errors import BadInput, Conflict
from auditor.services import privilege
from tests import make
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
