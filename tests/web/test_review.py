import re
from dataclasses import replace

import pytest

from auditor.domain.audits import AuditState, DocumentationStatus, ReviewStatus
from auditor.domain.claims import CodingSource, Document, Stage
from auditor.domain.people import Role
from auditor.services import view_log
from auditor.storage.cases import AuditCase, Finding
from tests import make
from tests.web import cases
from tests.web.cases import made, send, stored
from tests.web.test_escaping import HOSTILE


def test_the_queue_shows_my_cases_and_those_of_nobody(site, anna):
    with site.database.write() as session:
        mine = cases.cases(session, 2)
        nobodys = cases.cases(session, 1, to=None)
        cases.cases(session, 1, to="ben")
        cases.cases(session, 1, documentation_status=DocumentationStatus.REQUESTED)
        cases.cases(session, 1, review_status=ReviewStatus.DONE, reviewed_by="anna")
        own = make.case(session, nobodys[0].audit, cases.claim(9, coder_of_record="Anna"))
    page = anna.get("/review").text
    assert "3 waiting · 1 paused for documents · 1 done by you" in page
    assert f'/cases/{own.id}"' not in page
    assert anna.get("/review/next").headers["location"] == f"/cases/{mine[0].id}"
    assert anna.get(f"/review/next?after={mine[0].id}").headers["location"] == f"/cases/{mine[1].id}"
    assert anna.get(f"/review/next?after={mine[1].id}").headers["location"] == f"/cases/{mine[0].id}"
    assert anna.get("/review/next?after=x").status_code == 400


def test_a_case_shows_documents_beside_codes_and_the_view_is_on_record(site, anna):
    case = made(site)
    page = anna.get(f"/cases/{case}").text
    assert "Hypertension, well controlled" in page
    assert "99214" in page
    with site.database.read() as session:
        (view,) = view_log.of_case(session, case)
    assert (view.user_name, view.route, view.address) == ("anna", "GET /cases/{case:number}", "127.0.0.1")


def test_who_or_what_coded_a_claim_is_in_no_answer(site, anna):
    answers = []
    for arm, version in ((CodingSource.AI, "model-3.1"), (CodingSource.HUMAN, None)):
        submitted = (make.code(confidence=0.97, evidence="moderate exertion"),)
        draft = tuple(replace(each, stage=Stage.AI_DRAFT) for each in submitted)
        with site.database.write() as session:
            audit = make.audit(session)
            claim = cases.claim(
                1, coding_source=arm, model_version=version, coder_of_record="walter", ai_confidence=0.97
            )
            claim = replace(claim, codes=(*draft, *submitted))
            case = make.case(session, audit, claim, assigned_to="anna").id
        pages = [anna.get("/review").text, anna.get(f"/cases/{case}").text]
        pages.append(send(anna, case, case, 0, agree_rest=True, finished=True).text)
        answers.append(re.sub(r'"saved":"[^"]*"', "", "".join(pages).replace(f"{case}", "N")))
    for told in answers:
        for word in ("model-3.1", "walter", "ai_draft", "0.97", "submitted", "coding_source"):
            assert word not in told


def test_agreeing_with_everything_and_finishing_is_two_changes(site, anna):
    case = made(site)
    first = send(anna, case, 1, 0, agree_rest=True).json()
    assert first["revision"] == 1
    assert re.fullmatch(r"\d\d:\d\d:\d\d", first["saved"])
    assert (first["done"], first["next"]) == (False, f"/review/next?after={case}")
    last = send(anna, case, 2, first["revision"], finished=True).json()
    assert last["done"]
    assert last["next"] == "/review"
    row, found = stored(site, case)
    assert (row.review_status, row.reviewed_by) == (ReviewStatus.DONE, "anna")
    assert [each.outcome for each in found] == ["agree", "agree"]


