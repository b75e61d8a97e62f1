"""Guideline violations on a case page: beside the codes, with citation, and never before a blind coding is locked."""

from dataclasses import replace
from datetime import date

import pytest

from auditor.domain.claims import CodingSource, Stage
from auditor.guidelines.tables import GuidelineKind, Setting
from auditor.services.guidelines import importing
from auditor.services.guidelines.importing import ImportRequest
from auditor.storage.cases import AuditCase
from tests import guideline_files as files
from tests import make
from tests.web import cases

DETAIL = "29877 is not payable beside 29881 on the same day, and no modifier bypasses it."


@pytest.fixture
def with_pairs(site, tmp_path):
    path = files.ptp(tmp_path / "2025q1.txt", [files.ptp_line("29881", "29877", indicator="0")])
    request = ImportRequest(kind=GuidelineKind.NCCI_PTP, path=path, setting=Setting.PRACTITIONER)
    importing.import_file(site.database, request, by="olga", at=make.NOON)
    return site


def unbundled(site, *, blind=False, arm=CodingSource.AI):
    """A case whose two codes make a pair."""
    with site.database.write() as session:
        lines = tuple(
            replace(make.code(), code_system="CPT", code=code, sequence=at, stage=Stage.SUBMITTED)
            for at, code in enumerate(("29881", "29877"), start=1)
        )
        claim = replace(cases.claim(1, coding_source=arm, served_on=date(2025, 3, 5)), codes=lines)
        case = make.case(session, make.audit(session), claim, assigned_to="anna")
        session.get_one(AuditCase, case.id).blind = blind
        return case.id


def test_a_violation_stands_beside_its_code_with_its_citation(with_pairs, anna):
    page = anna.get(f"/cases/{unbundled(with_pairs)}").text
    assert DETAIL in page
    assert "NCCI Policy Manual" in page
    assert 'data-line="2" data-violation="{' in page
    assert "1 violation by this claim alone" in page


def test_no_answer_of_a_blind_case_holds_a_violation_before_the_coding_is_locked(with_pairs, anna):
    case = unbundled(with_pairs, blind=True)
    answers = [anna.get("/review"), anna.get(f"/cases/{case}"), anna.get("/codes/notes?code=29877&code_system=CPT")]
    given = {"codes": [{"code_system": "CPT", "code": "29881", "modifiers": "", "units": None}]}
    answers.append(anna.send(f"/cases/{case}/blind", {**given, "lock": False}))
    for answer in answers:
        assert "29877 is not payable" not in answer.text
        assert "data-violation" not in answer.text
    anna.send(f"/cases/{case}/blind", {**given, "lock": True})
    assert DETAIL in anna.get(f"/cases/{case}").text


def test_violations_are_the_same_whoever_coded(with_pairs, anna):
    def panel(arm):
        page = anna.get(f"/cases/{unbundled(with_pairs, arm=arm)}").text
        return page.partition('id="violations"')[2].partition("</section>")[0]

    assert panel(CodingSource.AI) == panel(CodingSource.HUMAN)
    assert DETAIL in panel(CodingSource.AI)


def test_a_finding_made_of_a_violation_keeps_its_citation(with_pairs, anna):
    case = unbundled(with_pairs)
    judged = {"line": "2", "code_system": "CPT", "outcome": "delete", "error_type": "unbundled", "citation": "NCCI"}
    assert cases.send(anna, case, 1, 0, judged=[judged]).status_code == 200
    _, (finding,) = cases.stored(with_pairs, case)
    assert (finding.line, finding.error_type, finding.citation) == ("2", "unbundled", "NCCI")
