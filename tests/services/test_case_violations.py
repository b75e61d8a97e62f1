"""What the guidelines say of one case: beside its codes, with citation, and as the finding that it would make."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event

from auditor.domain.claims import CodingSource, Stage
from auditor.domain.findings import ErrorType, Outcome
from auditor.guidelines.tables import GuidelineKind, Setting
from auditor.services.guidelines import case_violations, editions, importing
from auditor.services.guidelines.importing import ImportRequest
from tests import guideline_files as files
from tests import make

DAY = date(2025, 3, 5)


@pytest.fixture
def with_lists(sqlite, tmp_path):
    pairs = files.ptp(tmp_path / "2025q1.txt", [files.ptp_line("29881", "29877", indicator="0")])
    limits = files.mue(tmp_path / "mue-2025q1.csv", {"36415": (2, "3"), "99000": (0, "1")})
    addons = [["Add-on Code", "Edit Type", "Primary Code"], ["11001", 1, "11000"]]
    lists = (
        (GuidelineKind.NCCI_PTP, pairs, Setting.PRACTITIONER),
        (GuidelineKind.NCCI_MUE, limits, Setting.PRACTITIONER),
        (GuidelineKind.ADDON, files.workbook(tmp_path / "2025q1.xlsx", addons), None),
    )
    for kind, path, setting in lists:
        request = ImportRequest(kind=kind, path=path, setting=setting)
        importing.import_file(sqlite, request, by="olga", at=make.NOON)
    return sqlite


def judged(database, *codes, **fields):
    """What is said of a case with these submitted codes."""
    lines = tuple(replace(each, sequence=at) for at, each in enumerate(codes, start=1))
    claim = replace(make.claim(served_on=DAY, patient_id="P1", provider="D1", **fields), codes=lines)
    with database.write() as session:
        case = make.case(session, make.audit(session), claim)
        return case_violations.of_case(session, case, editions.imported(session), own_rules=None)


def code(text, **fields):
    return replace(make.code(**fields), code_system="CPT", code=text, stage=Stage.SUBMITTED)


def test_a_pair_is_told_at_its_column_2_line_with_citation_edition_and_the_finding_it_makes(with_lists):
    found = judged(with_lists, code("29881"), code("29877")).violations
    (pair,) = [each for each in found if each.rule == "ncci_ptp"]
    assert (pair.line, pair.code, pair.beside) == ("2", "29877", ("29881",))
    assert (pair.outcome, pair.error_type) == (Outcome.DELETE, ErrorType.UNBUNDLED)
    assert "NCCI Policy Manual" in pair.citation
    assert pair.edition == "ncci-ptp practitioner 2025q1"


def test_every_list_is_asked_once_however_many_editions_of_it_there_are(with_lists, tmp_path):
    for quarter, first in (("2025q2", "20250401"), ("2025q3", "20250701")):
        pairs = files.ptp(tmp_path / f"{quarter}.txt", [files.ptp_line("29881", "29877", first=first)])
        request = ImportRequest(kind=GuidelineKind.NCCI_PTP, path=pairs, setting=Setting.PRACTITIONER)
        importing.import_file(with_lists, request, by="olga", at=make.NOON)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(with_lists.engine, "before_cursor_execute", note)
    event.listen(with_lists._writing, "before_cursor_execute", note)
    found = judged(with_lists, code("29881"), code("29877")).violations
    assert [each.edition for each in found if each.rule == "ncci_ptp"] == ["ncci-ptp practitioner 2025q1"]
    for table in ("ptp_groups", "mue_values", "addon_pairs"):
        assert len([each for each in asked if f"FROM {table}" in each]) == 1, table


def test_units_above_a_limit_are_cut_to_it_and_a_limit_of_none_deletes(with_lists):
    found = judged(with_lists, code("36415", units=5), code("99000", units=1)).violations
    told = {each.code: (each.outcome, each.correct_units) for each in found if each.rule == "mue"}
    assert told == {"36415": (Outcome.UNITS, 2), "99000": (Outcome.DELETE, None)}


def test_units_that_several_lines_share_are_left_to_the_auditor(with_lists):
    (found,) = [
        each for each in judged(with_lists, code("36415", units=2), code("36415")).violations if each.rule == "mue"
    ]
    assert (found.outcome, found.correct_units) == (Outcome.UNITS, None)


def test_what_another_claim_of_the_day_may_hold_is_not_called_missing(with_lists):
    found = judged(with_lists, code("11001"))
    assert [each for each in found.violations if each.rule == "addon_without_primary"] == []


def test_rules_that_could_not_judge_are_named_with_their_reason(with_lists):
    found = judged(with_lists, code("29881"))
    assert ("code_validity", "code system without tables") in found.not_judged


def test_the_arm_changes_nothing_and_the_evidence_of_an_ai_is_not_read(with_lists):
    evidence = "total_time_minutes=10; problems=minimal; data=minimal; risk=minimal"
    told = []
    for arm, given in ((CodingSource.AI, evidence), (CodingSource.HUMAN, None)):
        codes = (code("99215", evidence=given), code("29881"), code("29877"))
        told.append(judged(with_lists, *codes, coding_source=arm, model_version="m" if given else None))
    assert told[0] == told[1]


def test_what_is_wrong_with_the_claim_itself_has_no_line_and_makes_no_finding(with_lists):
    found = judged(with_lists, code("29881"), coded_on=date(2025, 1, 1)).violations
    assert [(each.line, each.outcome, each.rule) for each in found] == [(None, None, "impossible_values")]