def test_a_change_carries_its_reasons_and_gets_the_policy_s_severity(site, anna):
    case = made(site)
    judged = {
        "line": "1",
        "outcome": "change",
        "correct_code": "99213",
        "rationale": HOSTILE,
        "root_cause": "template",
    }
    told = send(anna, case, 1, 0, judged=[judged]).json()
    assert "99213" in told["codes"]
    assert "<img" not in told["codes"]
    _, (finding,) = stored(site, case)
    assert (finding.error_type, finding.severity, finding.rationale) == ("upcoded", "material", HOSTILE)


def test_every_verdict_can_be_sent_and_taken_back(site, anna):
    case = made(site)
    changes = [
        {"line": "1", "outcome": "modifier", "correct_modifiers": "25"},
        {"line": "1", "outcome": "units", "correct_units": 2},
        {"line": "2", "outcome": "resequence", "correct_sequence": 1},
        {"line": "2", "outcome": "delete"},
        {"line": None, "outcome": "add", "code_system": "cpt", "correct_code": "93000"},
        {
            "line": "+1",
            "outcome": "add",
            "code_system": "CPT",
            "correct_code": "93000",
            "rationale": "tracing on file",
        },
    ]
    for revision, judged in enumerate(changes):
        assert send(anna, case, revision, revision, judged=[judged]).json()["revision"] == revision + 1
    _, found = stored(site, case)
    assert [(each.line, each.outcome) for each in found] == [("1", "units"), ("2", "delete"), ("+1", "add")]
    assert found[2].rationale == "tracing on file"
    send(anna, case, 90, 6, cleared=["1", "2", "+1"])
    assert stored(site, case)[1] == ()


def test_a_change_that_is_sent_twice_is_done_once(site, anna):
    case = made(site)
    first = send(anna, case, 1, 0, agree_rest=True)
    again = send(anna, case, 1, 0, agree_rest=True)
    assert first.json()["revision_after"] == again.json()["revision_after"] == 1
    with site.database.read() as session:
        assert session.query(Finding).count() == 2


def test_a_key_is_good_for_one_change_only(site, anna):
    case = made(site)
    send(anna, case, 1, 0, agree_rest=True)
    assert send(anna, case, 1, 1, judged=[{"line": "1", "outcome": "delete"}]).status_code == 409


def test_of_two_people_on_one_case_the_second_is_told_and_overwrites_nothing(site, anna):
    case = made(site, to=None)
    ben = site.logged_in("ben", Role.AUDITOR)
    assert send(anna, case, 1, 0, judged=[{"line": "1", "outcome": "delete"}]).status_code == 200
    told = send(ben, case, 2, 0, judged=[{"line": "1", "outcome": "agree"}])
    assert told.status_code == 409
    assert told.json()["revision"] == 1
    assert "delete" in told.json()["codes"]
    assert [each.outcome for each in stored(site, case)[1]] == ["delete"]


def test_a_case_with_a_code_unjudged_is_not_done(site, anna):
    case = made(site)
    told = send(anna, case, 1, 0, judged=[{"line": "1", "outcome": "agree"}], finished=True)
    assert told.status_code == 400
    assert told.json()["error"].startswith("code 2 has no verdict yet")
    assert stored(site, case)[0].revision == 0


def test_a_done_case_is_corrected_by_a_new_version_and_stays_done(site, anna):
    case = made(site)
    send(anna, case, 1, 0, agree_rest=True, finished=True)
    told = send(anna, case, 2, 1, judged=[{"line": "1", "outcome": "delete"}]).json()
    assert told["done"]
    assert send(anna, case, 3, 2, cleared=["1"]).status_code == 400
    with site.database.read() as session:
        kept = session.query(Finding).filter_by(case_id=case, line="1").order_by(Finding.version)
        assert [each.outcome for each in kept] == ["agree", "delete"]


