import re
from dataclasses import replace

from auditor.domain.claims import CodingSource, Stage
from auditor.domain.people import Role
from auditor.web.app import ROUTES
from tests import make
from tests.services.reviewed_twice import with_second
from tests.web import cases
from tests.web.cases import made, send

SECRET = "G9999"


def blind_case(site) -> int:
    codes = (make.code(SECRET, code_system="HCPCS"),)
    with site.database.write() as session:
        claim = replace(cases.claim(1), codes=codes)
        return make.case(session, make.audit(session), claim, assigned_to="anna", blind=True).id


def test_on_blind_cases_the_codes_are_in_no_answer_until_the_blind_coding_is_locked(site, anna):
    case = blind_case(site)
    coding = {"codes": [{"code_system": "cpt", "code": "99213", "modifiers": "25", "units": 1}]}
    answers = [
        anna.get("/review"),
        anna.get(f"/cases/{case}"),
        anna.send(f"/cases/{case}/blind", coding),
        anna.send(f"/cases/{case}/blind", {"codes": [], "lock": True}),
        send(anna, case, 1, 0, agree_rest=True),
        send(anna, case, 2, 0, judged=[{"line": "7", "outcome": "agree"}]),
        anna.get(f"/cases/{case}"),
    ]
    assert [each.status_code for each in answers] == [200, 200, 200, 400, 409, 409, 200]
    assert not any(SECRET in each.text for each in answers)
    assert "99213" in answers[-1].text
    assert anna.send(f"/cases/{case}/blind", coding | {"lock": True}).json()["locked"]
    shown = anna.get(f"/cases/{case}").text
    assert SECRET in shown
    assert "Your blind coding, locked" in shown
    assert send(anna, case, 3, 0, agree_rest=True).status_code == 200


def test_a_locked_blind_coding_is_never_changed_again(site, anna):
    case = blind_case(site)
    coding = {"codes": [{"code_system": "CPT", "code": "99213"}]}
    anna.send(f"/cases/{case}/blind", coding | {"lock": True})
    assert anna.send(f"/cases/{case}/blind", {"codes": []}).status_code == 409
    shown = made(site)
    assert anna.send(f"/cases/{shown}/blind", coding).status_code == 409


def test_no_route_of_all_leaks_a_blind_code_or_its_evidence(small_site):
    """Asked by somebody with every role who is also the case's auditor, whatever the route."""
    code = make.code(SECRET, code_system="HCPCS", evidence="the secret span", confidence=0.4321)
    with small_site.database.write() as session:
        plan = make.plan(session, coding_source=CodingSource.AI, auditors=["anna"])
        audit = make.audit(session, plan=plan)
        claim = replace(cases.claim(1), codes=(code, replace(code, stage=Stage.AI_DRAFT)))
        case = make.case(session, audit, claim, assigned_to="anna", blind=True)
        with_second(session, case, to="ben")
        case = case.id
    anna = small_site.logged_in("anna", *Role)
    asked = 0
    for each in ROUTES:
        path = re.sub(r"\{\w+\}", "1", re.sub(r"\{\w+:number\}", str(case), each.path))
        if "POST" in each.methods:
            if path.endswith(("/logout", "/end", "/password", "/lock")):
                continue
            answers = [anna.send(path, {}), anna.send(path, {"key": "k" * 12, "revision": 0, "agree_rest": True})]
        else:
            answers = [anna.get(path), anna.get(f"{path}?q={SECRET[:3]}&on=2025-11-03&system=&code={SECRET[:2]}")]
        for answer in answers:
            asked += 1
            told = answer.text + str(answer.headers)
            for secret in (SECRET, "secret span", "0.4321", "43.2"):
                assert secret not in told, (each.path, secret)
    assert asked > 60
    assert SECRET not in anna.get(f"/cases/{case}").text
