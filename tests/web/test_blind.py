from dataclasses import replace

from tests import make
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