def test_documents_are_requested_not_produced_and_found_again(site, anna):
    case = made(site)
    send(anna, case, 1, 0, documentation="requested")
    assert "1 paused for documents" in anna.get("/review").text
    done = send(anna, case, 2, 1, documentation="not_produced").json()
    assert (done["done"], done["documentation"]) == (True, "not_produced")
    back = send(anna, case, 3, 2, documentation="complete").json()
    assert (back["done"], back["documentation"]) == (False, "complete")


def test_other_people_s_cases_and_one_s_own_coding_stay_closed(site, anna):
    other = made(site, to="ben")
    with site.database.write() as session:
        own = make.case(session, make.audit(session), cases.claim(7, coder_of_record="ANNA")).id
    for case in (other, own):
        assert anna.get(f"/cases/{case}").status_code == 403
        assert send(anna, case, case, 0, agree_rest=True).status_code == 403
        assert anna.send(f"/cases/{case}/blind", {"codes": []}).status_code == 403
    assert anna.get("/cases/999999").status_code == 404
    assert anna.get("/cases/99999999999").status_code == 404
    olga = site.logged_in("olga", Role.OFFICER)
    assert olga.get(f"/cases/{other}").status_code == 200
    with site.database.read() as session:
        assert view_log.of_case(session, own) == []


def test_a_signed_audit_takes_no_more_findings(site, anna):
    case = made(site)
    with site.database.write() as session:
        session.get_one(AuditCase, case).audit.state = AuditState.SIGNED
    assert send(anna, case, 1, 0, agree_rest=True).status_code == 409
    assert "No case is waiting for you" in anna.get("/review").text


def test_a_session_that_ended_in_mid_review_loses_nothing(site, anna):
    case = made(site)
    site.clock.pass_by(hours=2)
    refused = send(anna, case, 1, 0, agree_rest=True)
    assert (refused.status_code, refused.json()["login"]) == (401, "/login")
    anna.log_in("anna")
    assert send(anna, case, 1, 0, agree_rest=True).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"judged": [{"line": "1", "outcome": "nonsense"}]},
        {"judged": [{"line": "9", "outcome": "agree"}]},
        {"judged": [{"line": "1", "outcome": "change"}]},
        {"judged": [{"line": "1", "outcome": "change", "correct_code": "x" * 41}]},
        {"judged": [{"line": "1", "outcome": "modifier", "correct_modifiers": "longer"}]},
        {"judged": [{"line": "1", "outcome": "agree", "rationale": "x" * 30_000}]},
        {"judged": [{"line": "1", "outcome": "delete", "rationale": "a\x00b"}]},
        {"judged": [{"line": "1", "outcome": "delete", "correct_allowed": "-1"}]},
        {"documentation": "lost"},
        {"surprise": True},
        {"revision": -1},
        {"key": "short"},
    ],
)
def test_a_change_that_makes_no_sense_is_refused_and_changes_nothing(change, small_site):
    anna, case = small_site.logged_in("anna", Role.AUDITOR), made(small_site)
    answer = anna.send(f"/cases/{case}/changes", {"key": "00000000-1", "revision": 0, **change})
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]
    assert stored(small_site, case)[0].revision == 0


def test_whatever_a_claim_holds_is_text_in_the_page(small_site):
    anna = small_site.logged_in("anna", Role.AUDITOR)
    document = Document(title=HOSTILE, text=HOSTILE, url="javascript:alert(1)")
    codes = (make.code(HOSTILE, code_system=HOSTILE, modifiers=(HOSTILE,), pointer=HOSTILE, poa=HOSTILE),)
    with small_site.database.write() as session:
        claim = make.claim("C-1", codes=codes, documents=(document,), specialty=HOSTILE, place_of_service=HOSTILE)
        claim = replace(claim, patient_sex=HOSTILE)
        case = make.case(session, make.audit(session), claim, assigned_to="anna").id
    send(anna, case, 1, 0, judged=[{"line": "1", "outcome": "delete", "rationale": HOSTILE, "citation": HOSTILE}])
    page = anna.get(f"/cases/{case}").text
    assert "<img" not in page
    assert 'href="javascript:' not in page
